/* Runs int3: SIGTRAP. */
#include "start.h"

int main(void)
{
	say("trap");
	asm volatile("int3");
	say("FAIL still here");
	return 1;
}
