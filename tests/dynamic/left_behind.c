/*
 * A program finds nothing of the code of the one that became it, at the addresses it had there. Where addresses are few
 * (i386) its own could be the same by chance: there it does not look.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static sigjmp_buf out;

static void on_fault(int signal) {
	siglongjmp(out, signal);
}

static const char *touch(const char *address) {
	int signal = sigsetjmp(out, 1);
	if (signal) return strsignal(signal);
	volatile unsigned char *at = (void *)strtoul(address, NULL, 16);
	return *at ? "there" : "zero";
}

int main(int argc, char **argv) {
	char own[20], library[20];
	signal(SIGSEGV, on_fault);
	if (argc == 1) {
		void *math = dlopen("libm.so.6", RTLD_NOW), *cosine = math ? dlsym(math, "cos") : NULL;
		sprintf(own, "%lx", (unsigned long)main);
		sprintf(library, "%lx", (unsigned long)(cosine ? cosine : (void *)8));
		if (!cosine || !strcmp(touch(library), "there")) printf("the program: %s\n", touch(own));
		fflush(stdout);
		FILE *from = fopen(argv[0], "r"), *to = fopen("other", "w");
		for (int c; (c = getc(from)) != EOF;) putc(c, to);
		fclose(to);
		system("chmod +x other");
		execl("./other", "other", own, library, (char *)NULL);
		return 1;
	}
	if (sizeof(long) == 4) strcpy(argv[1], "8"), strcpy(argv[2], "8");
	printf("its code: %s\n", touch(argv[1]));
	printf("its library: %s\n", touch(argv[2]));
	return 0;
}
