/* setjmp(3), longjmp(3) and sigsetjmp(3): values, nesting, preserved registers. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static jmp_buf outer, inner;
static sigjmp_buf with_mask;

static int deep(int n) {
	volatile char room[1000];
	memset((char *)room, n, sizeof room);
	if (n == 0) longjmp(outer, 7);
	return n < 0 ? 0 : deep(n - 1) + room[n];
}

static int nested(void) {
	int value = setjmp(inner);
	if (value == 0) longjmp(inner, 0);
	if (value == 1) longjmp(inner, 5);
	return value;
}

int main(void) {
	volatile int rounds = 0;
	int value = setjmp(outer);
	printf("%d\n", value);
	if (value == 0) deep(200);
	if (++rounds < 1000) longjmp(outer, rounds);
	printf("%d\n", nested());
	sigset_t blocked, now;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	for (volatile int save = 0; save < 2; save++) {
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (sigsetjmp(with_mask, save) == 0) {
			sigprocmask(SIG_BLOCK, &blocked, NULL);
			siglongjmp(with_mask, 1);
		}
		sigprocmask(SIG_SETMASK, NULL, &now);
		printf("%d: %d\n", save, sigismember(&now, SIGUSR1));
	}
	if (_setjmp(outer) == 0) _longjmp(outer, 1);
	double a = 1.5, b = 2.5;
	if (setjmp(outer) == 0) longjmp(outer, 1);
	printf("%g\n", a * b);
	return 0;
}
