/*
 * Calls that wait, and signals (signal(7)): which begin again with SA_RESTART, which never do, which go on after a
 * signal without a handler, and what of a partial transfer is told.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t calls;
static int fds[2], full[2];

static void handler(int signal) {
	(void)signal;
	calls++;
}

static void sleep_ms(int ms) {
	struct timespec left = {ms / 1000, ms % 1000 * 1000000L};
	while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

/* Ends the wait in the end. */
static void finish_pipe(void) { write(fds[1], "x", 1); }
static void finish_full(void) {
	static char buffer[65536];
	read(full[0], buffer, sizeof buffer);
}
static void finish_nothing(void) {}
static void finish_exit(void) {}
static void finish_fifo(void) {
	open("fifo", O_RDWR);
	sleep_ms(20);
}

static long do_read(void) {
	char c;
	return read(fds[0], &c, 1);
}
static long do_write(void) { return write(full[1], "y", 1); }
static long do_nanosleep(void) {
	struct timespec time = {0, 400000000};
	return nanosleep(&time, NULL);
}
static long do_clock_nanosleep(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_nsec += 400000000;
	if (time.tv_nsec >= 1000000000) time.tv_nsec -= 1000000000, time.tv_sec++;
	errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
	return errno == 0 ? 0 : -1;
}
static long do_poll(void) {
	struct pollfd p = {fds[0], POLLIN, 0};
	return poll(&p, 1, 400);
}
static long do_poll_forever(void) {
	struct pollfd p = {fds[0], POLLIN, 0};
	return poll(&p, 1, -1);
}
static long do_ppoll(void) {
	struct pollfd p = {fds[0], POLLIN, 0};
	sigset_t none;
	sigemptyset(&none);
	return ppoll(&p, 1, NULL, &none);
}
static long do_select(void) {
	fd_set set;
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	return select(fds[0] + 1, &set, NULL, NULL, NULL);
}
static long do_pselect(void) {
	fd_set set;
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	struct timespec time = {0, 400000000};
	return pselect(fds[0] + 1, &set, NULL, NULL, &time, NULL);
}
static pid_t sleeper;
static long do_wait(void) {
	int status;
	return waitpid(sleeper, &status, 0) > 0 ? 1 : -1;
}
static long do_waitid(void) {
	siginfo_t info;
	return waitid(P_PID, sleeper, &info, WEXITED);
}
#define FUTEX_WAIT 0
static uint32_t word;
static long do_futex(void) { return syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0); }
static long do_futex_timed(void) {
	struct timespec time = {0, 400000000};
	return syscall(SYS_futex, &word, FUTEX_WAIT, 0, &time, NULL, 0);
}
static long do_pause(void) { return pause(); }
static long do_suspend(void) {
	sigset_t none;
	sigemptyset(&none);
	return sigsuspend(&none);
}
static long do_open(void) {
	int fd = open("fifo", O_RDONLY);
	if (fd >= 0) close(fd);
	return fd >= 0 ? 1 : -1;
}

static const struct wait {
	const char *name;
	long (*call)(void);
	void (*finish)(void);
	int ends; /* whether it ends without a handler that runs */
	int restarts;
} waits[] = {
	{"read", do_read, finish_pipe, 1, 1},
	{"write", do_write, finish_full, 1, 1},
	{"open fifo", do_open, finish_fifo, 1, 1},
	{"waitpid", do_wait, finish_exit, 1, 1},
	{"waitid", do_waitid, finish_exit, 1, 1},
	{"nanosleep", do_nanosleep, finish_nothing, 1, 0},
	{"clock_nanosleep", do_clock_nanosleep, finish_nothing, 1, 0},
	{"poll", do_poll, finish_nothing, 1, 0},
	{"poll for ever", do_poll_forever, finish_pipe, 1, 0},
	{"ppoll", do_ppoll, finish_pipe, 1, 0},
	{"select", do_select, finish_pipe, 1, 0},
	{"pselect", do_pselect, finish_nothing, 1, 0},
	{"futex", do_futex, finish_nothing, 0, 0},
	{"futex with timeout", do_futex_timed, finish_nothing, 1, 0},
	{"pause", do_pause, finish_nothing, 0, 0},
	{"sigsuspend", do_suspend, finish_nothing, 0, 0},
};

static const char *name(long result) {
	static char text[32];
	if (result >= 0) snprintf(text, sizeof text, "%ld", result);
	else return errno == EINTR ? "EINTR" : errno == ETIMEDOUT ? "ETIMEDOUT" : errno == EAGAIN ? "EAGAIN" : "other";
	return text;
}

/*
 * Signals are sent every 30 ms: until the call ends, where one ends it; else three times, and then the wait is given
 * its end.
 */
static void run(const struct wait *w, int signal, int flags) {
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	sigaction(signal, &action, NULL);
	sleeper = -1;
	if (w->finish == finish_exit) {
		sleeper = fork();
		if (sleeper == 0) sleep_ms(flags & SA_RESTART ? 300 : 3000), _exit(0);
	}
	calls = 0;
	pid_t parent = getpid(), helper = fork();
	if (helper == 0) {
		int count = (flags & SA_RESTART) && w->restarts ? 3 : 1000;
		for (int i = 0; i < count; i++) sleep_ms(30), kill(parent, signal);
		sleep_ms(30);
		w->finish();
		_exit(0);
	}
	long result = w->call();
	int error = errno;
	if (!(flags & SA_RESTART) || !w->restarts) kill(helper, SIGKILL);
	while (waitpid(helper, NULL, 0) < 0 && errno == EINTR) continue;
	if (sleeper > 0) kill(sleeper, SIGKILL);
	if (sleeper > 0) while (waitpid(sleeper, NULL, 0) < 0 && errno == EINTR) continue;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	char c;
	while (read(fds[0], &c, 1) > 0) continue;
	fcntl(fds[0], F_SETFL, 0);
	/* And full it is again. */
	fcntl(full[1], F_SETFL, O_NONBLOCK);
	static char page[4096];
	while (write(full[1], page, sizeof page) > 0) continue;
	while (write(full[1], page, 1) > 0) continue;
	fcntl(full[1], F_SETFL, 0);
	errno = error;
	printf(" %s (%s)", name(result), calls > 0 ? "called" : "not called");
}

int main(void) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	pipe(fds), pipe(full);
	fcntl(full[1], F_SETFL, O_NONBLOCK);
	static char page[4096];
	while (write(full[1], page, sizeof page) > 0) continue;
	fcntl(full[1], F_SETFL, 0);
	mkfifo("fifo", 0600);
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		const struct wait *w = &waits[i];
		printf("%s: plain", w->name);
		run(w, SIGUSR1, 0);
		if (w->call != do_futex) {
			printf(", restart");
			run(w, SIGUSR1, SA_RESTART);
		}
		if (w->ends) {
			/* SIGWINCH and SIGCONT do nothing by default. */
			signal(SIGWINCH, SIG_DFL);
			printf(", none");
			struct sigaction plain = {.sa_handler = SIG_DFL};
			sigaction(SIGUSR1, &plain, NULL);
			calls = 0;
			pid_t parent = getpid(), helper, child = 0;
			sleeper = -1;
			if (w->finish == finish_exit) {
				sleeper = fork();
				if (sleeper == 0) sleep_ms(200), _exit(0);
			}
			helper = fork();
			if (helper == 0) {
				sleep_ms(40), kill(parent, SIGWINCH), sleep_ms(10), kill(parent, SIGSTOP), sleep_ms(20), kill(parent, SIGCONT);
				sleep_ms(40);
				w->finish();
				_exit(0);
			}
			(void)child;
			long result = w->call();
			printf(" %s", name(result));
			waitpid(helper, NULL, 0);
			if (sleeper > 0) waitpid(sleeper, NULL, 0);
			char c;
			fcntl(fds[0], F_SETFL, O_NONBLOCK);
			while (read(fds[0], &c, 1) > 0) continue;
			fcntl(fds[0], F_SETFL, 0);
			fcntl(full[1], F_SETFL, O_NONBLOCK);
			while (write(full[1], page, sizeof page) > 0) continue;
			while (write(full[1], page, 1) > 0) continue;
			fcntl(full[1], F_SETFL, 0);
		}
		printf("\n");
	}
	unlink("fifo");

	/* What is left of a sleep. */
	struct sigaction action = {.sa_handler = handler};
	sigaction(SIGALRM, &action, NULL);
	struct itimerval soon = {{0, 0}, {0, 50000}};
	setitimer(ITIMER_REAL, &soon, NULL);
	struct timespec time = {100, 0}, left = {0, 0};
	long result = nanosleep(&time, &left);
	printf("left: %s, %d\n", name(result), left.tv_sec == 99 && left.tv_nsec > 0);

	/* A partial transfer counts; the rest is lost to the caller. */
	int big[2];
	pipe(big);
	static char much[300000];
	setitimer(ITIMER_REAL, &soon, NULL);
	action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	result = write(big[1], much, sizeof much);
	printf("partial write: %s\n", name(result));
	return 0;
}
