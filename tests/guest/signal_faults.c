/*
 * What the processor refuses: signal, si_code, si_addr and what the context says; handlers that jump out, that mend
 * and that do not; what blocking and ignoring such a signal comes to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__
#define IP REG_RIP
#define AX REG_RAX
#define FLAGS REG_EFL
#else
#define IP REG_EIP
#define AX REG_EAX
#define FLAGS REG_EFL
#endif

static sigjmp_buf back;
static volatile int signo, code, trapno, error, times;
static volatile uintptr_t address, ip, cr2;

static void jump(int signal, siginfo_t *info, void *context) {
	ucontext_t *uc = context;
	signo = signal, code = info->si_code, address = (uintptr_t)info->si_addr;
	ip = uc->uc_mcontext.gregs[IP];
	trapno = uc->uc_mcontext.gregs[REG_TRAPNO], error = uc->uc_mcontext.gregs[REG_ERR];
#ifdef __x86_64__
	cr2 = uc->uc_mcontext.gregs[REG_CR2];
#else
	cr2 = uc->uc_mcontext.cr2;
#endif
	times++;
	siglongjmp(back, 1);
}

static void catch(void (*handler)(int, siginfo_t *, void *), int flags) {
	static const int all[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
	for (int i = 0; i < 5; i++) sigaction(all[i], &action, NULL);
}

/* `place` is what si_addr is told relative to. */
static void show(const char *what, const volatile void *place) {
	printf("%s: signal %d code %d", what, signo, code);
	if (place == (void *)1) printf(" at ip %d", address == ip);
	else if (place) printf(" at place%+ld", (long)(address - (uintptr_t)place));
	else printf(" at %#lx", (unsigned long)address);
	printf(", trap %d", trapno);
	/* Not compared: whether the page was there by chance, and protection keys. */
	if (trapno == 14) printf(" error %d cr2 %d", error & ~33, cr2 == address);
	printf("\n");
	signo = code = 0;
}

#define TRY(what, place, ...) \
	do { \
		if (sigsetjmp(back, 1) == 0) { __VA_ARGS__; printf("%s: nothing happened\n", what); } \
		else show(what, place); \
	} while (0)

/* The address of an instruction is told by a label that the handler's ip is compared with. */
extern char at_ud2[], at_hlt[], at_div[], after_int3[], at_step[], at_mend[], after_skip[];

static void mend(int signal, siginfo_t *info, void *context) {
	(void)signal, (void)info;
	static int value = 4711;
	ucontext_t *uc = context;
	ip = uc->uc_mcontext.gregs[IP];
	if (++times == 3) uc->uc_mcontext.gregs[AX] = (greg_t)(uintptr_t)&value;
}

static void skip(int signal, siginfo_t *info, void *context) {
	(void)signal, (void)info;
	ucontext_t *uc = context;
	times++;
	uc->uc_mcontext.gregs[IP] = (greg_t)(uintptr_t)after_skip;
	uc->uc_mcontext.gregs[FLAGS] |= 0x40; /* ZF */
}

static void stop_stepping(int signal, siginfo_t *info, void *context) {
	ucontext_t *uc = context;
	signo = signal, code = info->si_code, address = (uintptr_t)info->si_addr;
	ip = uc->uc_mcontext.gregs[IP];
	uc->uc_mcontext.gregs[FLAGS] &= ~0x100;
}

static void again(int signal, siginfo_t *info, void *context) {
	(void)signal, (void)info, (void)context;
	*(volatile int *)0 = 1;
}

/* What becomes of a child that does this. */
#define CHILD(what, ...) \
	do { \
		fflush(stdout); \
		pid_t child = fork(); \
		if (child == 0) { __VA_ARGS__; _exit(7); } \
		int status; \
		waitpid(child, &status, 0); \
		printf("%s: %s %d\n", what, WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)); \
	} while (0)

#define INVALID 1
#define DIVIDE 4
#define OVERFLOW 8
#define UNDERFLOW 16
#define INEXACT 32

/* Forgets what was raised and lets these fault, in both units. */
static void unmask(int exceptions) {
	unsigned mxcsr = 0x1f80 & ~(exceptions << 7);
	unsigned short control = 0x37f & ~exceptions;
	asm volatile("fninit\n fldcw %0" : : "m"(control));
	if (__builtin_cpu_supports("sse")) asm volatile("ldmxcsr %0" : : "m"(mxcsr));
}

static const float ones[4] = {1, 1, 1, 1};
static volatile long double long_zero = 0;
static volatile double zero = 0, one = 1, big = 1e308, small = 1e-308, sink;

int main(void) {
	__builtin_cpu_init();
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	long page = sysconf(_SC_PAGESIZE);
	char *ro = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *none = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *data = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *gone = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(gone, page);
	catch(jump, 0);

	TRY("read null", NULL, sink = *(volatile char *)0);
	TRY("write null", NULL, *(volatile char *)8 = 1);
	TRY("call null", NULL, ((void (*volatile)(void))0)());
	TRY("read unmapped", gone, sink = *(volatile char *)(gone + 12));
	TRY("write unmapped", gone, *(volatile char *)(gone + 12) = 1);
	TRY("write read-only", ro, *(volatile char *)(ro + 20) = 1);
	TRY("read no access", none, sink = *(volatile char *)(none + 3));
	TRY("write text", (char *)(uintptr_t)main, *(volatile char *)(uintptr_t)main = 1);
	TRY("call data", data, ((void (*volatile)(void))(uintptr_t)(data + 5))());
	TRY("read high", NULL, sink = *(volatile char *)(intptr_t)-8);
#ifdef __x86_64__
	TRY("read kernel", NULL, sink = *(volatile char *)0xffff800000001000);
	TRY("read not canonical", NULL, sink = *(volatile char *)0x8000000000001000);
#endif
	TRY("divide", (void *)1, asm volatile("xor %%ecx, %%ecx\n mov $1, %%eax\n cltd\n at_div: idiv %%ecx" : : : "eax", "ecx", "edx"));
	printf("there %d\n", ip == (uintptr_t)at_div);
	TRY("divide overflow", (void *)1, asm volatile("mov $-1, %%ecx\n mov $0x80000000, %%eax\n cltd\n idiv %%ecx" : : : "eax", "ecx", "edx"));
	TRY("ud2", (void *)1, asm volatile("at_ud2: ud2"));
	printf("there %d\n", ip == (uintptr_t)at_ud2);
	TRY("hlt", NULL, asm volatile("at_hlt: hlt"));
	printf("there %d\n", ip == (uintptr_t)at_hlt);
	TRY("int3", NULL, asm volatile("int3\n after_int3: nop"));
	printf("behind %d\n", ip == (uintptr_t)after_int3);

	/* Floating point, both units. */
	unmask(DIVIDE);
	TRY("float divide", (void *)1, sink = one / zero; asm volatile("fwait"));
	unmask(INVALID | DIVIDE);
	TRY("float invalid", (void *)1, sink = zero / zero; asm volatile("fwait"));
	unmask(OVERFLOW);
	TRY("float overflow", (void *)1, sink = big * big; asm volatile("fwait"));
	unmask(UNDERFLOW);
	TRY("float underflow", (void *)1, sink = small * small; asm volatile("fwait"));
	unmask(INEXACT);
	TRY("float inexact", (void *)1, sink = one / 3; asm volatile("fwait"));
	unmask(DIVIDE);
	TRY("x87 divide", (void *)1, long_zero = one / long_zero; asm volatile("fwait"));
	unmask(DIVIDE);
	TRY("vector divide", (void *)1, asm volatile("xorps %%xmm1, %%xmm1\n movups %0, %%xmm0\n divps %%xmm1, %%xmm0" : : "m"(ones) : "xmm0", "xmm1"));
	unmask(0);

	/* A handler that mends: the instruction is tried again until it works. */
	catch(mend, 0);
	int value;
	times = 0;
	asm volatile("at_mend: movl (%1), %0" : "=r"(value) : "a"((void *)16));
	printf("mended: %d after %d, there %d\n", value, times, ip == (uintptr_t)at_mend);
	catch(skip, 0);
	times = 0;
	unsigned char equal;
	asm volatile("or $1, %%eax\n mov %%eax, 16\n after_skip: sete %0" : "=q"(equal) : : "eax", "memory");
	printf("skipped: %d, flag %d\n", times, equal);
	catch(stop_stepping, 0);
#ifdef __x86_64__
	asm volatile("sub $256, %%rsp\n pushfq\n orl $0x100, (%%rsp)\n popfq\n nop\n at_step: nop\n add $256, %%rsp" : : : "cc", "memory");
#else
	asm volatile("pushfl\n orl $0x100, (%%esp)\n popfl\n nop\n at_step: nop" : : : "cc", "memory");
#endif
	printf("step: signal %d code %d at ip %d, there %d\n", signo, code, address == ip, ip == (uintptr_t)at_step);

	/* Out of a handler many times. */
	catch(jump, 0);
	times = 0;
	for (volatile int i = 0; i < 200; i++)
		if (sigsetjmp(back, 1) == 0) *(volatile int *)(intptr_t)(i * 4) = i;
	printf("jumped out: %d\n", times);

	/* No way around it. */
	sigset_t segv;
	sigemptyset(&segv);
	sigaddset(&segv, SIGSEGV);
	CHILD("blocked", sigprocmask(SIG_BLOCK, &segv, NULL); *(volatile int *)0 = 1);
	CHILD("ignored", signal(SIGSEGV, SIG_IGN); *(volatile int *)0 = 1);
	CHILD("ignored divide", signal(SIGFPE, SIG_IGN); asm volatile("xor %%ecx, %%ecx\n idiv %%ecx" : : : "eax", "ecx", "edx"));
	CHILD("default", signal(SIGSEGV, SIG_DFL); *(volatile int *)0 = 1);
	CHILD("in its handler", catch(again, 0); *(volatile int *)0 = 1);
	CHILD("reset", catch(mend, SA_RESETHAND); *(volatile int *)0 = 1);
	CHILD("no stack", asm volatile("mov $64, %%eax\n"
#ifdef __x86_64__
		"mov %%rax, %%rsp\n push %%rax"
#else
		"mov %%eax, %%esp\n push %%eax"
#endif
		: : : "eax", "memory"));
	CHILD("sent and ignored", signal(SIGSEGV, SIG_IGN); kill(getpid(), SIGSEGV));
	CHILD("abort with a handler", catch(mend, 0); abort());
	return 0;
}
