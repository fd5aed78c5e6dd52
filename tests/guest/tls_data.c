/* Thread-local data: big arrays, alignment, initial values, errno. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static __thread char big[300000];
static __thread char text[] = "initial text";
static __thread double numbers[1000] = {1.5, 2.5, [999] = 3.5};
static __thread char aligned64[64] __attribute__((aligned(64))) = "aligned";
static __thread char aligned1k[10] __attribute__((aligned(1024)));
static __thread struct { char c; long l; short s; long double ld; } mixed = {'c', -1, 7, 2.25L};
static __thread int (*function)(const char *, ...) = printf;
static __thread char *pointer;
int plain = 3;
static __thread int *to_plain = &plain;

int main(void) {
	pointer = text + 8;
	function("%s %s %d\n", text, pointer, *to_plain);
	unsigned sum = 0;
	for (size_t i = 0; i < sizeof big; i++) sum += big[i], big[i] = i;
	for (size_t i = 0; i < sizeof big; i++) sum += (unsigned char)big[i];
	printf("%u %g %g %g\n", sum, numbers[0], numbers[1], numbers[999]);
	printf("%d %d %s\n", (int)((uintptr_t)aligned64 % 64), (int)((uintptr_t)aligned1k % 1024), aligned64);
	printf("%c %ld %d %Lg\n", mixed.c, mixed.l, mixed.s, mixed.ld);
	for (int i = 0; i < 1000; i++) {
		errno = 0;
		if (close(-1) != -1 || errno != EBADF) return 1;
	}
	errno = 123;
	*&errno += 1;
	printf("%d\n", errno);
	if (chdir("missing") == -1) printf("%s\n", strerror(errno));
	return 0;
}
