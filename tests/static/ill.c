/* Runs ud2: SIGILL. */
#include "start.h"

int main(void)
{
	say("ill");
	asm volatile("ud2");
	say("FAIL still here");
	return 1;
}
