/* Libraries loaded at run time with variables of their own for each thread: all that a dynamic linker does for them. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

static __thread int own = 11;

static void *need(void *handle, const char *name) {
	void *found = dlsym(handle, name);
	if (!found) printf("%s: %s\n", name, dlerror()), exit(1);
	return found;
}

int main(void) {
	printf("own: %d\n", own);
	printf("missing: %d\n", dlopen("./libmissing.so", RTLD_NOW) == NULL && strstr(dlerror(), "libmissing") != NULL);
	for (int round = 0; round < 3; round++) {
		void *handle = dlopen("libtls.so", round == 1 ? RTLD_LAZY : RTLD_NOW);
		if (!handle) return puts(dlerror()), 1;
		int (*next)(void) = (int (*)(void))need(handle, "tls_next");
		char *(*text)(void) = (char *(*)(void))need(handle, "tls_text");
		long (*direct)(void) = (long (*)(void))need(handle, "tls_syscall");
		int *value = need(handle, "tls_value");
		printf("%d %d %d %s %d\n", next(), next(), *value, text(), direct() == getpid());
		strcpy(text(), "changed");
		fflush(stdout);
		pid_t child = fork();
		if (child == 0) {
			printf("child: %d %s\n", next(), text());
			fflush(stdout);
			_exit(next());
		}
		int status;
		waitpid(child, &status, 0);
		printf("child's status: %d, parent: %d %s\n", WEXITSTATUS(status), next(), text());
		void *twice = dlopen("libtls.so", RTLD_NOW);
		printf("the same: %d\n", twice == handle);
		dlclose(twice);
		printf("closed: %d\n", dlclose(handle));
	}
	printf("own: %d\n", own);
	return 0;
}
