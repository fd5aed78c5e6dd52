/* LD_PRELOAD: another library's functions come first, and find the ones they hide. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int preloaded(void) __attribute__((weak));

int main(void) {
	printf("preloaded: %d\n", preloaded ? preloaded() : 0);
	char *text = strdup("some text");
	printf("%s %d\n", text, atoi("12"));
	free(text);
	return 0;
}
