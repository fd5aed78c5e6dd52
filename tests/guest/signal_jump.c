/* Out of handlers by siglongjmp and setcontext, signals and fork, vfork, exec; calls inside of handlers. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int jumps, calls;
static int fds[2];
static pid_t child;

static void jump(int signal) {
	(void)signal;
	jumps++;
	siglongjmp(back, jumps);
}

static void count(int signal) {
	(void)signal;
	calls++;
}

/* The self-pipe trick. */
static void tell(int signal) {
	int saved = errno;
	char c = signal;
	write(fds[1], &c, 1);
	errno = saved;
}

static void forking(int signal) {
	(void)signal;
	pid_t pid = fork();
	if (pid == 0) {
		calls++;
		return; /* the child goes on where the signal came */
	}
	int status;
	waitpid(pid, &status, 0);
	calls += 10 + WEXITSTATUS(status);
}

static void blocked_set(const char *what) {
	sigset_t set;
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("%s:", what);
	for (int i = 1; i < 65; i++) if (sigismember(&set, i)) printf(" %d", i);
	printf("\n");
}

int main(int argc, char **argv) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	if (argc > 1) {
		/* What exec has left. */
		struct sigaction action;
		sigset_t pending;
		blocked_set("after exec, blocked");
		sigaction(SIGUSR1, NULL, &action);
		printf("handler gone %d", action.sa_handler == SIG_DFL);
		sigaction(SIGUSR2, NULL, &action);
		printf(", ignored still %d", action.sa_handler == SIG_IGN);
		sigpending(&pending);
		printf(", pending %d\n", sigismember(&pending, SIGHUP));
		return 0;
	}
	/* Out of an endless loop, many times: the mask comes back with the jump. */
	signal(SIGALRM, jump);
	struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
	if (sigsetjmp(back, 1) < 100) {
		if (jumps == 0) setitimer(ITIMER_REAL, &often, NULL);
		for (volatile unsigned i = 0;; i++) continue;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	printf("jumps %d\n", jumps >= 100);
	blocked_set("blocked");
	/* Out of a wait. */
	signal(SIGALRM, jump);
	jumps = 0;
	if (sigsetjmp(back, 1) < 20) {
		struct itimerval soon = {{0, 0}, {0, 3000}};
		setitimer(ITIMER_REAL, &soon, NULL);
		for (;;) pause();
	}
	printf("out of pause %d\n", jumps);

	pipe(fds);
	signal(SIGUSR1, tell);
	for (int i = 0; i < 50; i++) raise(SIGUSR1);
	char told[64];
	printf("pipe: %zd", read(fds[0], told, sizeof told));
	printf(" %d\n", told[49]);

	signal(SIGUSR1, forking);
	pid_t self = getpid();
	raise(SIGUSR1);
	if (getpid() != self) _exit(calls);
	printf("fork in a handler: %d\n", calls);

	/* A child inherits mask and handlers, not what is pending. */
	calls = 0;
	signal(SIGUSR1, count);
	sigset_t set, pending;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1), sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		blocked_set("child, blocked");
		sigpending(&pending);
		printf("child, pending %d\n", sigismember(&pending, SIGUSR1));
		raise(SIGUSR1);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		printf("child, calls %d\n", calls);
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	signal(SIGUSR2, SIG_IGN);
	child = fork();
	if (child == 0) {
		raise(SIGHUP);
		execl(argv[0], argv[0], "after", NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
	/* The parent of a vfork waits for its child, whatever comes. */
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	calls = 0;
	often.it_interval.tv_usec = often.it_value.tv_usec = 10000;
	signal(SIGALRM, count);
	for (volatile int i = 0; i < 3; i++) {
		child = vfork();
		if (child == 0) {
			setitimer(ITIMER_REAL, &never, NULL);
			kill(self, SIGUSR1);
			execl("/nowhere", "nowhere", NULL);
			_exit(4);
		}
		int status = -1;
		while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
		printf("vfork: %d, calls %d\n", WEXITSTATUS(status), calls);
	}
	/* A child killed in the middle of its work, and one in its wait. */
	child = fork();
	if (child == 0) for (volatile unsigned i = 0;; i++) continue;
	kill(child, SIGTERM);
	int status;
	waitpid(child, &status, 0);
	printf("killed: %d\n", WTERMSIG(status));
	child = fork();
	if (child == 0) for (;;) pause();
	kill(child, SIGINT);
	waitpid(child, &status, 0);
	printf("killed: %d\n", WTERMSIG(status));
	return 0;
}
