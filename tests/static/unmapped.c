/* Writes to a page that was unmapped: SIGSEGV. */
#include "start.h"

int main(void)
{
	say("unmapped");
	char *p = map(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*p = 1;
	check("munmap", sys(munmap, p, PAGE), 0);
	*(volatile char *)p = 2;
	say("FAIL still here");
	return 1;
}
