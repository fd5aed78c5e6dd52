/* sigaction(2): what is set and read back, the mask while a handler runs, SA_NODEFER, SA_RESETHAND, SIG_IGN. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int depth, calls, deepest;
static sigset_t seen;
static volatile int result;

static void plain(int signal) {
	(void)signal;
	calls++;
	sigprocmask(SIG_BLOCK, NULL, &seen);
}

static void nesting(int signal) {
	if (++depth > deepest) deepest = depth;
	calls++;
	if (calls < 3) raise(signal);
	depth--;
}

static void set(int signal, void (*handler)(int), int flags, int blocked) {
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	if (blocked) sigaddset(&action.sa_mask, blocked);
	if (sigaction(signal, &action, NULL) != 0) perror("sigaction");
	calls = depth = deepest = 0;
}

static void show_set(const char *what, const sigset_t *set) {
	printf("%s:", what);
	for (int i = 1; i < 65; i++) if (sigismember(set, i) == 1) printf(" %d", i);
	printf("\n");
}

static void try(int signal) {
	struct sigaction action = {.sa_handler = plain};
	int result = sigaction(signal, &action, NULL);
	printf("set %d: %s\n", signal, result == 0 ? "ok" : errno == EINVAL ? "EINVAL" : "other");
	result = sigaction(signal, NULL, &action);
	printf("get %d: %s\n", signal, result == 0 ? "ok" : errno == EINVAL ? "EINVAL" : "other");
}

/* How a process without a handler ends, or goes on. */
static void by_default(int signal) {
	pid_t child = fork();
	if (child == 0) {
		if (signal != SIGKILL && signal != SIGSTOP) set(signal, SIG_DFL, 0, 0); /* whoever started us in the background had SIGINT and SIGQUIT ignored */
		setpgid(0, 0); /* a group that is not orphaned, or it would not stop */
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		kill(getpid(), signal);
		_exit(7);
	}
	int status;
	waitpid(child, &status, WUNTRACED);
	if (WIFSTOPPED(status)) {
		printf(" %d:stopped-%d", signal, WSTOPSIG(status));
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
	} else if (WIFSIGNALED(status)) printf(" %d:%d", signal, WTERMSIG(status));
	else printf(" %d:exit-%d", signal, WEXITSTATUS(status));
}

static volatile int order[8], ordered;
static void note(int signal) { order[ordered++] = signal; }

int main(void) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	struct sigaction action;

	set(SIGUSR1, plain, SA_RESTART | SA_NODEFER, SIGHUP);
	sigaction(SIGUSR1, NULL, &action);
	printf("read back: %d %#x ", action.sa_handler == plain, action.sa_flags & ~0x04000000);
	show_set("mask", &action.sa_mask);
	raise(SIGUSR1);
	show_set("NODEFER, mask in handler", &seen);

	set(SIGUSR1, plain, 0, SIGHUP);
	raise(SIGUSR1);
	show_set("mask in handler", &seen);
	sigprocmask(SIG_BLOCK, NULL, &seen);
	show_set("mask afterwards", &seen);

	set(SIGUSR1, plain, 0, SIGKILL);
	sigaction(SIGUSR1, NULL, &action);
	raise(SIGUSR1);
	show_set("KILL cannot be blocked", &seen);

	set(SIGUSR1, nesting, 0, 0);
	raise(SIGUSR1);
	printf("deferred: %d calls, depth %d\n", calls, deepest);
	set(SIGUSR1, nesting, SA_NODEFER, 0);
	raise(SIGUSR1);
	printf("not deferred: %d calls, depth %d\n", calls, deepest);

	set(SIGUSR1, plain, SA_RESETHAND, 0);
	raise(SIGUSR1);
	sigaction(SIGUSR1, NULL, &action);
	printf("reset: %d calls, default %d, flags %#x\n", calls, action.sa_handler == SIG_DFL, action.sa_flags & ~0x04000000);

	set(SIGUSR1, SIG_IGN, 0, 0);
	raise(SIGUSR1);
	printf("ignored: %d calls\n", calls);

	/* A blocked signal is forgotten when it becomes ignored. */
	sigset_t block, pending;
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	set(SIGUSR1, plain, 0, 0);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	sigpending(&pending);
	show_set("pending", &pending);
	set(SIGUSR1, SIG_IGN, 0, 0);
	sigpending(&pending);
	show_set("pending when ignored", &pending);
	set(SIGUSR1, plain, 0, 0);
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	printf("then: %d calls\n", calls);

	/* Several at once: the lowest is delivered first, so the highest handler runs first of all. */
	sigfillset(&block);
	sigprocmask(SIG_SETMASK, &block, &seen);
	static const int many[] = {SIGTERM, SIGUSR2, SIGHUP, 40, 36};
	for (int i = 0; i < 5; i++) set(many[i], note, 0, 0), raise(many[i]);
	sigprocmask(SIG_SETMASK, &seen, NULL);
	printf("order:");
	for (int i = 0; i < ordered; i++) printf(" %d", order[i]);
	printf("\n");

	try(SIGKILL), try(SIGSTOP), try(0), try(64), try(65), try(-1);
	result = kill(getpid(), 65);
	printf("kill 65: %d %d\n", result, errno == EINVAL);
	printf("kill 0: %d\n", kill(getpid(), 0));
	result = kill(99999, SIGTERM);
	printf("kill nobody: %d %d\n", result, errno == ESRCH);

	printf("old: %d", signal(SIGUSR2, plain) == note);
	printf(" %d\n", signal(SIGUSR2, SIG_DFL) == plain);

	printf("by default:");
	fflush(stdout);
	for (int i = 1; i < 65; i++) if (i != 32 && i != 33 && i != 34) by_default(i);
	printf("\n");
	return 0;
}
