/* A system call changes no register but those the ABI names: general, x87, SSE, and AVX where there is one. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CALLS = 50 };

static uint8_t before[32 * 16] __attribute__((aligned(64))), after[sizeof before] __attribute__((aligned(64)));

#ifdef __x86_64__
#define VECTORS 16
#define CALL "syscall"
#else
#define VECTORS 8
#define CALL "int $0x80"
#endif
#define EACH8(f) f(0) f(1) f(2) f(3) f(4) f(5) f(6) f(7)
#ifdef __x86_64__
#define EACH(f) EACH8(f) f(8) f(9) f(10) f(11) f(12) f(13) f(14) f(15)
#else
#define EACH(f) EACH8(f)
#endif
#define LOAD_X(n) "movdqu " #n "*16(%[in]), %%xmm" #n "\n"
#define SAVE_X(n) "movdqu %%xmm" #n ", " #n "*16(%[out])\n"
#define LOAD_Y(n) "vmovdqu " #n "*32(%[in]), %%ymm" #n "\n"
#define SAVE_Y(n) "vmovdqu %%ymm" #n ", " #n "*32(%[out])\n"
#define CLOBBER "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7" MORE
#ifdef __x86_64__
#define MORE , "rcx", "r11", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#else
#define MORE
#endif

static void sse(void) {
	long nr = SYS_getppid;
	__asm__ volatile(EACH(LOAD_X) CALL "\n" EACH(SAVE_X) : "+a"(nr) : [in] "S"(before), [out] "D"(after) : CLOBBER);
}

static void avx(void) {
	long nr = SYS_getppid;
	__asm__ volatile(EACH(LOAD_Y) CALL "\n" EACH(SAVE_Y) "vzeroupper" : "+a"(nr) : [in] "S"(before), [out] "D"(after) : CLOBBER);
}

static void x87(void) {
	long nr = SYS_getppid;
	double out[8];
	__asm__ volatile("fldpi; fld1; fldl2e; fldln2; fldz; fldlg2; fldl2t; fld1; " CALL ";"
		"fstpl (%1); fstpl 8(%1); fstpl 16(%1); fstpl 24(%1); fstpl 32(%1); fstpl 40(%1); fstpl 48(%1); fstpl 56(%1)"
		: "+a"(nr) : "D"(out) : "memory", "cc", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)"
#ifdef __x86_64__
		, "rcx", "r11"
#endif
	);
	for (int i = 0; i < 8; i++) printf("%a ", out[i]);
	printf("\n");
}

/* The general registers, the flags, and what lies below the stack pointer. */
static int general(void) {
	int bad = 0;
#ifdef __x86_64__
	uint64_t out[12], flags = 0;
	__asm__ volatile(
		"push %%rbp; push %%rbx; sub $512, %%rsp; movq $0x5ca1ab1e, -8(%%rsp); movq $0x7e57, -128(%%rsp)\n"
		"mov $1, %%rbx; mov $2, %%rdx; mov $3, %%rsi; mov $4, %%rbp; mov $5, %%r8; mov $6, %%r9; mov $7, %%r10\n"
		"mov $8, %%r12; mov $9, %%r13; mov $10, %%r14; mov $11, %%r15; stc; mov %[nr], %%eax; syscall\n"
		"mov %%rbx, (%%rdi); mov %%rdx, 8(%%rdi); mov %%rsi, 16(%%rdi); mov %%rbp, 24(%%rdi); mov %%r8, 32(%%rdi)\n"
		"mov %%r9, 40(%%rdi); mov %%r10, 48(%%rdi); mov %%r12, 56(%%rdi); mov %%r13, 64(%%rdi); mov %%r14, 72(%%rdi)\n"
		"mov %%r15, 80(%%rdi); mov -8(%%rsp), %%rax; mov -128(%%rsp), %%rdx; lea (%%rax,%%rdx), %%rax\n"
		"mov %%rax, 88(%%rdi); add $512, %%rsp; pop %%rbx; pop %%rbp; mov %%r11, %%rcx"
		: "=&c"(flags) : "D"(out), [nr] "i"(SYS_getppid)
		: "memory", "cc", "rax", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15");
	for (int i = 0; i < 11; i++) bad += out[i] != (uint64_t)i + 1;
	bad += out[11] != 0x5ca1ab1e + 0x7e57;
#else
	uint32_t out[7];
	__asm__ volatile(
		"push %%ebp; push %%ebx; mov $1, %%ebx; mov $2, %%ecx; mov $3, %%edx; mov $4, %%esi; mov $5, %%ebp\n"
		"stc; mov %[nr], %%eax; int $0x80\n"
		"mov %%ebx, (%%edi); mov %%ecx, 4(%%edi); mov %%edx, 8(%%edi); mov %%esi, 12(%%edi); mov %%ebp, 16(%%edi)\n"
		"pop %%ebx; pop %%ebp; setc 20(%%edi)"
		: : "D"(out), [nr] "i"(SYS_getppid) : "memory", "cc", "eax", "ecx", "edx", "esi");
	for (uint32_t i = 0; i < 5; i++) bad += out[i] != i + 1;
	bad += (out[5] & 0xff) != 1;
#endif
	return bad;
}

int main(void) {
	int bad[3] = {0};
	__builtin_cpu_init();
	int have_avx = __builtin_cpu_supports("avx");
	for (int call = 0; call < CALLS; call++) {
		for (size_t i = 0; i < sizeof before; i++) before[i] = i * 7 + call;
		memset(after, 0, sizeof after);
		sse();
		bad[0] += memcmp(before, after, VECTORS * 16) != 0;
		if (have_avx) avx(), bad[1] += memcmp(before, after, VECTORS * 32) != 0;
		bad[2] += general();
	}
	printf("%d %d %d\n", bad[0], bad[1], bad[2]);
	x87();
	return 0;
}
