/* Writes to its own code: SIGSEGV. */
#include "start.h"

int main(void)
{
	say("rotext");
	asm volatile("movb $0x90, %0" : "=m"(*(char *)main));
	say("FAIL still here");
	return 1;
}
