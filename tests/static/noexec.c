/* Jumps to code in memory that may not be executed: SIGSEGV. */
#include "start.h"

int main(void)
{
	say("noexec");
	char *p = map(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*p = (char)0xc3; /* ret */
	((void (*volatile)(void))p)();
	say("FAIL still here");
	return 1;
}
