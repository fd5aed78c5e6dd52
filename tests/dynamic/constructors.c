/* The order of constructors and destructors, of the program, its library, and one that is loaded and unloaded. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

extern void library_says(const char *what);

__attribute__((constructor(201))) static void early(void) { library_says("program, early"); }
__attribute__((constructor)) static void late(void) { library_says("program, late"); }
__attribute__((destructor)) static void end(void) { library_says("program, end"); }
static void at_exit(void) { library_says("program, at exit"); }

int main(int argc, char **argv) {
	(void)argc, (void)argv;
	library_says("main");
	atexit(at_exit);
	for (int round = 0; round < 3; round++) {
		void *handle = dlopen("libextra.so", RTLD_NOW);
		if (!handle) return puts(dlerror()), 1;
		int (*count)(void) = (int (*)(void))dlsym(handle, "extra_count");
		printf("extra: %d %d\n", count(), count());
		dlclose(handle);
	}
	return 0;
}
