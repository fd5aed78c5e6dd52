#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

int preloaded(void) { return 1; }

int atoi(const char *text) {
	int (*hidden)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "atoi");
	return hidden(text) + 1000;
}
