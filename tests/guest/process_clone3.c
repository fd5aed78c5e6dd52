/* clone3(2), as far as it makes processes: its arguments, what they do, and what it refuses. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

struct arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup, later;
};

enum {
	DETACHED = 0x400000, SIGHAND = 0x800, VM = 0x100, VFORK = 0x4000, THREAD = 0x10000,
	PARENT_SETTID = 0x100000, CHILD_SETTID = 0x1000000,
};
static const uint64_t CLEAR_SIGHAND = 1ull << 32;

static int calls;
static void handler(int signal) { (void)signal, calls++; }

static long clone3(struct arguments *arguments, size_t size) { return syscall(SYS_clone3, arguments, size); }

static void refused(const char *what, struct arguments arguments, size_t size) {
	long result = clone3(&arguments, size);
	if (result == 0) _exit(99);
	printf("%s: %s\n", what, result > 0 ? "a child" : errno == EINVAL ? "EINVAL" : errno == E2BIG ? "E2BIG" : errno == EFAULT ? "EFAULT" : "other");
	if (result > 0) waitpid(result, NULL, 0);
}

static int status_of(long child) {
	int status;
	while (waitpid(child, &status, __WALL) < 0)
		if (errno != EINTR) return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int main(void) {
	setvbuf(stdout, NULL, _IONBF, 0);
	struct arguments plain = {.exit_signal = SIGCHLD};
	long child = clone3(&plain, 64);
	if (child == 0) _exit(7);
	printf("plain: %d\n", status_of(child));

	int32_t mine = 0, its = 0;
	struct arguments told = {.flags = PARENT_SETTID | CHILD_SETTID, .exit_signal = SIGCHLD};
	told.parent_tid = (uintptr_t)&mine, told.child_tid = (uintptr_t)&its;
	child = clone3(&told, 88);
	if (child == 0) _exit(its == getpid() ? 1 : 2);
	printf("told: %d %d %d\n", status_of(child), mine == child, its);

	/* Another signal at its end. */
	signal(SIGUSR1, handler);
	struct arguments other = {.exit_signal = SIGUSR1};
	child = clone3(&other, 64);
	if (child == 0) _exit(3);
	int status = status_of(child);
	printf("other signal: %d, calls %d\n", status, calls);

	/* Handlers are forgotten where that is wanted; what is ignored stays so. */
	signal(SIGUSR2, handler);
	signal(SIGHUP, SIG_IGN);
	struct arguments cleared = {.flags = CLEAR_SIGHAND, .exit_signal = SIGCHLD};
	child = clone3(&cleared, 64);
	if (child == 0) raise(SIGHUP), raise(SIGUSR2), _exit(5);
	printf("cleared: %d\n", status_of(child));
	child = clone3(&plain, 64);
	if (child == 0) raise(SIGHUP), raise(SIGUSR2), _exit(calls);
	printf("not cleared: %d\n", status_of(child));

	struct arguments a = plain;
	refused("too small", a, 63);
	refused("much too large", a, 5000);
	a.later = 1;
	refused("unknown", a, sizeof a);
	a = plain, a.later = 0;
	child = clone3(&a, sizeof a);
	if (child == 0) _exit(11);
	printf("larger: %d\n", status_of(child));
	a = plain, a.flags = SIGCHLD;
	refused("a signal in flags", a, 64);
	a = plain, a.flags = DETACHED;
	refused("detached", a, 64);
	a = plain, a.exit_signal = 65;
	refused("no signal", a, 64);
	a = plain, a.exit_signal = 300;
	refused("no byte", a, 64);
	a = plain, a.stack = 4096;
	refused("a stack without size", a, 64);
	a = plain, a.stack_size = 4096;
	refused("a size without stack", a, 64);
	a = plain, a.flags = SIGHAND;
	refused("handlers without memory", a, 64);
	a = plain, a.flags = VM | SIGHAND | THREAD;
	refused("a thread with a signal", a, 64);
	a = plain, a.flags = CLEAR_SIGHAND | VM | SIGHAND | VFORK;
	refused("handlers cleared and shared", a, 64);
	a = plain, a.set_tid_size = 40;
	refused("too many pids", a, 88);
	child = syscall(SYS_clone3, 8, (size_t)64);
	printf("nowhere: %d\n", child < 0 && errno == EFAULT);
	return 0;
}
