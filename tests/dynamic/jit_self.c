/* Code that changes the page it lies in: the instruction behind, itself bit by bit, and what it was unpacked from. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, RWX = PROT_READ | PROT_WRITE | PROT_EXEC };

/* Calls code that has its pointer in %edi, which is not the caller's any more. */
static __attribute__((noinline)) int call(unsigned char *code, unsigned char *pointer) {
#ifdef __x86_64__
	return ((int (*)(unsigned char *))code)(pointer);
#else
	int result;
	__asm__ volatile("call *%3" : "=a"(result), "+D"(pointer) : "0"(0), "r"(code) : "ecx", "edx", "cc", "memory");
	return result;
#endif
}

#ifdef __x86_64__
#define CALL 0x0f, 0x05
#else
#define CALL 0xcd, 0x80
#endif

static volatile int ticks;
static sigjmp_buf back;

static void on_signal(int signal) {
	if (signal == SIGALRM) ticks++;
	else siglongjmp(back, signal);
}

int main(void) {
	unsigned char *p = mmap(NULL, 2 * PAGE, RWX, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* movb $42, (pointer); mov $0, %eax; ret */
	static const unsigned char behind[] = { 0xc6, 0x07, 42, 0xb8, 0, 0, 0, 0, 0xc3 };
	memcpy(p, behind, sizeof behind);
	printf("behind: %d\n", call(p, p + sizeof behind - 5));

	/* mov $0, %eax, whose number every run makes one more: incl (pointer) */
	static const unsigned char counter[] = { 0xff, 0x07, 0xb8, 0, 0, 0, 0, 0xc3 };
	memcpy(p, counter, sizeof counter);
	int last = 0;
	for (int i = 0; i < 40; i++) last = call(p, p + sizeof counter - 5);
	printf("counted: %d\n", last);

	/* mov $n, %ecx; 1: xorb $0x55, (pointer); inc %edi; loop 1b; then what came out: a system call by its number */
	static const unsigned char loop[] = { 0xb9, 8, 0, 0, 0, 0x80, 0x37, 0x55,
#ifdef __x86_64__
		0x48,
#endif
		0xff, 0xc7, 0xe2, 0xf8 - (sizeof(long) == 4 ? -1 : 0) };
	static const unsigned char hidden[] = { 0xb8, SYS_getpid, 0, 0, 0, CALL, 0xc3 };
	for (int round = 0; round < 3; round++) {
		memcpy(p, loop, sizeof loop);
		for (unsigned i = 0; i < sizeof hidden; i++) p[sizeof loop + i] = hidden[i] ^ 0x55;
		printf("unpacked: %d\n", call(p, p + sizeof loop) == getpid());
	}

	/* mov $90, %al; mov $n, %ecx; rep stosb: over what is behind, up to a mov $7, %eax; ret */
	static const unsigned char fill[] = { 0xb0, 0x90, 0xb9, 32, 0, 0, 0, 0xf3, 0xaa };
	static const unsigned char end[] = { 0xb8, 7, 0, 0, 0, 0xc3 };
	memcpy(p, fill, sizeof fill);
	memset(p + sizeof fill, 0x0f, 32);
	memcpy(p + sizeof fill + 32, end, sizeof end);
	printf("filled: %d\n", call(p, p + sizeof fill));

	/* With signals meanwhile, and across the border of two pages. */
	signal(SIGALRM, on_signal);
	struct { long words[4]; } every = { { 0, 1000, 0, 1000 } };
	syscall(SYS_setitimer, 0, &every, NULL);
	memcpy(p + PAGE - 6, counter, sizeof counter);
	for (int i = 0; i < 40 || ticks < 3; i++) last = call(p + PAGE - 6, p + PAGE - 6 + sizeof counter - 5);
	memset(&every, 0, sizeof every);
	syscall(SYS_setitimer, 0, &every, NULL);
	printf("across: %d\n", last >= 40);

	/* A page that may not be written to: the store is the guest's fault. */
	signal(SIGSEGV, on_signal);
	mprotect(p, 2 * PAGE, PROT_READ | PROT_EXEC);
	int caught = sigsetjmp(back, 1);
	if (caught == 0) call(p + PAGE - 6, p + PAGE);
	printf("protected: %d\n", caught);
	return 0;
}
