/*
 * Signals at random moments: into a loop that computes with every register, into one that makes system calls. Nothing
 * may change. Argument: how many signals of each kind (default 100). Rates go to stderr.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__
#define GENERAL 15
#define VECTORS 16
#define IP REG_RIP
#else
#define GENERAL 7
#define VECTORS 8
#define IP REG_EIP
#endif

#define VDSO_SIZE 0x4000

/* What the loops start with and what they leave. Vectors are 32 bytes, of which SSE uses the first half. */
struct state {
	uint8_t vectors[VECTORS][32];
	uintptr_t general[GENERAL];
	uint8_t x87[8][10];
	uintptr_t red_zone[8];
	uintptr_t saved_sp;
	uintptr_t result;
	uint32_t rounds;
} __attribute__((aligned(32)));

static struct state start, expected, current;
static volatile sig_atomic_t wanted;
static volatile sig_atomic_t handled, outside, wrong_signal, wrong_mask;
static int avx;
static uintptr_t vdso;
static __thread int in_tls = 42;

extern char __executable_start[], etext[];

#ifdef __x86_64__
#define LOAD_GENERAL \
	"mov 512(%%rdi), %%rax\n mov 520(%%rdi), %%rbx\n mov 528(%%rdi), %%rcx\n mov 536(%%rdi), %%rdx\n" \
	"mov 544(%%rdi), %%rsi\n mov 560(%%rdi), %%rbp\n mov 568(%%rdi), %%r8\n mov 576(%%rdi), %%r9\n" \
	"mov 584(%%rdi), %%r10\n mov 592(%%rdi), %%r11\n mov 600(%%rdi), %%r12\n mov 608(%%rdi), %%r13\n" \
	"mov 616(%%rdi), %%r14\n mov 624(%%rdi), %%r15\n"
#define STORE_GENERAL \
	"mov %%rax, 512(%%rdi)\n mov %%rbx, 520(%%rdi)\n mov %%rcx, 528(%%rdi)\n mov %%rdx, 536(%%rdi)\n" \
	"mov %%rsi, 544(%%rdi)\n mov %%rbp, 560(%%rdi)\n mov %%r8, 568(%%rdi)\n mov %%r9, 576(%%rdi)\n" \
	"mov %%r10, 584(%%rdi)\n mov %%r11, 592(%%rdi)\n mov %%r12, 600(%%rdi)\n mov %%r13, 608(%%rdi)\n" \
	"mov %%r14, 616(%%rdi)\n mov %%r15, 624(%%rdi)\n"
#define EACH_VECTOR(op) \
	op(0) op(1) op(2) op(3) op(4) op(5) op(6) op(7) op(8) op(9) op(10) op(11) op(12) op(13) op(14) op(15)
#define VECTOR_AT(n) "32*" #n "(%%rdi)"
#define CLOBBERS \
	"rax", "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc", "memory", "xmm0", \
		"xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", \
		"xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)"
/* The red zone is written before and read after; flags go from one instruction to the next; %fs is read. */
#define WORK \
	"1: add %%rbx, %%rax\n adc %%rdx, %%rcx\n rcl $3, %%rsi\n sbb %%r9, %%r8\n adc %%r11, %%r10\n rol $7, %%r12\n" \
	"xor %%r13, %%r14\n lea 1(%%r15,%%r14), %%r15\n rcr $5, %%rbp\n add %%fs:tls_word@tpoff, %%rdx\n" \
	"adc -8(%%rsp), %%rbx\n xor %%rax, -64(%%rsp)\n rol $9, %%r13\n lahf\n add %%rax, %%r9\n" \
	"decl 792(%%rdi)\n jnz 1b\n"
#define RED_ZONE_IN \
	"mov 712(%%rdi), %%rax\n mov %%rax, -8(%%rsp)\n mov 720(%%rdi), %%rax\n mov %%rax, -64(%%rsp)\n" \
	"mov 728(%%rdi), %%rax\n mov %%rax, -128(%%rsp)\n"
#define RED_ZONE_OUT \
	"mov -8(%%rsp), %%rax\n mov %%rax, 712(%%rdi)\n mov -64(%%rsp), %%rax\n mov %%rax, 720(%%rdi)\n" \
	"mov -128(%%rsp), %%rax\n mov %%rax, 728(%%rdi)\n"
#define ENTER "push %%rbp\n lea -256(%%rsp), %%rsp\n" RED_ZONE_IN
#define LEAVE RED_ZONE_OUT "lea 256(%%rsp), %%rsp\n pop %%rbp\n"
#define BASE "D"
#else
#define LOAD_GENERAL \
	"mov 256(%%edi), %%eax\n mov 260(%%edi), %%ebx\n mov 264(%%edi), %%ecx\n mov 268(%%edi), %%edx\n" \
	"mov 272(%%edi), %%esi\n mov 276(%%edi), %%ebp\n"
#define STORE_GENERAL \
	"mov %%eax, 256(%%edi)\n mov %%ebx, 260(%%edi)\n mov %%ecx, 264(%%edi)\n mov %%edx, 268(%%edi)\n" \
	"mov %%esi, 272(%%edi)\n mov %%ebp, 276(%%edi)\n"
#define EACH_VECTOR(op) op(0) op(1) op(2) op(3) op(4) op(5) op(6) op(7)
#define VECTOR_AT(n) "32*" #n "(%%edi)"
#define CLOBBERS \
	"eax", "ecx", "edx", "esi", "cc", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "st", \
		"st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)"
#define WORK \
	"1: add %%ebx, %%eax\n adc %%edx, %%ecx\n rcl $3, %%esi\n sbb %%ecx, %%ebx\n adc %%eax, %%ebp\n rol $7, %%edx\n" \
	"xor %%ebp, %%esi\n lea 1(%%esi,%%ebx), %%ebx\n rcr $5, %%ebp\n add %%gs:tls_word@ntpoff, %%edx\n" \
	"adc %%esi, %%eax\n lahf\n add %%eax, %%ecx\n decl 404(%%edi)\n jnz 1b\n"
#define ENTER "push %%ebp\n push %%ebx\n"
#define LEAVE "pop %%ebx\n pop %%ebp\n"
#define BASE "D"
#endif

/* Named for the assembler. */
__thread uintptr_t tls_word = 0x1234567;

#define SSE_IN(n) "movdqa " VECTOR_AT(n) ", %%xmm" #n "\n"
#define SSE_OUT(n) "movdqa %%xmm" #n ", " VECTOR_AT(n) "\n"
#define AVX_IN(n) "vmovdqa " VECTOR_AT(n) ", %%ymm" #n "\n"
#define AVX_OUT(n) "vmovdqa %%ymm" #n ", " VECTOR_AT(n) "\n"
#define X87_IN "fninit\n fld1\n fldpi\n fldl2e\n fldl2t\n fldlg2\n fldln2\n fldz\n fld1\n"

#ifdef __x86_64__
#define X87_OUT \
	"fstpt 632(%%rdi)\n fstpt 642(%%rdi)\n fstpt 652(%%rdi)\n fstpt 662(%%rdi)\n fstpt 672(%%rdi)\n" \
	"fstpt 682(%%rdi)\n fstpt 692(%%rdi)\n fstpt 702(%%rdi)\n"
#else
#define X87_OUT \
	"fstpt 284(%%edi)\n fstpt 294(%%edi)\n fstpt 304(%%edi)\n fstpt 314(%%edi)\n fstpt 324(%%edi)\n" \
	"fstpt 334(%%edi)\n fstpt 344(%%edi)\n fstpt 354(%%edi)\n"
#endif

/* The vectors change on the way, too. */
#define SSE_WORK "paddd %%xmm1, %%xmm0\n pxor %%xmm2, %%xmm3\n mulps %%xmm5, %%xmm4\n paddq %%xmm0, %%xmm7\n fadd %%st(1)\n"
#define AVX_WORK \
	"vaddps %%ymm5, %%ymm4, %%ymm4\n vxorps %%ymm0, %%ymm1, %%ymm1\n vmulps %%ymm6, %%ymm7, %%ymm7\n fadd %%st(1)\n"

#define KERNEL(load, work, store) \
	asm volatile(ENTER X87_IN load LOAD_GENERAL work WORK work STORE_GENERAL store X87_OUT LEAVE : : BASE(&current) : CLOBBERS)

__attribute__((noinline)) static void compute(void) {
	memcpy(&current, &start, sizeof current);
	if (avx) {
		KERNEL(EACH_VECTOR(AVX_IN), AVX_WORK, EACH_VECTOR(AVX_OUT));
		asm volatile("vzeroupper");
	} else KERNEL(EACH_VECTOR(SSE_IN), SSE_WORK, EACH_VECTOR(SSE_OUT));
}

/* getppid with every register in use; those that the instruction leaves as it likes are not compared. */
#ifdef __x86_64__
#define CALLS \
	"3: mov $110, %%eax\n syscall\n cmp %%rax, 784(%%rdi)\n jne 4f\n sub $2, %%r12\n" \
	"mov $110, %%eax\n nop\n syscall\n cmp %%rax, 784(%%rdi)\n jne 4f\n" \
	"decl 792(%%rdi)\n jnz 3b\n xor %%eax, %%eax\n 4: xor %%ecx, %%ecx\n xor %%r11d, %%r11d\n"
#else
#define CALLS \
	"3: mov $64, %%eax\n int $0x80\n cmp %%eax, 400(%%edi)\n jne 4f\n sub $2, %%esi\n" \
	"mov $64, %%eax\n nop\n int $0x80\n cmp %%eax, 400(%%edi)\n jne 4f\n" \
	"decl 404(%%edi)\n jnz 3b\n xor %%eax, %%eax\n 4:\n"
#endif

__attribute__((noinline)) static void call(void) {
	memcpy(&current, &start, sizeof current);
	current.rounds /= 10;
	if (avx) {
		asm volatile(ENTER X87_IN EACH_VECTOR(AVX_IN) LOAD_GENERAL CALLS STORE_GENERAL EACH_VECTOR(AVX_OUT) X87_OUT LEAVE
			: : BASE(&current) : CLOBBERS);
		asm volatile("vzeroupper");
	} else
		asm volatile(ENTER X87_IN EACH_VECTOR(SSE_IN) LOAD_GENERAL CALLS STORE_GENERAL EACH_VECTOR(SSE_OUT) X87_OUT LEAVE
			: : BASE(&current) : CLOBBERS);
}

__attribute__((target("avx"))) static void spoil_avx(void) {
	asm volatile("vpcmpeqd %%xmm0, %%xmm0, %%xmm0\n vinsertf128 $1, %%xmm0, %%ymm0, %%ymm0\n vmovaps %%ymm0, %%ymm1\n"
		"vmovaps %%ymm0, %%ymm4\n vmovaps %%ymm0, %%ymm7" : : : "xmm0", "xmm1", "xmm4", "xmm7");
}

static timer_t timer;
static int has_timer;

static void stop_timers(void) {
	struct itimerval never = {{0, 0}, {0, 0}};
	struct itimerspec not_ever = {{0, 0}, {0, 0}};
	setitimer(ITIMER_REAL, &never, NULL);
	if (has_timer) timer_settime(timer, 0, &not_ever, NULL);
}

/* Uses everything that it may use. */
static void on_signal(int signal, siginfo_t *info, void *context) {
	ucontext_t *uc = context;
	uintptr_t ip = uc->uc_mcontext.gregs[IP];
	if ((ip < (uintptr_t)__executable_start || ip >= (uintptr_t)etext) && ip - vdso >= VDSO_SIZE) outside++;
	if (info->si_signo != signal || (signal != SIGUSR1 && signal != SIGALRM && signal != SIGRTMIN)) wrong_signal++;
	if (sigismember(&uc->uc_sigmask, signal)) wrong_mask++;
	asm volatile("fninit\n fldz\n fldz\n fldz" : : : "st");
	asm volatile("pcmpeqd %%xmm0, %%xmm0\n movdqa %%xmm0, %%xmm3\n movdqa %%xmm0, %%xmm5" : : : "xmm0", "xmm3", "xmm5");
	if (avx) spoil_avx();
	int rounding = 0x7f80;
	asm volatile("ldmxcsr %0\n std\n cld" : : "m"(rounding));
	if (handled % 16 == 0) syscall(SYS_getpid);
	in_tls++;
	/* Where a handler takes longer than the timer, nothing else would ever run. */
	if (++handled >= wanted && signal != SIGUSR1) stop_timers();
}

static double seconds(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec * 1e-9;
}

static void show_difference(void) {
	const uint8_t *a = (const uint8_t *)&expected, *b = (const uint8_t *)&current;
	for (size_t i = 0; i < sizeof expected; i += sizeof(uintptr_t)) {
		if (memcmp(a + i, b + i, sizeof(uintptr_t)) == 0) continue;
		fprintf(stderr, "offset %zu: %#zx instead of %#zx\n", i, *(const size_t *)(b + i), *(const size_t *)(a + i));
	}
}

static pid_t sender;

static void begin(const char *how) {
	pid_t self = getpid();
	if (strcmp(how, "kill") == 0) {
		sender = fork();
		if (sender != 0) return;
		for (;;) if (kill(self, SIGUSR1) != 0) _exit(0);
	} else if (strcmp(how, "setitimer") == 0) {
		struct itimerval often = {{0, 50}, {0, 50}};
		setitimer(ITIMER_REAL, &often, NULL);
	} else {
		struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
		struct itimerspec often = {{0, 50000}, {0, 50000}};
		timer_create(CLOCK_MONOTONIC, &event, &timer);
		has_timer = 1;
		timer_settime(timer, 0, &often, NULL);
	}
}

static void end(const char *how) {
	if (strcmp(how, "kill") == 0) {
		kill(sender, SIGKILL);
		waitpid(sender, NULL, 0);
		return;
	}
	stop_timers();
	if (has_timer) timer_delete(timer);
	has_timer = 0;
}

static void storm(const char *what, void (*work)(void), const char *how, int count) {
	work();
	memcpy(&expected, &current, sizeof expected);
	wanted = count;
	handled = outside = wrong_signal = wrong_mask = 0;
	int bad = 0;
	begin(how);
	double since = seconds();
	while (handled < count) {
		uint32_t mxcsr;
		work();
		asm volatile("stmxcsr %0" : "=m"(mxcsr));
		if (memcmp(&expected, &current, sizeof expected) == 0 && (mxcsr & ~0x3f) == 0x1f80) continue;
		if (bad++ == 0) show_difference();
	}
	double took = seconds() - since;
	end(how);
	printf("%s, %s: %s, corrupted %d, outside %d, wrong signal %d, wrong mask %d\n", what, how,
		handled >= count ? "enough" : "too few", bad, outside, wrong_signal, wrong_mask);
	fflush(stdout);
	fprintf(stderr, "%s, %s: %d signals in %.2f s, %.0f per second\n", what, how, (int)handled, took, handled / took);
}

int main(int argc, char **argv) {
	int count = argc > 1 ? atoi(argv[1]) : 100;
	const char *only = argc > 2 ? argv[2] : "";
	setvbuf(stdout, NULL, _IOFBF, 4096);
	__builtin_cpu_init();
	avx = __builtin_cpu_supports("avx");
	vdso = getauxval(AT_SYSINFO_EHDR);
	uint32_t seed = 1;
	for (size_t i = 0; i < sizeof start; i++) ((uint8_t *)&start)[i] = seed = seed * 1664525 + 1013904223, seed ^= seed >> 13;
	/* Floats that stay finite. */
	for (int v = 0; v < VECTORS; v++)
		for (int i = 3; i < 32; i += 4) start.vectors[v][i] = 0x3f;
	start.result = getppid();
	start.rounds = 2000;
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGRTMIN, &action, NULL);
	static const char *const ways[] = {"kill", "setitimer", "timer_create"};
	for (int i = 0; i < 3; i++) {
		if (*only && strcmp(only, ways[i]) != 0) continue;
		storm("computing", compute, ways[i], count);
		storm("calling", call, ways[i], count);
	}
	printf("tls %s\n", in_tls >= 42 + count ? "counted" : "lost");
	return 0;
}
