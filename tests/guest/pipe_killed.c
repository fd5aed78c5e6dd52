/* A write without readers ends the program by SIGPIPE. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
	int ends[2];
	pipe(ends);
	close(ends[0]);
	printf("writing\n");
	fflush(stdout);
	write(ends[1], "x", 1);
	printf("not reached\n");
	return 0;
}
