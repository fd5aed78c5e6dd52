/*
 * The %fs and %gs selectors as a program without TLS may touch them: both are 0 at the start, and can be
 * saved, set to 0 and restored. Nothing here goes through their bases.
 */
#include "start.h"

#define GET(seg) ({ unsigned long v; asm volatile("mov %%" seg ", %0" : "=r"(v)); v; })
#define SET(seg, v) asm volatile("mov %w0, %%" seg : : "r"((int)(v)))

int main(void)
{
	unsigned long v;
	check("%gs is 0", GET("gs"), 0);
	check("%fs is 0", GET("fs"), 0);
	asm volatile("push %%gs; pop %0" : "=r"(v));
	check("push %gs gives 0", v & 0xffff, 0); // the upper half need not be written (Intel SDM 2, PUSH)
	asm volatile("push %%fs; pop %0" : "=r"(v));
	check("push %fs gives 0", v & 0xffff, 0);

	SET("gs", 0);
	check("%gs set to 0", GET("gs"), 0);
	yes("calls still work", sys(getpid) > 0);
	SET("fs", 0);
	check("%fs set to 0", GET("fs"), 0);
	yes("calls still work", sys(getpid) > 0);
	asm volatile("push %%gs; pop %%gs; push %%fs; pop %%fs" : : : "memory");
	check("saved and restored", GET("gs") | GET("fs"), 0);

	short in_memory = -1;
	asm volatile("mov %%gs, %0" : "=m"(in_memory));
	check("%gs to memory is 16 bits", in_memory, 0);
	asm volatile("mov %0, %%gs" : : "m"(in_memory));
	check("%gs from memory", GET("gs"), 0);
	return failed;
}
