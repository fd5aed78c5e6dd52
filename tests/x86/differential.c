/*
 * Runs each case twice, as it was and rewritten, from the same registers and memory, and compares all it did.
 * Included: cases.h (CASE_COUNT, ORIGINAL, REWRITTEN, struct test cases[]). The code is in the sections .original,
 * .rewritten and .trampolines, placed by the linker. No libc call is made while the segments are the guest's.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef __i386__
#include <asm/ldt.h>
#else
#include <asm/prctl.h>
#endif

typedef unsigned long word;
#ifdef __i386__
#define REGS 8
#define TEB_SLOT(n) (0xe10 + 4 * (n))
#else
#define REGS 16
#define TEB_SLOT(n) (0x1480 + 8 * (n))
#endif

struct state { word regs[REGS]; word flags; uint8_t vector[512] __attribute__((aligned(64))); };
struct test { word original, rewritten; word regs[REGS]; };
#include "cases.h"

#define STACK 0x08800000ul /* known to the generator, like TLS_SIZE */
#define TLS_SIZE 0x8000
static uint8_t tls[2 * TLS_SIZE] __attribute__((aligned(4096)));
static uint8_t first_tls[2 * TLS_SIZE];
static uint8_t stack[4096] __attribute__((section(".guest_stack"), aligned(4096)));
static uint8_t first_stack[4096];
static uint8_t teb[8192] __attribute__((aligned(4096)));
struct state in, out, first;
word host_sp, entry;
void landing(void), finish(void);
word finish_pointer __attribute__((section(".finish"))) = (word)finish;
int failed[CASE_COUNT];

#ifdef __i386__
asm(".text\n"
    ".globl run\nrun: pushal\n mov %esp, host_sp\n fxrstor in+64\n"
    " mov in+4, %ecx\n mov in+8, %edx\n mov in+12, %ebx\n mov in+16, %esp\n mov in+20, %ebp\n"
    " mov in+24, %esi\n mov in+28, %edi\n push in+32\n popfl\n mov in, %eax\n jmp *entry\n"
    ".globl finish\nfinish: mov %eax, out\n mov %ecx, out+4\n mov %edx, out+8\n mov %ebx, out+12\n"
    " mov %esp, out+16\n mov %ebp, out+20\n mov %esi, out+24\n mov %edi, out+28\n mov host_sp, %esp\n"
    " pushfl\n pop out+32\n cld\n fxsave out+64\n popal\n ret\n"
    ".globl landing\nlanding: ret\n");
#else
asm(".text\n"
    ".globl run\nrun: push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    " mov %rsp, host_sp\n fxrstor64 in+192\n push in+128\n popfq\n"
    " mov in+0, %rax\n mov in+8, %rcx\n mov in+16, %rdx\n mov in+24, %rbx\n mov in+32, %rsp\n mov in+40, %rbp\n"
    " mov in+48, %rsi\n mov in+56, %rdi\n mov in+64, %r8\n mov in+72, %r9\n mov in+80, %r10\n mov in+88, %r11\n"
    " mov in+96, %r12\n mov in+104, %r13\n mov in+112, %r14\n mov in+120, %r15\n jmp *entry\n"
    ".globl finish\nfinish: mov %rax, out+0\n mov %rcx, out+8\n mov %rdx, out+16\n mov %rbx, out+24\n"
    " mov %rsp, out+32\n mov %rbp, out+40\n mov %rsi, out+48\n mov %rdi, out+56\n mov %r8, out+64\n"
    " mov %r9, out+72\n mov %r10, out+80\n mov %r11, out+88\n mov %r12, out+96\n mov %r13, out+104\n"
    " mov %r14, out+112\n mov %r15, out+120\n mov host_sp, %rsp\n pushfq\n pop out+128\n cld\n"
    " fxsave64 out+192\n pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n ret\n"
    ".globl landing\nlanding: ret\n");
#endif
void run(void);

static word rnd = 88172645463325252ull & (word)-1;
static word next(void) { rnd ^= rnd << 13; rnd ^= rnd >> 7; rnd ^= rnd << 17; return rnd; }

static void prepare(struct test *t, word seed)
{
	rnd = seed * 2654435761u + 1;
	for (unsigned i = 0; i < sizeof tls; i += sizeof(word)) *(word *)(tls + i) = next();
	for (unsigned i = 0; i < sizeof stack; i += sizeof(word)) *(word *)(stack + i) = next();
	/* calls and jumps through TLS go here */
	for (unsigned i = TLS_SIZE + 0x4000; i < sizeof tls; i += sizeof(word)) *(word *)(tls + i) = (word)landing;
	memcpy(in.regs, t->regs, sizeof in.regs);
	in.flags = 0x202 | (next() & 0x8d5);
	for (unsigned i = 160; i < 416; i++) in.vector[i] = next();
	*(word *)(teb + TEB_SLOT(61)) = (word)tls + TLS_SIZE;
}

static int same(word a, word b) { return a == b || b - a == REWRITTEN - ORIGINAL; }

static int differs(void)
{
	for (int i = 0; i < REGS; i++) if (!same(first.regs[i], out.regs[i])) return 1 + i;
	if (first.flags != out.flags) return 100;
	if (memcmp(first.vector + 160, out.vector + 160, 16 * REGS)) return 101;
	if (memcmp(first_tls, tls, sizeof tls)) return 102;
	for (unsigned i = 0; i < sizeof stack; i += sizeof(word))
		if (!same(*(word *)(first_stack + i), *(word *)(stack + i))) return 103;
	return 0;
}

int main(void)
{
#ifdef __i386__
	struct user_desc d = { .entry_number = -1, .limit = 0xfffff, .seg_32bit = 1, .limit_in_pages = 1, .useable = 1 };
	unsigned short old_gs;
	asm volatile("mov %%gs, %0" : "=r"(old_gs));
	d.base_addr = (word)tls + TLS_SIZE;
	if (syscall(SYS_set_thread_area, &d)) return perror("set_thread_area"), 1;
	unsigned gs = d.entry_number * 8 + 3;
	d.entry_number = -1;
	d.base_addr = (word)teb;
	if (syscall(SYS_set_thread_area, &d)) return perror("set_thread_area"), 1;
	unsigned fs = d.entry_number * 8 + 3;
#else
	word old_fs;
	syscall(SYS_arch_prctl, ARCH_GET_FS, &old_fs);
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, teb)) return perror("arch_prctl"), 1;
#endif
	asm volatile("fxsave %0" : "=m"(in.vector));
#ifdef __i386__
	asm volatile("mov %0, %%gs; mov %1, %%fs" : : "r"(gs), "r"(fs));
#else
	long r;
	asm volatile("syscall" : "=a"(r) : "0"(SYS_arch_prctl), "D"(ARCH_SET_FS), "S"(tls + TLS_SIZE) : "rcx", "r11", "memory");
#endif
	for (int i = 0; i < CASE_COUNT; i++) {
		prepare(cases + i, i);
		entry = cases[i].original;
		run();
		first = out;
		memcpy(first_tls, tls, sizeof tls);
		memcpy(first_stack, stack, sizeof stack);
		prepare(cases + i, i);
		entry = cases[i].rewritten;
		run();
		failed[i] = differs();
	}
#ifdef __i386__
	asm volatile("mov %0, %%gs" : : "r"(old_gs));
#else
	asm volatile("syscall" : "=a"(r) : "0"(SYS_arch_prctl), "D"(ARCH_SET_FS), "S"(old_fs) : "rcx", "r11", "memory");
#endif
	int bad = 0;
	for (int i = 0; i < CASE_COUNT; i++)
		if (failed[i] && bad++ < 20) printf("case %d differs: %d\n", i, failed[i]);
	printf("%d cases, %d differ\n", CASE_COUNT, bad);
	return bad != 0;
}
