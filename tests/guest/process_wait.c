/* wait(2): wait4, waitpid and waitid with all their options, status words, rusage. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CLONE_WAIT_ALL 0x40000000 /* __WALL */

static void pause_ms(int ms) { nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL); }

static void show_status(const char *what, int status) {
	if (WIFEXITED(status)) printf("%s: exited %d\n", what, WEXITSTATUS(status));
	else if (WIFSIGNALED(status)) printf("%s: killed by %d\n", what, WTERMSIG(status));
	else if (WIFSTOPPED(status)) printf("%s: stopped by %d\n", what, WSTOPSIG(status));
	else if (WIFCONTINUED(status)) printf("%s: continued\n", what);
	else printf("%s: status %x\n", what, status);
}

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static pid_t exits(int code) {
	pid_t pid = fork();
	if (!pid) _exit(code);
	return pid;
}

static pid_t sleeps(void) {
	pid_t pid = fork();
	if (!pid) for (;;) pause();
	return pid;
}

static void statuses(void) {
	int status;
	for (int code = 0; code <= 257; code += code < 2 ? 1 : 85) {
		pid_t pid = exits(code);
		printf("same child: %d, ", waitpid(pid, &status, 0) == pid);
		show_status("code", status);
	}
	for (int i = 0; i < 6; i++) {
		int signal = (int[]){SIGHUP, SIGKILL, SIGTERM, SIGALRM, SIGUSR1, SIGRTMIN + 3}[i];
		pid_t pid = sleeps();
		kill(pid, signal);
		waitpid(pid, &status, 0);
		show_status("signal", status);
	}
}

static void options(void) {
	int status = 77;
	show("no children", wait(&status));
	show("no such child", waitpid(getppid(), &status, 0));
	show("bad options", waitpid(-1, &status, 0x100));
	show("no group", waitpid(INT_MIN, &status, 0));
	pid_t pid = sleeps();
	show("nothing yet", waitpid(pid, &status, WNOHANG));
	printf("status untouched: %d\n", status);
	show("another group", waitpid(-pid, &status, WNOHANG));
	show("own group", waitpid(0, &status, WNOHANG));
	show("own group by number", waitpid(-getpgrp(), &status, WNOHANG));
	kill(pid, SIGSTOP);
	show("stopped, not asked for", (pause_ms(30), waitpid(pid, &status, WNOHANG)));
	printf("stopped: %d\n", waitpid(pid, &status, WUNTRACED) == pid);
	show_status("stopped", status);
	show("told once", waitpid(pid, &status, WUNTRACED | WNOHANG));
	kill(pid, SIGCONT);
	printf("continued: %d\n", waitpid(pid, &status, WCONTINUED) == pid);
	show_status("continued", status);
	show("told once", waitpid(pid, &status, WCONTINUED | WNOHANG));
	kill(pid, SIGSTOP);
	pause_ms(30);
	kill(pid, SIGKILL);
	waitpid(pid, &status, WUNTRACED);
	if (WIFSTOPPED(status)) waitpid(pid, &status, WUNTRACED);
	show_status("killed while stopped", status);
	show("gone", waitpid(pid, &status, 0));
	exits(3);
	printf("no place for the status: %d\n", wait(NULL) > 0);
	pid = exits(4);
	errno = 0;
	long bad = waitpid(pid, (int *)8, 0);
	printf("a bad place: %ld %s\n", bad, strerror(errno));
	show("it is reaped all the same", waitpid(pid, &status, WNOHANG));
}

static void show_info(const char *what, int result, siginfo_t *info, pid_t pid) {
	if (result < 0) {
		printf("%s: %s\n", what, strerror(errno));
		return;
	}
	printf("%s: %d, signal %d code %d status %d, %s, uid %s\n", what, result, info->si_signo, info->si_code,
		info->si_status, info->si_pid == pid ? "the child" : info->si_pid == 0 ? "nobody" : "another",
		info->si_uid == (info->si_pid ? getuid() : 0) ? "ok" : "bad");
}

static void by_id(void) {
	siginfo_t info;
	memset(&info, 255, sizeof info);
	pid_t pid = sleeps();
	show_info("nothing", waitid(P_PID, pid, &info, WEXITED | WNOHANG), &info, pid);
	show_info("no event", waitid(P_PID, pid, &info, WNOHANG), &info, pid);
	show_info("bad option", waitid(P_PID, pid, &info, WEXITED | 0x100), &info, pid);
	show_info("bad type", waitid(17, pid, &info, WEXITED), &info, pid);
	show_info("pid 0", waitid(P_PID, 0, &info, WEXITED), &info, pid);
	show_info("another group", waitid(P_PGID, pid, &info, WEXITED), &info, pid);
	kill(pid, SIGSTOP);
	show_info("peek", waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT), &info, pid);
	show_info("stopped", waitid(P_ALL, 0, &info, WSTOPPED | WEXITED), &info, pid);
	kill(pid, SIGCONT);
	show_info("continued", waitid(P_PGID, getpgrp(), &info, WCONTINUED), &info, pid);
	kill(pid, SIGTERM);
	show_info("peek", waitid(P_PID, pid, &info, WEXITED | WNOWAIT), &info, pid);
	show_info("only stops", waitid(P_PID, pid, &info, WSTOPPED | WNOHANG), &info, pid);
	show_info("killed", waitid(P_PGID, 0, &info, WEXITED), &info, pid);
	show_info("none", waitid(P_ALL, 0, &info, WEXITED), &info, pid);
	pid = exits(200);
	struct rusage usage;
	memset(&usage, 255, sizeof usage);
	show_info("usage", syscall(SYS_waitid, P_PID, pid, &info, WEXITED, &usage), &info, pid);
	printf("usage: %d\n", usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_sec < 2);
	pid = exits(1);
	show("nowhere", waitid(P_PID, pid, NULL, WEXITED));
}

static volatile sig_atomic_t interrupts;
static void on_signal(int signal) { (void)signal, interrupts++; }

static void interrupted(void) {
	int status;
	pid_t pid = sleeps(), parent = getpid();
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, NULL);
	if (!fork()) pause_ms(50), kill(parent, SIGUSR1), _exit(0);
	show("interrupted", waitpid(pid, &status, 0));
	wait(&status);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_RESTART}, NULL);
	if (!fork()) pause_ms(50), kill(parent, SIGUSR1), pause_ms(50), kill(pid, SIGKILL), _exit(0);
	printf("begun again: %d\n", waitpid(pid, &status, 0) == pid);
	wait(&status);
	printf("%d signals\n", (int)interrupts);
}

static void ignored(void) {
	int status;
	signal(SIGCHLD, SIG_IGN);
	exits(1), exits(2);
	show("children are not kept", wait(&status));
	signal(SIGCHLD, SIG_DFL);
	sigaction(SIGCHLD, &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_NOCLDWAIT}, NULL);
	interrupts = 0;
	exits(1);
	long result;
	while ((result = wait(&status)) < 0 && errno == EINTR) ;
	show("nor with a handler", result);
	printf("but told of: %d\n", (int)interrupts);
	sigaction(SIGCHLD, &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_NOCLDSTOP | SA_RESTART}, NULL);
	interrupts = 0;
	pid_t pid = sleeps();
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	printf("no signal for a stop: %d\n", (int)interrupts);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	printf("one for the end: %d\n", (int)interrupts);
	signal(SIGCHLD, SIG_DFL);
}

static void order(void) {
	int status;
	pid_t a = exits(1), b = exits(2), c = exits(3);
	pause_ms(100);
	printf("the last first: %d\n", waitpid(c, &status, 0) == c);
	int rest = (wait(&status) == a) + (wait(&status) == b);
	printf("then as they were made: %d\n", rest);
}

/* Exit signals other than SIGCHLD (clone(2)). */
static void clones(void) {
	int status;
	signal(SIGUSR2, on_signal);
	interrupts = 0;
	pid_t pid = syscall(SYS_clone, SIGUSR2, 0, 0, 0, 0);
	if (!pid) _exit(5);
	show("not without __WCLONE", (pause_ms(50), waitpid(pid, &status, WNOHANG)));
	printf("with: %d\n", waitpid(pid, &status, 0x80000000) == pid);
	show_status("clone", status);
	printf("told by its signal: %d\n", (int)interrupts);
	pid = syscall(SYS_clone, 0, 0, 0, 0, 0);
	if (!pid) _exit(6);
	printf("with __WALL: %d\n", waitpid(-1, &status, CLONE_WAIT_ALL) == pid);
	show_status("clone", status);
}

static void usage(void) {
	struct rusage before, after, one;
	getrusage(RUSAGE_CHILDREN, &before);
	pid_t pid = fork();
	if (!pid) {
		clock_t end = clock() + CLOCKS_PER_SEC / 5;
		while (clock() < end) ;
		_exit(0);
	}
	wait4(pid, NULL, 0, &one);
	getrusage(RUSAGE_CHILDREN, &after);
	long spent = (one.ru_utime.tv_sec + one.ru_stime.tv_sec) * 1000 + (one.ru_utime.tv_usec + one.ru_stime.tv_usec) / 1000;
	long all = (after.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_utime.tv_sec - before.ru_stime.tv_sec) * 1000 +
		(after.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_utime.tv_usec - before.ru_stime.tv_usec) / 1000;
	printf("its time: %d, all children's: %d\n", spent >= 150 && spent < 5000, all >= 150 && all < 5000);
	struct tms times_now;
	times(&times_now);
	printf("ticks of children: %d\n", times_now.tms_cutime + times_now.tms_cstime >= 15);
	pid = fork();
	if (!pid) {
		getrusage(RUSAGE_SELF, &one);
		getrusage(RUSAGE_CHILDREN, &after);
		_exit(one.ru_utime.tv_sec || after.ru_utime.tv_sec || after.ru_utime.tv_usec);
	}
	int status;
	waitpid(pid, &status, 0);
	show_status("a child begins at zero", status);
}

int main(void) {
	setvbuf(stdout, NULL, _IONBF, 0);
	setpgid(0, 0);
	statuses();
	options();
	by_id();
	interrupted();
	ignored();
	order();
	clones();
	usage();
	return 0;
}
