/* A library that is closed, and one that the program before had, are not there any more; loaded again they are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;

static void on_fault(int signal) {
	siglongjmp(back, signal);
}

/* The signal that reading there raises. */
static int look(unsigned long address) {
	int signal = sigsetjmp(back, 1);
	if (signal == 0) (void)*(volatile char *)address;
	return signal;
}

static void *load(long (**call)(void)) {
	void *handle = dlopen("libtls.so", RTLD_NOW);
	if (!handle) puts(dlerror()), exit(1);
	*call = (long (*)(void))dlsym(handle, "tls_syscall");
	return handle;
}

int main(int argc, char **argv) {
	signal(SIGSEGV, on_fault);
	long (*call)(void);
	if (argc > 1) {
		/* In 32 bits something else may be there. */
		if (sizeof(long) == 8) printf("in the next program: %d\n", look(strtoul(argv[1], NULL, 16)));
		load(&call);
		printf("loaded there: %d\n", call() == getpid());
		return 0;
	}
	char text[32];
	for (int round = 0; round < 3; round++) {
		void *handle = load(&call);
		printf("open: %d %d\n", call() == getpid(), look((unsigned long)call));
		snprintf(text, sizeof text, "%lx", (unsigned long)call);
		fflush(stdout);
		pid_t child = fork();
		if (child == 0) {
			printf("in the child: %d %d\n", call() == getpid(), look((unsigned long)call));
			fflush(stdout);
			execl("/proc/self/exe", argv[0], text, NULL);
			_exit(127);
		}
		int status;
		waitpid(child, &status, 0);
		printf("its status: %d\n", status);
		dlclose(handle);
		printf("closed: %d\n", look((unsigned long)call));
	}
	return 0;
}
