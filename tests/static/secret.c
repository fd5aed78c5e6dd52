/*
 * What one process leaves, the next must not find: a child fills memory, stack, registers and thread pointers with a
 * pattern and ends; later ones, which are likely to get its place, look. tests/reuse_windows_test.ts also looks from
 * outside. The pattern stands nowhere in the program.
 */
#include "start.h"
#ifdef __x86_64__
#include <asm/prctl.h>
#else
#include <asm/ldt.h>
#endif

#define SIGCHLD 17
/* A canonical address, too, and on i386 one of a program's. */
#ifdef __x86_64__
#define INVERSE 0xffffa13d18a13d18UL
#else
#define INVERSE 0xa13d18a1UL
#endif

static volatile unsigned long inverse = INVERSE;
static unsigned long in_bss[4096];
static unsigned long in_data[4096] = {1};

static void fill(void *at, size_t size)
{
	unsigned long pattern = ~inverse, *word = at;
	for (size_t i = 0; i < size / sizeof *word; i++) word[i] = pattern;
}

static char *pages(size_t size) { return map(0, size, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

static void hide(void)
{
	fill(in_bss, sizeof in_bss);
	fill(in_data, sizeof in_data);
	fill(pages(64 * PAGE), 64 * PAGE);
	char *large = pages(2048 * PAGE), *gone = pages(16 * PAGE), *hidden = pages(16 * PAGE);
	fill(large, 2048 * PAGE);
	fill(gone, 16 * PAGE);
	fill(hidden, 16 * PAGE);
	sys(munmap, gone, 16 * PAGE);
	sys(mprotect, hidden, 16 * PAGE, 0);
	long brk = sys(brk, 0);
	check("the heap grows", sys(brk, brk + 100 * PAGE), brk + 100 * PAGE);
	fill((void *)brk, 100 * PAGE);
	char on_stack[1000000];
	fill(on_stack, sizeof on_stack);
	asm volatile("" : : "r"(on_stack) : "memory");
}

/* Every register holds the pattern while the process sleeps, and when it ends. */
__attribute__((noreturn)) static void leave_registers(void)
{
	static struct { long sec, nsec; } nap = {0, 50000000};
	static unsigned long words[8];
	fill(words, sizeof words);
	for (int i = 0; i < 8; i++) asm volatile("fldl %0" : : "m"(words[0]));
#ifdef __x86_64__
	sys(arch_prctl, ARCH_SET_FS, words[0]);
	sys(arch_prctl, ARCH_SET_GS, words[0]);
#define VECTOR(n) "movdqu (%%rax), %%xmm" #n "\n"
	asm volatile(VECTOR(0) VECTOR(1) VECTOR(2) VECTOR(3) VECTOR(4) VECTOR(5) VECTOR(6) VECTOR(7) VECTOR(8) VECTOR(9)
		VECTOR(10) VECTOR(11) VECTOR(12) VECTOR(13) VECTOR(14) VECTOR(15)
		"mov (%%rax), %%rbx; mov %%rbx, %%rbp; mov %%rbx, %%rdx; mov %%rbx, %%r8; mov %%rbx, %%r9; mov %%rbx, %%r10\n"
		"mov %%rbx, %%r12; mov %%rbx, %%r13; mov %%rbx, %%r14; mov %%rbx, %%r15; mov %%rbx, %%rsp\n"
		"lea %1, %%rdi; xor %%esi, %%esi; mov %2, %%eax; syscall\n"
		"mov %%rbx, %%rsi; xor %%edi, %%edi; mov %3, %%eax; syscall\n"
		: : "a"(words), "m"(nap), "i"(__NR_nanosleep), "i"(__NR_exit_group));
#else
	struct user_desc desc = {.entry_number = -1, .base_addr = words[0], .limit = 0xfffff, .seg_32bit = 1,
		.limit_in_pages = 1, .useable = 1};
	if (sys(set_thread_area, &desc) == 0) asm volatile("mov %w0, %%gs" : : "r"(desc.entry_number * 8 + 3));
#define VECTOR(n) "movdqu (%%eax), %%xmm" #n "\n"
	asm volatile(VECTOR(0) VECTOR(1) VECTOR(2) VECTOR(3) VECTOR(4) VECTOR(5) VECTOR(6) VECTOR(7)
		"lea %1, %%ebx; mov (%%eax), %%edx; mov %%edx, %%esi; mov %%edx, %%edi; mov %%edx, %%ebp; mov %%edx, %%esp\n"
		"xor %%ecx, %%ecx; mov %2, %%eax; int $0x80\n"
		"mov %%edx, %%ecx; xor %%ebx, %%ebx; mov %3, %%eax; int $0x80\n"
		: : "a"(words), "m"(nap), "i"(__NR_nanosleep), "i"(__NR_exit_group));
#endif
	__builtin_unreachable();
}

static unsigned found(const void *at, size_t size)
{
	unsigned long pattern = ~inverse;
	const unsigned long *word = at;
	unsigned count = 0;
	for (size_t i = 0; i < size / sizeof *word; i++) count += word[i] == pattern;
	return count;
}

static int look(void)
{
	unsigned vectors[32] __attribute__((aligned(16))), x87[32], total = 0;
#ifdef __x86_64__
	asm volatile("movdqu %%xmm0, (%0); movdqu %%xmm5, 16(%0); movdqu %%xmm15, 32(%0)" : : "r"(vectors) : "memory");
	total += found(vectors, 48);
#else
	asm volatile("movdqu %%xmm0, (%0); movdqu %%xmm5, 16(%0)" : : "r"(vectors) : "memory");
	total += found(vectors, 32);
#endif
	asm volatile("fnsave (%0)" : : "r"(x87) : "memory");
	total += found(x87, 108);
	total += found(in_bss, sizeof in_bss) + found(in_data, sizeof in_data);
	total += found(pages(2048 * PAGE), 2048 * PAGE) + found(pages(100 * PAGE), 100 * PAGE);
	long brk = sys(brk, 0);
	if (sys(brk, brk + 200 * PAGE) != (long)(brk + 200 * PAGE)) return 2;
	total += found((void *)brk, 200 * PAGE);
	char *sp = __builtin_frame_address(0);
	total += found((void *)((long)(sp - 1200000) & ~15), 1100000);
	return total ? 1 : 0;
}

static int ends(long pid)
{
	int status = -1;
	sys(wait4, pid, &status, 0, 0);
	return status >> 8 | (status & 127);
}

int main(int argc)
{
	if (argc > 1) return look();
	for (int round = 0; round < 4; round++) {
		/* A shell's way: a child that executes a program. Its place is cleared by a death and by an exec. */
		long pid = sys(fork);
		if (!pid) hide(), leave_registers();
		check("one hides it", ends(pid), 0);
		pid = sys(fork);
		if (!pid) return look();
		check("a child does not find it", ends(pid), 0);
		pid = sys(fork);
		if (!pid) {
			if (round & 1) hide();
			char *self = (char *)*auxv(AT_EXECFN), *words[] = {self, "look", 0};
			sys(execve, self, words, 0);
			sys(exit_group, 99);
		}
		check("a program does not find it", ends(pid), 0);
	}
	return failed;
}
