/* atexit(3), on_exit(3), constructors and destructors, flushing at exit. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void early(void) { printf("constructor\n"); }
__attribute__((constructor(101))) static void earliest(void) { printf("first constructor\n"); }
__attribute__((destructor)) static void late(void) { printf("destructor\n"); }
__attribute__((destructor(101))) static void latest(void) { printf("last destructor\n"); }

static void one(void) { printf("one\n"); }
static void added_late(void) { printf("added late\n"); }
static void two(void) { printf("two\n"), atexit(added_late); }
static void counted(void) { static int n; if (++n == 40) printf("forty\n"); }

int main(void) {
	atexit(one);
	atexit(two);
	for (int i = 0; i < 40; i++) atexit(counted);
	printf("main");
	exit(0x1234);
}
