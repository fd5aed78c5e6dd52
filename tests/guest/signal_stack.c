/* sigaltstack(2): what it takes, when handlers run there, stack overflow, SS_AUTODISARM. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

static char *area;
enum { SIZE = 65536 };
static sigjmp_buf back;
static volatile int inside, flags_inside, uc_ok, depth, times, set_inside;

static int on_area(const void *p) { return (char *)p >= area && (char *)p < area + SIZE; }

static const char *name(int result) {
	return result == 0 ? "0" : errno == EINVAL ? "EINVAL" : errno == ENOMEM ? "ENOMEM" : errno == EPERM ? "EPERM" : errno == EFAULT ? "EFAULT" : "other";
}

static void look(int signal, siginfo_t *info, void *context) {
	(void)signal, (void)info;
	ucontext_t *uc = context;
	char local;
	stack_t now;
	inside = on_area(&local);
	sigaltstack(NULL, &now);
	flags_inside = now.ss_flags;
	uc_ok = uc->uc_stack.ss_sp == area && uc->uc_stack.ss_size == SIZE;
	stack_t other = {.ss_sp = area, .ss_size = SIZE / 2};
	set_inside = sigaltstack(&other, NULL) == 0 ? 0 : errno;
	if (++depth < 3) raise(SIGUSR2);
	depth--;
	if (!on_area(&local) && depth == 0) inside = 0;
}

static void jump(int signal, siginfo_t *info, void *context) {
	(void)context;
	char local;
	inside = on_area(&local);
	printf("overflow: signal %d code %d, on the other stack %d\n", signal, info->si_code == SEGV_MAPERR || info->si_code == SEGV_ACCERR, inside);
	times++;
	siglongjmp(back, 1);
}

__attribute__((noinline)) static int recurse(int n) {
	volatile char block[1000];
	block[n % 1000] = n;
	return recurse(n + 1) + block[n % 1000];
}

static void set(int flags) {
	stack_t stack = {.ss_sp = area, .ss_size = SIZE, .ss_flags = flags};
	int result = sigaltstack(&stack, NULL);
	printf("set %#x: %s\n", flags, name(result));
}

static void show(const char *what) {
	printf("%s: on it %d, flags %#x, context %d, set inside %s\n", what, inside, flags_inside, uc_ok,
		set_inside == 0 ? "0" : set_inside == EPERM ? "EPERM" : "other");
}

int main(void) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	area = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t now, small = {.ss_sp = area, .ss_size = 100};
	sigaltstack(NULL, &now);
	printf("at first: %#x %zu\n", now.ss_flags, now.ss_size);
	printf("too small: %s\n", name(sigaltstack(&small, NULL)));
	set(SS_DISABLE), set(77), set(SS_ONSTACK), set(0);
	sigaltstack(NULL, &now);
	printf("now: %d %#x %zu\n", now.ss_sp == area, now.ss_flags, now.ss_size);
	printf("bad address: %s\n", name(syscall(SYS_sigaltstack, (void *)8, NULL)));

	struct sigaction action = {.sa_sigaction = look, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	sigaction(SIGUSR2, &action, NULL);
	raise(SIGUSR2);
	show("on it");
	action.sa_flags = SA_SIGINFO | SA_NODEFER;
	sigaction(SIGUSR2, &action, NULL);
	raise(SIGUSR2);
	show("not asked for");
	set(0);
	action.sa_flags |= SA_ONSTACK;
	sigaction(SIGUSR2, &action, NULL);
	set(SS_AUTODISARM);
	sigaltstack(NULL, &now);
	printf("now: %d %#x %zu\n", now.ss_sp == area, now.ss_flags, now.ss_size);
	depth = 2; /* once */
	raise(SIGUSR2);
	show("disarming");
	sigaltstack(NULL, &now);
	printf("afterwards: %d %#x %zu\n", now.ss_sp == area, now.ss_flags, now.ss_size);
	depth = 0;
	set(0);

	/* The stack's end, several times: the handler jumps away from the other stack. */
	struct rlimit limit = {512 * 1024, RLIM_INFINITY};
	setrlimit(RLIMIT_STACK, &limit);
	action.sa_sigaction = jump;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK;
	sigaction(SIGSEGV, &action, NULL);
	for (volatile int i = 0; i < 3; i++)
		if (sigsetjmp(back, 1) == 0) printf("%d\n", recurse(1));
	printf("overflows: %d\n", times);
	sigaltstack(NULL, &now);
	printf("not in use: %#x\n", now.ss_flags);
	fflush(stdout);

	/* Without the other stack there is no room for the frame. */
	for (int way = 0; way < 3; way++) {
		pid_t child = fork();
		if (child == 0) {
			action.sa_flags = SA_SIGINFO | (way == 0 ? 0 : SA_ONSTACK);
			sigaction(SIGSEGV, &action, NULL);
			if (way == 1) set(SS_DISABLE);
			if (way == 2) mprotect(area, SIZE, PROT_READ);
			setvbuf(stdout, NULL, _IONBF, 0);
			recurse(1);
			_exit(1);
		}
		int status;
		waitpid(child, &status, 0);
		printf("no room: signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : -1);
		fflush(stdout);
	}
	return 0;
}
