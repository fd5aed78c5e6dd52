/* Reads %gs:0 with no TLS set up: SIGSEGV, for x86-64's base is 0 and i386's selector null. */
#include "start.h"

int main(void)
{
	say("gsnull");
	asm volatile("mov %%gs:0, %%eax" : : : "eax");
	say("FAIL still here");
	return 1;
}
