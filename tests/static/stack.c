/* The stack: aligned at the start, 4 MiB of it there by touching downwards, and x86-64's red zone left alone. */
#include "start.h"

/* Deep frames, each a page and more, filled on the way down and looked at on the way up. */
static __attribute__((noinline)) int descend(int depth)
{
	volatile char frame[8192];
	for (size_t i = 0; i < sizeof frame; i += 512) frame[i] = depth;
	int right = depth ? descend(depth - 1) : 1;
	for (size_t i = 0; i < sizeof frame; i += 512) right &= frame[i] == (char)depth;
	return right;
}

int main(void)
{
	check("the initial stack is aligned", (long)initial_stack & 15, 0);
	/* From the second page below, where no frame has been yet. */
	char *top = (char *)(((long)__builtin_frame_address(0) & -PAGE) - PAGE), *low = top;
	int zero = 1;
	for (int mib = 1; mib <= 4; mib++) {
		for (; low > top - (mib << 20); *low = mib) {
			low -= PAGE;
			zero &= !*(volatile char *)low;
		}
		say("touched ", num(mib), " MiB");
	}
	yes("it was zero", zero);
	yes("and keeps", low[0] == 4 && low[1 << 20] == 3 && low[3 << 20] == 1);
	yes("recursion of 4 MiB", descend(500));
	check("calls write to it", sys(clock_gettime, 0, top - (2 << 20)), 0);
#ifdef __x86_64__
	long seen;
	asm volatile("movq $0x1234, -8(%%rsp); movq $0x5678, -128(%%rsp); mov %1, %%eax; syscall;"
		"mov -8(%%rsp), %0; add -128(%%rsp), %0" : "=&r"(seen) : "i"(__NR_getpid) : "rax", "rcx", "r11", "memory");
	check("the red zone after a call", seen, 0x1234 + 0x5678);
#endif
	say("done");
	return failed;
}
