/* Jump tables, computed gotos and tail calls around system calls. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static long interpret(const unsigned char *code) {
	static const void *const labels[] = {&&end, &&push, &&add, &&mul, &&swap, &&call};
	long stack[16], *top = stack;
#define NEXT goto *labels[*code++]
	NEXT;
push: *top++ = *code++; NEXT;
add: top--; top[-1] += *top; NEXT;
mul: top--; top[-1] *= *top; NEXT;
swap: { long x = top[-1]; top[-1] = top[-2], top[-2] = x; } NEXT;
call: *top++ = close(-1) + getppid() * 0; NEXT;
end: return top[-1];
}

static long table(int kind, long x) {
	switch (kind) {
	case 0: return x + 1;
	case 1: return write(1, "", 0);
	case 2: return x * x;
	case 3: return getpid() > 0;
	case 4: return -x;
	case 5: return strlen("five") + x;
	case 6: return close(-1);
	case 7: return x << 3;
	case 8: return lseek(-1, 0, 0);
	default: return 99;
	}
}

__attribute__((noinline)) static long tail(int n, long x) { return n == 0 ? table(x % 10, x) : tail(n - 1, x + n); }

int main(void) {
	static const unsigned char code[] = {1, 5, 1, 7, 3, 5, 2, 1, 3, 4, 2, 5, 3, 0};
	printf("%ld\n", interpret(code));
	long sum = 0;
	for (int round = 0; round < 200; round++)
		for (int kind = 0; kind < 12; kind++) sum = sum * 7 + table(kind, round);
	printf("%ld %ld\n", sum & 0xffffffff, tail(1000, 3));
	return 0;
}
