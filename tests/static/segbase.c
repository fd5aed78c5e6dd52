/*
 * On x86-64 the bases of %fs and %gs are 0 until set, so an address through them is the plain one. On i386
 * both selectors are null: see gsnull and fsnull.
 */
#include "start.h"

#ifdef __x86_64__
asm(".data; value_here: .quad 99; .text");
#endif

int main(void)
{
#ifdef __x86_64__
	static long value = 42;
	long v;
	asm volatile("mov %%fs:(%1), %0" : "=r"(v) : "r"(&value));
	check("read through %fs", v, 42);
	asm volatile("mov %%gs:(%1), %0" : "=r"(v) : "r"(&value));
	check("read through %gs", v, 42);
	asm volatile("movl $43, %%fs:(%0); addl $1, %%gs:(%0)" : : "r"(&value) : "memory");
	check("written through both", value, 44);
	asm volatile("xor %0, %0; add %%fs:value_here, %0" : "=&r"(v));
	check("read by absolute address", v, 99);
#endif
	say("done");
	return failed;
}
