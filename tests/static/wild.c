/* Reads an address no program can have, on x86-64 one that is not even canonical: SIGSEGV. */
#include "start.h"

int main(void)
{
	say("wild");
	volatile int *volatile p = (int *)(sizeof(long) == 8 ? 1UL << 63 : -PAGE);
	(void)*p;
	say("FAIL still here");
	return 1;
}
