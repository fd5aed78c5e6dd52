/* 64- and 128-bit arithmetic, bit operations, atomics, variable arguments, recursion on a deep stack. */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long long mixed(const char *kinds, ...) {
	va_list list, again;
	long long sum = 0;
	va_start(list, kinds);
	va_copy(again, list);
	for (const char *k = kinds; *k; k++)
		switch (*k) {
		case 'i': sum += va_arg(list, int); break;
		case 'l': sum += va_arg(list, long long); break;
		case 'd': sum += (long long)va_arg(list, double); break;
		case 'L': sum += (long long)va_arg(list, long double); break;
		case 's': sum += strlen(va_arg(list, char *)); break;
		}
	sum = sum * 1000 + va_arg(again, int);
	va_end(list), va_end(again);
	return sum;
}

static unsigned deep(unsigned n) {
	volatile char page[2000];
	page[0] = n, page[1999] = n >> 3;
	return n ? deep(n - 1) + page[0] * 3 + page[1999] : 0;
}

int main(void) {
	volatile uint64_t a = 0xfedcba9876543210, b = 0x123456789;
	volatile int64_t c = -0x123456789abcdef, d = 1000003;
	printf("%llx %llx %lld %lld\n", (long long)(a / b), (long long)(a % b), (long long)(c / d), (long long)(c % d));
	printf("%llx %llx %llx %g %g\n", (long long)(a * b), (long long)(a << 17), (long long)(c >> 9), (double)a, (float)c);
	printf("%lld %llu\n", (long long)(double)c, (unsigned long long)(long double)a);
	printf("%d %d %d %llx\n", __builtin_popcountll(a), __builtin_clzll(b), __builtin_ctzll(a), (long long)__builtin_bswap64(a));
#ifdef __SIZEOF_INT128__
	unsigned __int128 wide = (unsigned __int128)a * a;
	printf("%llx %llx %llx\n", (long long)(wide >> 64), (long long)wide, (long long)(wide / b));
#endif
	int overflow;
	printf("%d ", __builtin_mul_overflow((int)b, 100, &overflow));
	printf("%d\n", overflow);
	_Atomic uint64_t counter = 5;
	atomic_fetch_add(&counter, 1ull << 40);
	uint64_t expected = counter;
	printf("%d", atomic_compare_exchange_strong(&counter, &expected, 77));
	printf(" %llu\n", (unsigned long long)atomic_exchange(&counter, 1));
	printf("%lld\n", mixed("idlsLiiiiiiddddddddddl", 1, 2.5, 3LL << 33, "four", 5.5L, 6, 7, 8, 9, 10, 11, 1., 2., 3., 4., 5., 6.,
		7., 8., 9., 10., 12LL));
	printf("%u\n", deep(3000));
	char *room = __builtin_alloca(1000000);
	memset(room, 3, 1000000);
	printf("%d\n", room[0] + room[999999]);
	srand(42), srand48(42), srandom(42);
	printf("%d %d %a %ld\n", rand(), rand(), drand48(), random());
	div_t q = div(-17, 5);
	printf("%d %d %lld\n", q.quot, q.rem, llabs(-5));
	return 0;
}
