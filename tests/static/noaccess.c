/* Reads a page that was made PROT_NONE: SIGSEGV. */
#include "start.h"

int main(void)
{
	say("noaccess");
	char *p = map(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*p = 1;
	check("mprotect", sys(mprotect, p, PAGE, PROT_NONE), 0);
	(void)*(volatile char *)p;
	say("FAIL still here");
	return 1;
}
