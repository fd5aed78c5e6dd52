static int old(int x) { return x * 2; }
static int modern(int x) { return x * 3; }
static int (*choose(void))(int) {
	__builtin_cpu_init();
	return __builtin_cpu_supports("sse2") ? modern : old;
}
int library_choice(int) __attribute__((ifunc("choose")));
int (*library_pointer(void))(int) { return library_choice; }
