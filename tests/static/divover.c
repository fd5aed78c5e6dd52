/* Divides the least number by -1, which has no answer: SIGFPE. Windows has another code for it than for zero. */
#include "start.h"

int main(void)
{
	say("divover");
	asm volatile("mov $0x80000000, %%eax; cltd; mov $-1, %%ecx; idiv %%ecx" : : : "eax", "ecx", "edx");
	say("FAIL still here");
	return 1;
}
