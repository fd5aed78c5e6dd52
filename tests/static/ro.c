/* Writes to a constant: SIGSEGV. */
#include "start.h"

static const int constant = 42;

int main(void)
{
	say("ro");
	check("readable", *(volatile const int *)&constant, 42);
	*(volatile int *)&constant = 1;
	say("FAIL still here");
	return 1;
}
