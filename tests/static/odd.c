/*
 * Call instructions in layouts that leave a patcher little room: packed together, jumped between, at a
 * page's edge, with unusual ways to load the number.
 */
#include "start.h"

#ifdef __x86_64__
#define CALL "syscall"
#define AX "%rax"
#define BX "%rbx"
#define CX "%rcx"
#define SP "%rsp"
#else
#define CALL "int $0x80"
#define AX "%eax"
#define BX "%ebx"
#define CX "%ecx"
#define SP "%esp"
#endif
#define PID "$" STR(__NR_getpid)
#define PPID "$" STR(__NR_getppid)

/* Each is a function that may use eax, ecx and edx and returns what its last call does. */
#define FUNC(name, code) long name(void); asm(".text; " #name ": " code "; ret")

FUNC(short_mov, "xor %eax, %eax; mov " PID ", %al; " CALL);
FUNC(by_push, "push " PID "; pop " AX "; " CALL);
FUNC(by_lea, "lea " STR(__NR_getpid) "(" SP "), " AX "; sub " SP ", " AX "; " CALL);
FUNC(long_mov, ".byte 0xc7, 0xc0; .long " STR(__NR_getpid) "; " CALL); /* mov's other form, 6 bytes */
FUNC(mov_apart, "mov " PID ", %eax; nop; nop; test %eax, %eax; " CALL);
FUNC(prefixed, "mov " PID ", %eax; rep; " CALL);
FUNC(twice, "mov " PID ", %eax; " CALL "; mov $9999, %eax; " CALL);
/* The first call's answer, -ENOSYS, is the second's number. */
FUNC(back_to_back, "mov $9999, %eax; " CALL "; " CALL);
FUNC(three, "push " BX "; mov " PID ", %eax; " CALL "; mov " AX ", " BX "; mov " PPID ", %eax; " CALL
	"; sub " AX ", " BX "; mov " PID ", %eax; " CALL "; sub " BX ", " AX "; pop " BX);
/* A loop whose target is the call itself, and one whose target is the instruction just after. */
FUNC(to_the_call, "push " BX "; mov $5, %ebx; mov " PID ", %eax; 1: " CALL "; dec %ebx; jz 2f;"
	"mov " PPID ", %eax; jmp 1b; 2: pop " BX);
FUNC(to_the_next, "push " BX "; mov $5, %ebx; mov " PID ", %eax; " CALL "; 1: dec %ebx; jnz 1b; pop " BX);
FUNC(over_it, "mov $77, %eax; jmp 1f; mov " PID ", %eax; " CALL "; 1:");
FUNC(between, "mov " PPID ", %eax; jmp 1f; mov " PID ", %eax; 1: " CALL);
FUNC(flags_cross, "stc; mov " PID ", %eax; " CALL "; jnc 1f; ret; 1: mov $-8, %eax");
/* The instruction's two bytes on two pages; the second of them also holds the next site. */
long edge(void);
asm(".text; .balign 4096; .skip 4096 - 6; edge: mov " PID ", %eax; " CALL "; mov " PPID ", %eax; " CALL "; ret");
/* The last bytes of the code before data that look like a call's. */
FUNC(before_data, "mov " PID ", %eax; " CALL "; jmp 1f; .byte 0x0f, 0x05, 0xcd, 0x80, 0xb8; 1:");
FUNC(stack_kept, "push " PID "; mov (" SP "), %eax; " CALL "; pop " CX);
#ifdef __x86_64__
FUNC(zeroed, "mov $-1, %edi; xor %eax, %eax; syscall"); /* read(-1) */
FUNC(zeroed_wide, "mov $-1, %rdi; xor %rax, %rax; syscall");
FUNC(wide_mov, "mov " PID ", %rax; syscall");
FUNC(widest_mov, "movabs " PID ", %rax; syscall");
FUNC(rex, "mov " PID ", %eax; .byte 0x48; syscall");
FUNC(r11_dies, "mov " PID ", %eax; mov $5, %r11d; syscall; lea 1(%rax), %rax; dec %rax");
#else
FUNC(fast, "mov " PID ", %eax; call *sysinfo_entry"); /* __kernel_vsyscall, or the function below */
long slow(void);
asm(".text; slow: int $0x80; ret; .data; .globl sysinfo_entry; sysinfo_entry: .long slow; .text");
extern unsigned long sysinfo_entry;
#endif

int main(void)
{
	long pid = sys(getpid), parent = sys(getppid);
	check("a short mov", short_mov(), pid);
	check("push and pop", by_push(), pid);
	check("lea", by_lea(), pid);
	check("a long mov", long_mov(), pid);
	check("instructions between", mov_apart(), pid);
	check("a prefix", prefixed(), pid);
	check("two", twice(), -ENOSYS);
	check("two with nothing between", back_to_back(), -ENOSYS);
	check("three", three(), parent);
	check("a loop to the call", to_the_call(), parent);
	check("a loop to what follows", to_the_next(), pid);
	check("jumped over", over_it(), 77);
	check("jumped between", between(), parent);
	check("flags live across", flags_cross(), pid);
	check("across pages", edge(), parent);
	check("before data", before_data(), pid);
	check("number on the stack", stack_kept(), pid);
#ifdef __x86_64__
	check("call 0", zeroed(), -EBADF);
	check("call 0, wide", zeroed_wide(), -EBADF);
	check("a wide mov", wide_mov(), pid);
	check("the widest mov", widest_mov(), pid);
	check("a REX prefix", rex(), pid);
	check("what follows uses the answer", r11_dies(), pid);
#else
	if (auxv(32)) sysinfo_entry = *auxv(32); /* AT_SYSINFO */
	check("__kernel_vsyscall", fast(), pid);
#endif
	return failed;
}
