/* printf(3): integers, strings, floats, long doubles, widths, positions. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

int main(void) {
	printf("[%d] [%5d] [%-5d] [%05d] [%+d] [% d]\n", 42, 42, 42, 42, 42, 42);
	printf("[%u] [%x] [%#X] [%o] [%#o]\n", 3000000000u, 0xbeefu, 0xbeefu, 8u, 8u);
	printf("[%hhd] [%hd] [%ld] [%lld] [%jd] [%zu] [%td]\n", -1, -2, -3L, 1LL << 62, (intmax_t)-5, (size_t)6,
		(ptrdiff_t)-7);
	printf("[%s] [%10s] [%-10s] [%.2s] [%c]\n", "text", "text", "text", "text", 'c');
	printf("[%*d] [%-*d] [%.*f]\n", 6, 1, 6, 2, 3, 3.14159);
	printf("[%2$s %1$s]\n", "world", "hello");
	double values[] = {0.0, -0.0, 1.0, -1.5, 0.1, 1e10, 1e-10, 123456.789, DBL_MAX, DBL_MIN, DBL_TRUE_MIN, INFINITY,
		NAN, 2.5, 3.5, 1e22, 1e23};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		printf("%f|%e|%g|%a|%.0f|%.17g|%20.3e\n", values[i], values[i], values[i], values[i], values[i], values[i],
			values[i]);
	long double longs[] = {0.1L, 1.0L / 3, LDBL_MAX, LDBL_MIN, -2.5L, INFINITY, 1e4000L};
	for (size_t i = 0; i < sizeof longs / sizeof *longs; i++)
		printf("%.20Lg|%Le|%La|%30.5Le\n", longs[i], longs[i], longs[i], longs[i]);
	char small[8];
	int length = snprintf(small, sizeof small, "%s", "more than eight bytes");
	printf("%d %s %zu\n", length, small, strlen(small));
	int at = 0;
	printf("count%n\n", &at);
	printf("%d%%\n", at);
	for (int i = 0; i < 2000; i++) printf("%d%c", i * i, i % 10 == 9 ? '\n' : ' ');
	putchar('x');
	puts("");
	fputs("no newline at the end", stdout);
	return 0;
}
