/*
 * What a call leaves alone: every general register but the result's, the flags, x87 and SSE. On x86-64 rcx
 * and r11 come back as the address after the instruction and the flags.
 */
#include "start.h"

#ifdef __x86_64__
#define REGS "rbx,rdx,rsi,rdi,rbp,r8,r9,r10,r12,r13,r14,r15,rcx,r11"
#define SIZE "8"
#define IP "(%rip)"
#define CALL "syscall"
enum { KEPT = 12, COUNT = 14 };
#define NAMES { "rbx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r12", "r13", "r14", "r15" }
#else
#define REGS "ebx,ecx,edx,esi,edi,ebp"
#define SIZE "4"
#define IP ""
#define CALL "int $0x80"
enum { KEPT = 6, COUNT = 6 };
#define NAMES { "ebx", "ecx", "edx", "esi", "edi", "ebp" }
#endif

static const char *const names[] = NAMES;
enum { STATUS = 0xcd5 }; /* carry, parity, adjust, zero, sign, direction, overflow */

/* In the order of REGS; then flags, and the stack pointer before and after. */
__attribute__((used)) long in[16], out[16], flags_in, flags_out, sp_in, sp_out, nr;
void probe(void);
extern char after_call[];

asm(".text; probe:\n"
	".macro each what, from:vararg\n .set at, 0\n .irp r, \\from\n \\what \\r\n .set at, at + " SIZE "\n .endr\n .endm\n"
	".macro save r\n push %\\r\n .endm\n"
	".macro load r\n mov in + at" IP ", %\\r\n .endm\n"
	".macro store r\n mov %\\r, out + at" IP "\n .endm\n"
#ifdef __x86_64__
	"each save, rbx,rbp,r12,r13,r14,r15\n"
	"mov %rsp, sp_in" IP "; mov nr" IP ", %rax; push flags_in" IP "; each load, " REGS "; popf\n"
	CALL "; after_call: mov %rsp, sp_out" IP "; each store, " REGS "; pushf; pop flags_out" IP "; cld\n"
	"mov sp_in" IP ", %rsp; pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n");
#else
	"each save, ebx,esi,edi,ebp\n"
	"mov %esp, sp_in; mov nr, %eax; push flags_in; each load, " REGS "; popf\n"
	CALL "; after_call: mov %esp, sp_out; each store, " REGS "; pushf; pop flags_out; cld\n"
	"mov sp_in, %esp; pop %ebp; pop %edi; pop %esi; pop %ebx; ret\n");
#endif

static void general(const char *call, long number)
{
	say(call);
	for (int i = 0; i < COUNT; i++) in[i] = 0x1234567 * (i + 1), out[i] = 0;
	flags_in = 0x202 | STATUS, nr = number;
	probe();
	for (int i = 0; i < KEPT; i++) check(names[i], out[i], in[i]);
	check("the stack pointer", sp_out, sp_in);
	check("flags set", flags_out & STATUS, STATUS);
#ifdef __x86_64__
	check("rcx is the address after", out[12], after_call);
	check("r11 is the flags", out[13], flags_out);
#endif
	flags_in = 0x202;
	probe();
	check("flags clear", flags_out & STATUS, 0);
}

/* Between the same loads and stores the compiler must have no hand, so these are in assembler, too. */
__attribute__((used)) float sse_in[8][4], sse_out[8][4];
__attribute__((used)) double pi;
__attribute__((used)) unsigned mxcsr, mxcsr_out, mxcsr_old;
__attribute__((used)) unsigned short cw, cw_out, cw_old;
void probe_fpu(void);

asm("probe_fpu:\n"
	"stmxcsr mxcsr_old" IP "; ldmxcsr mxcsr" IP "; fnstcw cw_old" IP "; fldcw cw" IP "; fldpi\n"
	".irp i, 0,1,2,3,4,5,6,7\n movups sse_in + 16 * \\i" IP ", %xmm\\i\n .endr\n"
#ifdef __x86_64__
	"mov nr(%rip), %rax; mov in(%rip), %rdi; xor %esi, %esi; syscall\n"
#else
	"push %ebx; mov nr, %eax; mov in, %ebx; xor %ecx, %ecx; int $0x80; pop %ebx\n"
#endif
	".irp i, 0,1,2,3,4,5,6,7\n movups %xmm\\i, sse_out + 16 * \\i" IP "\n .endr\n"
	"fstpl pi" IP "; stmxcsr mxcsr_out" IP "; fnstcw cw_out" IP "; ldmxcsr mxcsr_old" IP "; fldcw cw_old" IP "; ret\n");

static void fpu(const char *call, long number, const void *arg)
{
	say(call);
	for (int i = 0; i < 32; i++) sse_in[i / 4][i % 4] = i + 0.5f;
	memset(sse_out, 0, sizeof sse_out);
	nr = number, in[0] = (long)arg, pi = 0;
	mxcsr = 0x3f80, cw = 0x77f; /* rounding down in both */
	probe_fpu();
	check("xmm0 to xmm7", memcmp(sse_in, sse_out, sizeof sse_in), 0);
	check("mxcsr", mxcsr_out, mxcsr);
	check("the x87 control word", cw_out, cw);
	yes("the x87 stack", pi > 3.1415926 && pi < 3.1415927);
}

int main(void)
{
	general("getpid", __NR_getpid);
	general("no such call", 9999);
	fpu("getpid", __NR_getpid, 0);
	/* One that must wait comes back another way. */
	struct timespec rest = { 0, 20000000 };
	fpu("nanosleep", __NR_nanosleep, &rest);
	return failed;
}
