/* A smashed stack guard ends the program with SIGABRT (built with -fstack-protector-all). */
#include <stdio.h>
#include <string.h>

static void smash(volatile size_t size) {
	char room[16];
	memset(room, 'x', size);
	__asm__ volatile("" : : "r"(room) : "memory");
}

int main(void) {
	smash(16);
	printf("still here\n");
	fflush(stdout);
	smash(64);
	printf("not reached\n");
	return 0;
}
