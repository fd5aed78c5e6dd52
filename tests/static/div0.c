/* Divides by zero: SIGFPE. */
#include "start.h"

int main(void)
{
	say("div0");
	asm volatile("xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; div %%ecx" : : : "eax", "ecx", "edx");
	say("FAIL still here");
	return 1;
}
