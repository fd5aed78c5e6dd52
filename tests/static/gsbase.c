/* The base of %gs on x86-64: arch_prctl sets and gets it, a child inherits it, and a new program starts without. */
#include "start.h"
#include <asm/prctl.h>

#ifdef __x86_64__
static long block[4] = { 11, 22, 33, 44 };

static long at(long offset)
{
	long v;
	asm volatile("mov %%gs:(%1), %0" : "=r"(v) : "r"(offset));
	return v;
}

static int child(void)
{
	check("a child inherits it", at(8), 22);
	check("a child sets it", sys(arch_prctl, ARCH_SET_GS, block + 1), 0);
	return at(8) == 33 ? 3 : 4;
}
#endif

int main(void)
{
#ifdef __x86_64__
	long base = -1, v;
	check("get", sys(arch_prctl, ARCH_GET_GS, &base), 0);
	check("0 at the start", base, 0);
	check("set", sys(arch_prctl, ARCH_SET_GS, block), 0);
	check("get", sys(arch_prctl, ARCH_GET_GS, &base), 0);
	check("what was set", base, (long)block);
	asm volatile("mov %%gs:24, %0" : "=r"(v));
	check("read at an offset", v, 44);
	asm volatile("addl $5, %%gs:0; movq $7, %%gs:16" : : : "memory");
	check("added to", block[0], 16);
	check("written", block[2], 7);
	block[2] = 33;
	check("no user address", sys(arch_prctl, ARCH_SET_GS, 1UL << 63), -EPERM);
	long pid = sys(fork);
	if (pid == 0) sys(exit_group, child());
	int status = 0;
	check("waited", sys(wait4, pid, &status, 0, 0), pid);
	check("the child's status", status, 3 << 8);
	check("the parent's is as before", at(0), 16);
	check("set to 0", sys(arch_prctl, ARCH_SET_GS, 0), 0);
	check("plain addresses again", at((long)block + 8), 22);
#endif
	say("done");
	return failed;
}
