/*
 * Stopped and continued children: WUNTRACED, WCONTINUED, waitid(2) and SIGCHLD's siginfo; SA_NOCLDSTOP, SA_NOCLDWAIT;
 * what stop signals and SIGCONT do to each other; orphaned groups; kill(2) of groups.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct { int code, status; pid_t pid; } told[16];
static volatile int count;
static pid_t child;

static void on_child(int signal, siginfo_t *info, void *context) {
	(void)signal, (void)context;
	if (count < 16) told[count].code = info->si_code, told[count].status = info->si_status, told[count].pid = info->si_pid;
	count++;
}

static void show_told(void) {
	printf("told:");
	for (int i = 0; i < count; i++) printf(" %d/%d/%d", told[i].code, told[i].status, told[i].pid == child);
	printf("\n");
	count = 0;
}

static void pause_ms(int ms) {
	struct timespec left = {0, ms * 1000000L};
	while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

static int wait_for(int options) {
	int status = 0;
	pid_t pid;
	while ((pid = waitpid(child, &status, options)) < 0 && errno == EINTR) continue;
	if (pid == 0) printf("nothing");
	else if (pid < 0) printf("%s", errno == ECHILD ? "ECHILD" : "error");
	else if (WIFSTOPPED(status)) printf("stopped %d", WSTOPSIG(status));
	else if (WIFCONTINUED(status)) printf("continued");
	else if (WIFSIGNALED(status)) printf("killed %d", WTERMSIG(status));
	else printf("exit %d", WEXITSTATUS(status));
	printf(" (%#x)\n", status & ~0x80);
	pause_ms(20); /* it may be seen to have stopped before it has told so */
	return status;
}

static void wait_id(int options) {
	siginfo_t info;
	memset(&info, 0, sizeof info);
	int result;
	while ((result = waitid(P_PID, child, &info, options)) < 0 && errno == EINTR) continue;
	printf("waitid %d: signo %d code %d status %d pid %d\n", result, info.si_signo, info.si_code, info.si_status, info.si_pid == child);
	pause_ms(20);
}

static void handle_cont(int signal) {
	(void)signal;
	_exit(5);
}

static pid_t spawn(void) {
	pid_t pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		for (;;) pause();
	}
	setpgid(pid, pid);
	return pid;
}

/* Computes without a system call. */
static pid_t spawn_busy(void) {
	pid_t pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		for (volatile unsigned i = 0;; i++) continue;
	}
	setpgid(pid, pid);
	return pid;
}

static void expect_child_signals(int flags) {
	struct sigaction action = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO | flags};
	sigaction(SIGCHLD, &action, NULL);
	count = 0;
}

int main(void) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	expect_child_signals(0);
	child = spawn();
	kill(child, SIGSTOP);
	wait_for(WUNTRACED);
	wait_for(WNOHANG | WUNTRACED);
	kill(child, SIGCONT);
	wait_for(WCONTINUED);
	wait_for(WNOHANG | WCONTINUED);
	kill(child, SIGTSTP);
	wait_id(WSTOPPED | WNOWAIT);
	wait_id(WSTOPPED);
	kill(child, SIGCONT);
	wait_id(WCONTINUED);
	kill(child, SIGTERM);
	wait_id(WEXITED | WNOWAIT);
	wait_for(0);
	wait_for(0);
	show_told();

	/* Stopped while it computes; signals wait, SIGKILL does not. */
	child = spawn_busy();
	for (int i = 0; i < 3; i++) {
		kill(child, SIGSTOP);
		wait_for(WUNTRACED);
		kill(child, SIGCONT);
		wait_for(WCONTINUED);
	}
	kill(child, SIGTTIN);
	wait_for(WUNTRACED);
	kill(child, SIGUSR1);
	pause_ms(30);
	wait_for(WNOHANG);
	kill(child, SIGCONT);
	wait_for(0);
	child = spawn_busy();
	kill(child, SIGSTOP);
	wait_for(WUNTRACED);
	kill(child, SIGKILL);
	wait_for(0);
	count = 0;

	expect_child_signals(SA_NOCLDSTOP);
	child = spawn();
	kill(child, SIGSTOP);
	wait_for(WUNTRACED);
	kill(child, SIGCONT);
	wait_for(WCONTINUED);
	show_told();
	kill(child, SIGKILL);
	wait_for(0);
	show_told();

	/* Nobody has to wait for these. */
	expect_child_signals(SA_NOCLDWAIT);
	child = fork();
	if (child == 0) _exit(3);
	wait_for(0);
	show_told();
	signal(SIGCHLD, SIG_IGN);
	child = fork();
	if (child == 0) _exit(3);
	wait_for(0);
	signal(SIGCHLD, SIG_DFL);

	/* SIGCONT has a handler: it runs once the process goes on. */
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		signal(SIGCONT, handle_cont);
		raise(SIGSTOP);
		for (;;) pause();
	}
	wait_for(WUNTRACED);
	kill(child, SIGCONT);
	wait_for(0);

	/* A pending SIGCONT is taken back by a stop signal, and the other way round. */
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		sigset_t set;
		sigfillset(&set);
		sigprocmask(SIG_SETMASK, &set, NULL);
		kill(getpid(), SIGTSTP);
		kill(getpid(), SIGCONT);
		sigpending(&set);
		int result = sigismember(&set, SIGTSTP) + 2 * sigismember(&set, SIGCONT);
		kill(getpid(), SIGTTOU);
		sigpending(&set);
		_exit(result + 4 * sigismember(&set, SIGTTOU) + 8 * sigismember(&set, SIGCONT));
	}
	wait_for(0);

	/* Nobody could continue an orphaned group: it does not stop, but of SIGSTOP. */
	child = fork();
	if (child == 0) {
		setsid();
		raise(SIGTSTP), raise(SIGTTIN), raise(SIGTTOU);
		raise(SIGSTOP);
		_exit(9);
	}
	wait_for(WUNTRACED);
	kill(child, SIGCONT);
	wait_for(0);

	/* Groups. */
	child = spawn();
	pid_t second = fork();
	if (second == 0) {
		setpgid(0, child);
		for (;;) pause();
	}
	setpgid(second, child);
	printf("killpg %d\n", killpg(child, SIGUSR2));
	wait_for(0);
	pid_t group = child;
	child = second;
	wait_for(0);
	int result = killpg(group, 0);
	printf("no group: %d %d\n", result, errno == ESRCH);
	return 0;
}
