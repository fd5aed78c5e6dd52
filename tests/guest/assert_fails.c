/* A failed assertion ends the program with SIGABRT; what stdio holds back is lost. */
#include <assert.h>
#include <stdio.h>

int main(int argc, char **argv) {
	(void)argv;
	printf("flushed\n");
	fflush(stdout);
	printf("lost");
	assert(argc > 100);
	return 0;
}
