/* sigprocmask(2), sigpending(2), sigsuspend(2), sigtimedwait(2), sigwaitinfo(2), pause(2). */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t calls;
static void count(int signal) {
	(void)signal;
	calls++;
}

static const char *name(int error) {
	return error == EINTR ? "EINTR" : error == EAGAIN ? "EAGAIN" : error == EINVAL ? "EINVAL" : error == EFAULT ? "EFAULT" : "other";
}

static sigset_t of(int a, int b) {
	sigset_t set;
	sigemptyset(&set);
	if (a) sigaddset(&set, a);
	if (b) sigaddset(&set, b);
	return set;
}

static void show(const char *what, const sigset_t *set) {
	printf("%s:", what);
	for (int i = 1; i < 65; i++) if (sigismember(set, i) == 1) printf(" %d", i);
	printf("\n");
}

/* A child that sends the signal again and again, so that it comes during the wait some time. */
static pid_t send_often(int signal) {
	pid_t parent = getpid(), child = fork();
	if (child != 0) return child;
	for (;;) {
		struct timespec pause = {0, 20000000};
		nanosleep(&pause, NULL);
		if (kill(parent, signal) != 0) _exit(0);
	}
}

static void end(pid_t child) {
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

int main(void) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	sigset_t set, old;
	struct sigaction action = {.sa_handler = count};
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigaction(SIGALRM, &action, NULL);

	set = of(SIGUSR1, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &old);
	show("before", &old);
	set = of(SIGHUP, 50);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	show("blocked", &old);
	sigprocmask(SIG_BLOCK, NULL, &old);
	show("after unblocking", &old);
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sigprocmask(SIG_BLOCK, NULL, &old);
	show("all", &old);
	set = of(SIGUSR1, 0);
	sigprocmask(SIG_SETMASK, &set, NULL);
	int result = sigprocmask(77, &set, NULL);
	printf("how 77: %d %s\n", result, name(errno));
	result = syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4);
	printf("size 4: %d %s\n", result, name(errno));
	result = syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void *)8, NULL, 8);
	printf("bad address: %d %s\n", result, name(errno));

	raise(SIGUSR1), raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	sigpending(&set);
	show("pending", &set);
	printf("calls while blocked: %d\n", calls);
	set = of(0, 0);
	result = sigsuspend(&set);
	printf("sigsuspend: %d %s, calls %d\n", result, name(errno), calls);
	sigprocmask(SIG_BLOCK, NULL, &old);
	show("mask after sigsuspend", &old);
	set = of(SIGUSR1, 0);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* raise went to the task, kill to the process: two queues, two signals. */
	printf("calls when unblocked: %d\n", calls);

	calls = 0;
	pid_t child = send_often(SIGUSR1);
	set = of(SIGUSR2, 0);
	result = sigsuspend(&set);
	printf("sigsuspend: %d %s, called %d\n", result, name(errno), calls > 0);
	calls = 0;
	result = pause();
	printf("pause: %d %s, called %d\n", result, name(errno), calls > 0);
	end(child);

	/* Waiting for signals instead of handling them. */
	siginfo_t info;
	struct timespec soon = {0, 30000000}, now = {0, 0}, bad = {0, 1000000000};
	set = of(SIGUSR1, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	calls = 0;
	result = sigtimedwait(&set, &info, &now);
	printf("nothing there: %d %s\n", result, name(errno));
	result = sigtimedwait(&set, &info, &soon);
	printf("nothing comes: %d %s\n", result, name(errno));
	result = sigtimedwait(&set, &info, &bad);
	printf("bad time: %d %s\n", result, name(errno));
	raise(SIGUSR2), kill(getpid(), SIGUSR1);
	result = sigwaitinfo(&set, &info);
	printf("first: %d signo %d code %d from us %d\n", result, info.si_signo, info.si_code, info.si_pid == getpid());
	result = sigtimedwait(&set, &info, &now);
	printf("second: %d signo %d code %d\n", result, info.si_signo, info.si_code);
	result = sigtimedwait(&set, NULL, &now);
	printf("third: %d %s, handled %d\n", result, name(errno), calls);
	child = send_often(SIGUSR2);
	result = sigwaitinfo(&set, &info);
	printf("from the child: %d code %d %d\n", result, info.si_code, info.si_pid == child);
	end(child);
	sigtimedwait(&set, NULL, &now);
	/* Another signal, with a handler, ends the wait; one without effect does not. */
	child = send_often(SIGALRM);
	calls = 0;
	result = syscall(SYS_rt_sigtimedwait, &set, &info, NULL, 8); /* musl's function begins again */
	printf("interrupted: %d %s, called %d\n", result, name(errno), calls > 0);
	end(child);
	signal(SIGALRM, SIG_IGN);
	child = send_often(SIGALRM);
	soon.tv_nsec = 100000000;
	result = sigtimedwait(&set, &info, &soon);
	printf("ignored: %d %s\n", result, name(errno));
	end(child);
	int number = 0;
	raise(SIGUSR1);
	result = sigwait(&set, &number);
	printf("sigwait: %d %d\n", result, number);
	return 0;
}
