/* Indirect functions of a library and of the program, called directly, through pointers and from a constructor. */
#include <stdio.h>

extern int library_choice(int);
extern int (*library_pointer(void))(int);

static int plain(int x) { return x + 1; }
static int better(int x) { return x + 2; }
static int (*choose(void))(int) {
	__builtin_cpu_init();
	return __builtin_cpu_supports("sse2") ? better : plain;
}
int own_choice(int) __attribute__((ifunc("choose")));

static int early;
__attribute__((constructor)) static void start(void) { early = own_choice(1) + library_choice(1); }

int main(void) {
	int (*volatile own)(int) = own_choice;
	int (*volatile other)(int) = library_choice;
	printf("%d %d %d %d %d %d\n", early, own_choice(10), own(20), library_choice(30), other(40), library_pointer()(50));
	printf("one address: %d\n", library_pointer() == library_choice);
	return 0;
}
