/* Runs an instruction for kernels only: SIGSEGV. */
#include "start.h"

int main(void)
{
	say("hlt");
	asm volatile("hlt");
	say("FAIL still here");
	return 1;
}
