/* Recurses without end: SIGSEGV when the stack is full. */
#include "start.h"

static volatile int sum;

static __attribute__((noinline)) void descend(int depth)
{
	volatile char frame[1000];
	frame[0] = depth;
	if (depth) descend(depth + 1);
	sum += frame[0]; /* so that the call above is no jump */
}

int main(void)
{
	say("overflow");
	descend(1);
	say("FAIL still here");
	return 1;
}
