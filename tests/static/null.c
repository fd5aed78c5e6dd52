/* Reads address 0: SIGSEGV. */
#include "start.h"

int main(void)
{
	say("null");
	asm volatile("mov 0, %%eax" : : : "eax");
	say("FAIL still here");
	return 1;
}
