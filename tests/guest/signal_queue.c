/*
 * Queued signals: order and values of real-time signals, what is merged, sigqueue(3), rt_tgsigqueueinfo(2). Argument:
 * how many a child sends (default 300).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct seen { int signal, code, value; } seen[64];
static volatile int count;
static volatile sig_atomic_t received, out_of_order;

static void note(int signal, siginfo_t *info, void *context) {
	(void)context;
	if (count < 64) seen[count] = (struct seen){signal, info->si_code, info->si_value.sival_int};
	count++;
}

static void in_order(int signal, siginfo_t *info, void *context) {
	(void)signal, (void)context;
	if (info->si_value.sival_int != received) out_of_order++;
	received++;
}

static void show(const char *what) {
	printf("%s:", what);
	for (int i = 0; i < count; i++) {
		struct seen *s = &seen[i];
		printf(" %d/%d", s->signal, s->code);
		if (s->code == SI_QUEUE) printf("/%d", s->value);
	}
	printf("\n");
	count = 0;
}

int main(int argc, char **argv) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	int total = argc > 1 ? atoi(argv[1]) : 300;
	pid_t self = getpid();
	sigset_t all, old;
	sigfillset(&all);
	struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO, .sa_mask = all};
	static const int signals[] = {SIGUSR1, SIGUSR2, 36, 37, 64};
	for (int i = 0; i < 5; i++) sigaction(signals[i], &action, NULL);

	sigprocmask(SIG_SETMASK, &all, &old);
	for (int i = 0; i < 3; i++) {
		sigqueue(self, 37, (union sigval){.sival_int = 100 + i});
		sigqueue(self, 36, (union sigval){.sival_int = 200 + i});
		sigqueue(self, 64, (union sigval){.sival_int = -i});
		sigqueue(self, SIGUSR1, (union sigval){.sival_int = 300 + i});
	}
	kill(self, 37);
	kill(self, SIGUSR2);
	sigprocmask(SIG_SETMASK, &old, NULL);
	show("by number, then by age");

	/* The task's own queue before the process's. */
	sigprocmask(SIG_SETMASK, &all, &old);
	kill(self, 36);
	raise(36);
	raise(SIGUSR1);
	kill(self, SIGUSR1);
	sigprocmask(SIG_SETMASK, &old, NULL);
	show("own queue first");

	siginfo_t info;
	memset(&info, 0, sizeof info);
	info.si_code = -77;
	info.si_value.sival_int = 5;
	info.si_pid = 12345;
	int result = syscall(SYS_rt_sigqueueinfo, self, 36, &info);
	printf("own code: %d\n", result);
	show("own code");
	result = syscall(SYS_rt_tgsigqueueinfo, self, self, 37, &info);
	printf("to a task: %d\n", result);
	show("to a task");
	info.si_code = SI_USER;
	pid_t other = fork();
	if (other == 0) for (;;) pause();
	result = syscall(SYS_rt_sigqueueinfo, other, SIGUSR1, &info);
	printf("pretending: %d %d\n", result, errno == EPERM);
	info.si_code = SI_TKILL;
	result = syscall(SYS_rt_sigqueueinfo, other, SIGUSR1, &info);
	printf("pretending: %d %d\n", result, errno == EPERM);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	result = sigqueue(other, 36, (union sigval){.sival_int = 1});
	printf("nobody: %d %d\n", result, errno == ESRCH);
	result = sigqueue(self, 65, (union sigval){.sival_int = 1});
	printf("no signal: %d %d\n", result, errno == EINVAL);
	printf("none: %d\n", sigqueue(self, 0, (union sigval){.sival_int = 1}));

	/* None is lost on the way. */
	action.sa_sigaction = in_order;
	sigaction(36, &action, NULL);
	pid_t child = fork();
	if (child == 0) {
		for (int i = 0; i < total; i++)
			while (sigqueue(self, 36, (union sigval){.sival_int = i}) != 0) {
				if (errno != EAGAIN) _exit(1);
				sched_yield();
			}
		_exit(0);
	}
	int status = -1;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
	/* The child has sent all of them; those that are left are delivered by the next call at the latest. */
	getppid();
	printf("sent: status %d, all here %d, out of order %d\n", status, received == total, out_of_order);
	return 0;
}
