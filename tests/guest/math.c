/* libm, to the last bit. */
#define _GNU_SOURCE
#include <complex.h>
#include <math.h>
#include <stdio.h>

#define ONE(name) printf("%-8s", #name); \
	for (int i = 0; i < N; i++) printf(" %a", name(x[i])); \
	printf("\n%-8s", #name "f"); \
	for (int i = 0; i < N; i++) printf(" %a", (double)name##f((float)x[i])); \
	printf("\n%-8s", #name "l"); \
	for (int i = 0; i < N; i++) printf(" %La", name##l(x[i])); \
	printf("\n");

#define TWO(name) printf("%-8s", #name); \
	for (int i = 0; i < N; i++) printf(" %a %La", name(x[i], x[N - 1 - i]), name##l(x[i], x[N - 1 - i])); \
	printf("\n");

enum { N = 9 };

int main(void) {
	volatile double values[N] = {0.5, 1, -0.25, 3.7, 1e-5, 100.25, 0.7853981633974483, -7.125, 20};
	double x[N];
	for (int i = 0; i < N; i++) x[i] = values[i];
	ONE(sin) ONE(cos) ONE(tan) ONE(asin) ONE(acos) ONE(atan) ONE(sinh) ONE(cosh) ONE(tanh) ONE(exp) ONE(exp2) ONE(expm1)
	ONE(log) ONE(log2) ONE(log10) ONE(log1p) ONE(sqrt) ONE(cbrt) ONE(floor) ONE(ceil) ONE(round) ONE(trunc) ONE(rint)
	ONE(erf) ONE(tgamma) ONE(lgamma) ONE(fabs) ONE(asinh) ONE(nearbyint)
	TWO(pow) TWO(atan2) TWO(hypot) TWO(fmod) TWO(remainder) TWO(fmax) TWO(fdim) TWO(copysign) TWO(nextafter)
	int exponent, quotient;
	double whole, part = frexp(10.75, &exponent);
	printf("%a %d %a ", part, exponent, ldexp(0.75, 5));
	part = modf(-3.25, &whole);
	printf("%a %a ", part, whole);
	part = remquo(17.5, 4, &quotient);
	printf("%a %d %ld %lld\n", part, quotient, lround(2.5), llrint(-3.5));
	printf("%a %a\n", fma(x[0], x[3], x[5]), j0(2.5));
	double complex z = csqrt(-3 + 4 * I), p = cpow(1 + I, 2.5);
	printf("%a %a %a %a\n", creal(z), cimag(z), creal(p), cimag(p));
	printf("%d %d %d %d\n", isnan(sqrt(-1)), isinf(exp(1000)), signbit(-0.0) != 0, fpclassify(1e-310) == FP_SUBNORMAL);
	return 0;
}
