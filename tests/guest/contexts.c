/* makecontext(3) and swapcontext(3): two stacks taking turns. */
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

static ucontext_t main_context, contexts[2];
static int turns;

static void run(int self) {
	double x = self + 0.5;
	for (int i = 0; i < 4; i++) {
		x *= 1.5;
		printf("%d: %d %g\n", self, turns++, x);
		swapcontext(&contexts[self], &contexts[1 - self]);
	}
	printf("%d ends\n", self);
}

int main(void) {
	for (int i = 0; i < 2; i++) {
		getcontext(&contexts[i]);
		contexts[i].uc_stack.ss_sp = malloc(65536);
		contexts[i].uc_stack.ss_size = 65536;
		contexts[i].uc_link = i ? &main_context : &contexts[1];
		makecontext(&contexts[i], (void (*)(void))run, 1, i);
	}
	swapcontext(&main_context, &contexts[0]);
	printf("back after %d\n", turns);
	return 0;
}
