/* Calls address 0: SIGSEGV with the instruction pointer itself astray. */
#include "start.h"

int main(void)
{
	say("nullcall");
	void (*volatile f)(void) = 0;
	f();
	say("FAIL still here");
	return 1;
}
