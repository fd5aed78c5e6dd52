/* Rounding modes, precision control and exception flags survive system calls. */
#define _GNU_SOURCE
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void calls(void) {
	struct timespec t = {0, 1000};
	struct stat st;
	close(-1);
	nanosleep(&t, NULL);
	stat(".", &st);
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*(volatile char *)at = 1;
	munmap(at, 4096);
}

int main(void) {
	static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
	static const char *names[] = {"nearest", "down", "up", "zero"};
	volatile double one = 1, three = 3, big = 1e300, zero = 0;
	volatile long double lone = 1, lthree = 3;
	for (int i = 0; i < 4; i++) {
		fesetround(modes[i]);
		calls();
		double quotient = one / three, negative = -one / three;
		long double lquotient = lone / lthree;
		int kept = fegetround() == modes[i];
		fesetround(FE_TONEAREST);
		printf("%s %d %a %a %La\n", names[i], kept, quotient, negative, lquotient);
	}
	feclearexcept(FE_ALL_EXCEPT);
	volatile double result = one / zero;
	result = big * big;
	calls();
	printf("%x\n", (unsigned)fetestexcept(FE_DIVBYZERO | FE_OVERFLOW | FE_INVALID | FE_INEXACT));
	feclearexcept(FE_OVERFLOW);
	calls();
	printf("%x\n", (unsigned)fetestexcept(FE_ALL_EXCEPT));
	unsigned short control = 0x027f, now = 0;
	unsigned mxcsr = 0x1f80 | 0x8040, mx = 0;
	__asm__ volatile("fldcw %0; ldmxcsr %1" : : "m"(control), "m"(mxcsr));
	calls();
	__asm__ volatile("fnstcw %0; stmxcsr %1" : "=m"(now), "=m"(mx));
	printf("%x %x\n", now, mx & ~0x3fu);
	fesetenv(FE_DFL_ENV);
	__asm__ volatile("fnstcw %0; stmxcsr %1" : "=m"(now), "=m"(mx));
	printf("%x %x\n", now, mx);
	(void)result;
	return 0;
}
