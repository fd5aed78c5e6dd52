/* Code made at run time: written then protected, both at once, on many pages, changed while it is used, thrown away. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, RW = PROT_READ | PROT_WRITE, RX = PROT_READ | PROT_EXEC, RWX = RW | PROT_EXEC };

static unsigned char *pages(int count, int prot) {
	return mmap(NULL, count * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* mov $value, %eax; ret */
static int put(unsigned char *at, int32_t value) {
	at[0] = 0xb8;
	memcpy(at + 1, &value, 4);
	at[5] = 0xc3;
	return 6;
}

/* A system call by its number; the number comes last, so that no mov stands before the call. */
static int put_call(unsigned char *at, int number) {
#ifdef __x86_64__
	static const unsigned char code[] = { 0x31, 0xc0, 0xb0, 0, 0x0f, 0x05, 0xc3 };
#else
	static const unsigned char code[] = { 0x31, 0xc0, 0xb0, 0, 0xcd, 0x80, 0xc3 };
#endif
	memcpy(at, code, sizeof code);
	at[3] = number;
	return sizeof code;
}

/* The thread's own address, as the ABI keeps it at the start of its block. */
static int put_thread(unsigned char *at) {
#ifdef __x86_64__
	static const unsigned char code[] = { 0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0xc3 };
#else
	static const unsigned char code[] = { 0x65, 0xa1, 0, 0, 0, 0, 0xc3 };
#endif
	memcpy(at, code, sizeof code);
	return sizeof code;
}

static long run(void *at) { return ((long (*)(void))at)(); }
static int run_int(void *at) { return ((int (*)(void))at)(); }

int main(void) {
	unsigned char *p = pages(1, RW);
	put(p, 1234);
	mprotect(p, PAGE, RX);
	printf("written, then run: %d\n", run_int(p));
	mprotect(p, PAGE, RW);
	put(p, 5678);
	mprotect(p, PAGE, RX);
	printf("changed: %d\n", run_int(p));
	printf("readable: %02x %d\n", p[0], p[1] | p[2] << 8);
	munmap(p, PAGE);

	p = pages(4, RWX);
	int good = 0;
	for (int round = 0; round < 40; round++) {
		put(p + round * 100, round * 3);
		good += run_int(p + round * 100) == round * 3;
	}
	printf("written and run in turn: %d\n", good);
	put_call(p, SYS_getppid);
	printf("a call of its own: %d\n", run(p) == getppid());
	put_call(p + PAGE - 5, SYS_getpid);
	printf("across pages: %d\n", run(p + PAGE - 5) == getpid());
	put_thread(p + 2 * PAGE - 4);
	long self = run(p + 2 * PAGE - 4);
	printf("the thread's block: %d\n", self != 0 && *(long *)self == self);
	unsigned char before[16];
	put_call(before, SYS_getpid);
	put_call(p, SYS_getpid), run(p);
	printf("both again: %d %d\n", run(p) == getpid(), run(p + 2 * PAGE - 4) == self);

	/* Reading into memory that has been run. */
	int ends[2];
	pipe(ends);
	unsigned char code[8];
	write(ends[1], code, put(code, 99));
	read(ends[0], p, 6);
	printf("read into it: %d\n", run_int(p));

	/* Code that writes beside itself: mov $7, %eax; mov %al, (next page); ret. And that next page is run. */
	long next = (long)p + PAGE;
	put(p + PAGE, 0x100);
	printf("beside it: %d", run_int(p + PAGE));
#ifdef __x86_64__
	static const unsigned char start[] = { 0xb8, 7, 0, 0, 0, 0x48, 0xb9 }, end[] = { 0x88, 0x41, 0x01, 0xc3 };
#else
	static const unsigned char start[] = { 0xb8, 7, 0, 0, 0, 0xb9 }, end[] = { 0x88, 0x41, 0x01, 0xc3 };
#endif
	memcpy(p, start, sizeof start);
	memcpy(p + sizeof start, &next, sizeof next);
	memcpy(p + sizeof start + sizeof next, end, sizeof end);
	run_int(p + PAGE);
	printf(" %d", run_int(p));
	printf(" %d\n", run_int(p + PAGE));
	munmap(p, 4 * PAGE);

	/* Much of it: a function on each of many pages, each calling the next. */
	enum { COUNT = 300 };
	p = pages(COUNT, RW);
	for (int i = 0; i < COUNT; i++) {
		unsigned char *at = p + i * PAGE + i * 11 % 4000;
		if (i + 1 == COUNT) {
			put(at, 1);
			break;
		}
		unsigned char *next = p + (i + 1) * PAGE + (i + 1) * 11 % 4000;
		int32_t distance = next - (at + 5);
		at[0] = 0xe8, memcpy(at + 1, &distance, 4);                  /* call next */
		at[5] = 0xff, at[6] = 0xc0, at[7] = 0xc3;                    /* inc %eax; ret */
	}
	mprotect(p, COUNT * PAGE, RX);
	printf("many pages: %d\n", run_int(p));
	munmap(p + PAGE, 10 * PAGE);
	printf("after a hole: %d\n", run_int(p + 20 * PAGE + 220));
	munmap(p, COUNT * PAGE);
	return 0;
}
