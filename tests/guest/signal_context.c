/*
 * The frame of a handler: general, vector and x87 registers as the interrupted code had them, in the places that Linux
 * puts them; what the handler changes there is what the code goes on with.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__
#define NREGS 17
static const int order[NREGS] = {REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8, REG_R9,
	REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
#define IP REG_RIP
#define SP REG_RSP
#else
#define NREGS 9
static const int order[NREGS] = {REG_EAX, REG_EBX, REG_ECX, REG_EDX, REG_ESI, REG_EDI, REG_EBP, REG_ESP, REG_EIP};
#define IP REG_EIP
#define SP REG_ESP
#endif

static uintptr_t in[16], seen[NREGS], out[16];
static uint8_t vector[16] __attribute__((aligned(16))), seen_vector[16], out_vector[16] __attribute__((aligned(16)));
static double seen_st0, out_st0;
static int info_signo, info_code, context_ok, flags_ok, fp_ok, direction, extended;
static uintptr_t stack_alignment, handler_sp;
extern char at_fault[], behind_fault[];

#define AX_IN 0x1122334455667788

static void handler(int signal, siginfo_t *info, void *context) {
	ucontext_t *uc = context;
	uintptr_t flags;
	asm volatile("pushf\n pop %0" : "=r"(flags));
	direction = flags >> 10 & 1;
	handler_sp = (uintptr_t)__builtin_frame_address(0);
	/* By the psABI, the stack was 16-aligned before the return address of the call was pushed. */
	stack_alignment = ((uintptr_t)__builtin_frame_address(0) + 2 * sizeof(uintptr_t)) & 15;
	info_signo = info->si_signo == signal;
	info_code = info->si_code;
	for (int i = 0; i < NREGS; i++) seen[i] = uc->uc_mcontext.gregs[order[i]];
	flags_ok = (uc->uc_mcontext.gregs[REG_EFL] & 0xcd5) == (0x400 | 0x55);
	context_ok = uc->uc_link == NULL && !sigismember(&uc->uc_sigmask, signal) && sigismember(&uc->uc_sigmask, SIGWINCH);
	uint8_t *fp = (uint8_t *)uc->uc_mcontext.fpregs;
	long double st0;
#ifdef __x86_64__
	uint8_t *fx = fp, *st = fx + 32;
	fp_ok = *(uint16_t *)fx == 0x37f;
#else
	uint8_t *fx = fp + 112, *st = fp + 28;
	fp_ok = *(uint16_t *)fp == 0x37f && *(uint16_t *)(fp + 8) == 0x3fff;
#endif
	fp_ok &= *(uint32_t *)(fx + 24) == 0x1f80;
	memcpy(seen_vector, fx + 160 + 3 * 16, 16);
	memcpy(&st0, st, 10);
	seen_st0 = st0;
	uint32_t *reserved = (uint32_t *)(fx + 464);
	extended = reserved[0] == 0x46505853 && *(uint32_t *)(fp + reserved[1] - 4) == 0x46505845;
	/* What it goes on with. */
	memset(fx + 160 + 3 * 16, 0x5a, 16);
	st0 = 2.5;
	memcpy(st, &st0, 10);
	for (int i = 0; i < NREGS; i++)
		if (order[i] != SP && order[i] != IP) uc->uc_mcontext.gregs[order[i]] += 0x01010101 * (i + 1);
	uc->uc_mcontext.gregs[IP] = (greg_t)(uintptr_t)behind_fault;
	uc->uc_mcontext.gregs[REG_EFL] &= ~0x401; /* DF and CF */
	asm volatile("pcmpeqd %%xmm3, %%xmm3\n fninit\n fldz\n fldz" : : : "xmm3", "st");
}

#ifdef __x86_64__
static void run(void) {
	asm volatile(
		"push %%rbp\n mov %%rsp, %1\n lea -512(%%rsp), %%rsp\n fninit\n fld1\n fadd %%st(0)\n movdqa %2, %%xmm3\n"
		"mov $0x1111111111111111, %%rax\n mov $0x2222222222222222, %%rbx\n mov $0x3333333333333333, %%rcx\n"
		"mov $0x4444444444444444, %%rdx\n mov $0x5555555555555555, %%rsi\n mov $0x6666666666666666, %%rdi\n"
		"mov $0x7777777777777777, %%rbp\n mov $0x8888888888888888, %%r8\n mov $0x9999999999999999, %%r9\n"
		"mov $0xaaaaaaaaaaaaaaaa, %%r10\n mov $0xbbbbbbbbbbbbbbbb, %%r11\n mov $0xcccccccccccccccc, %%r12\n"
		"mov $0xdddddddddddddddd, %%r13\n mov $0xeeeeeeeeeeeeeeee, %%r14\n mov $0xf0f0f0f0f0f0f0f0, %%r15\n"
		"movl $0x12345678, -8(%%rsp)\n push $0x455\n popf\n std\n"
		"at_fault: ud2\n behind_fault: lea 512(%%rsp), %%rsp\n"
		"mov %%rax, %0\n mov %%rbx, 8+%0\n mov %%rcx, 16+%0\n mov %%rdx, 24+%0\n mov %%rsi, 32+%0\n mov %%rdi, 40+%0\n"
		"mov %%rbp, 48+%0\n mov %%r8, 56+%0\n mov %%r9, 64+%0\n mov %%r10, 72+%0\n mov %%r11, 80+%0\n mov %%r12, 88+%0\n"
		"mov %%r13, 96+%0\n mov %%r14, 104+%0\n mov %%r15, 112+%0\n pushf\n pop %%rax\n mov %%rax, 120+%0\n"
		"cld\n movdqa %%xmm3, %3\n fstpl %4\n pop %%rbp"
		: "=m"(out), "=m"(in[0]), "+m"(vector), "=m"(out_vector), "=m"(out_st0) : : "rax", "rbx", "rcx", "rdx", "rsi", "rdi",
		"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm3", "st", "cc", "memory");
}
#else
static void run(void) {
	asm volatile(
		"push %%ebp\n push %%ebx\n mov %%esp, %1\n lea -512(%%esp), %%esp\n fninit\n fld1\n fadd %%st(0)\n movdqa %2, %%xmm3\n"
		"mov $0x11111111, %%eax\n mov $0x22222222, %%ebx\n mov $0x33333333, %%ecx\n mov $0x44444444, %%edx\n"
		"mov $0x55555555, %%esi\n mov $0x66666666, %%edi\n mov $0x77777777, %%ebp\n push $0x455\n popf\n std\n"
		"at_fault: ud2\n behind_fault: lea 512(%%esp), %%esp\n"
		"mov %%eax, %0\n mov %%ebx, 4+%0\n mov %%ecx, 8+%0\n mov %%edx, 12+%0\n mov %%esi, 16+%0\n mov %%edi, 20+%0\n"
		"mov %%ebp, 24+%0\n pushf\n pop %%eax\n mov %%eax, 60+%0\n cld\n movdqa %%xmm3, %3\n fstpl %4\n pop %%ebx\n pop %%ebp"
		: "=m"(out), "=m"(in[0]), "+m"(vector), "=m"(out_vector), "=m"(out_st0) : : "eax", "ecx", "edx", "esi", "edi", "xmm3",
		"st", "cc", "memory");
}

/* The frame without siginfo: struct sigcontext lies above the signal's number. */
static unsigned long plain_ax, plain_ip;
static void plain(int signal, struct sigcontext context) {
	(void)signal;
	plain_ax = context.eax, plain_ip = context.eip;
	((volatile struct sigcontext *)&context)->eip = (unsigned long)behind_fault;
	((volatile struct sigcontext *)&context)->ecx = 0x87654321;
}

/* A restorer is not asked for: the kernel has one. */
struct kernel_action { void *handler; unsigned long flags; void *restorer; unsigned long mask[2]; };
#endif

int main(void) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	for (int i = 0; i < 16; i++) vector[i] = i * 17;
	sigset_t block;
	sigemptyset(&block);
	sigaddset(&block, SIGWINCH);
	sigprocmask(SIG_BLOCK, &block, NULL);
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	sigaction(SIGILL, &action, NULL);
	run();
	printf("signal %d code %d context %d flags %d direction %d\n", info_signo, info_code, context_ok, flags_ok, direction);
	printf("stack aligned %d, below %d\n", stack_alignment == 0, handler_sp < seen[7]);
	for (int i = 0; i < NREGS; i++)
		if (order[i] == IP) printf("ip %d\n", seen[i] == (uintptr_t)at_fault);
		else if (order[i] == SP) printf("sp %d\n", seen[i] == in[0] - 512);
		else printf("saw %#lx\n", (unsigned long)seen[i]);
	printf("vector %d, st0 %g, float %d, extended %d\n", memcmp(vector, seen_vector, 16) == 0, seen_st0, fp_ok, extended);
	for (int i = 0; i < NREGS - 2; i++) printf("got %#lx\n", (unsigned long)out[i]);
	printf("flags %#lx\n", (unsigned long)out[15] & 0xcd5);
	printf("vector %#x, st0 %g\n", out_vector[7], out_st0);
#ifdef __i386__
	struct kernel_action without = {plain, 0, NULL, {0, 0}};
	int result = syscall(SYS_rt_sigaction, SIGILL, &without, NULL, 8);
	run();
	printf("plain %d: %#lx, ip %d, got %#lx\n", result, plain_ax, plain_ip == (uintptr_t)at_fault, (unsigned long)out[2]);
	without = (struct kernel_action){handler, SA_SIGINFO, NULL, {0, 0}};
	result = syscall(SYS_rt_sigaction, SIGILL, &without, NULL, 8);
	run();
	printf("no restorer %d: %#lx\n", result, (unsigned long)out[0]);
#endif
	return 0;
}
