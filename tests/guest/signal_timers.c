/* alarm(2), setitimer(2), timer_create(2) and its family: what they send, and what they tell. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t calls, code, value, id, overrun, which;

static void handler(int signal, siginfo_t *info, void *context) {
	(void)context;
	calls++, which = signal, code = info->si_code, value = info->si_value.sival_int;
	id = info->si_timerid, overrun += info->si_overrun;
}

static double now(clockid_t clock) {
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

static double of(struct timespec t) { return t.tv_sec + t.tv_nsec * 1e-9; }
static struct timespec ms(int n) { return (struct timespec){n / 1000, n % 1000 * 1000000L}; }

static void busy_until(int wanted) {
	while (calls < wanted) continue;
}

static const char *name(int result) {
	return result == 0 ? "0" : errno == EINVAL ? "EINVAL" : errno == EFAULT ? "EFAULT" : errno == EOPNOTSUPP ? "EOPNOTSUPP" : "other";
}

static void interval(const char *what, int kind, int signal) {
	struct itimerval often = {{0, 20000}, {0, 30000}}, old;
	calls = 0;
	printf("%s: %s", what, name(setitimer(kind, &often, NULL)));
	busy_until(4);
	getitimer(kind, &old);
	printf(", interval %ld, value %d, signal %d", (long)old.it_interval.tv_usec, old.it_value.tv_sec == 0 && old.it_value.tv_usec <= 24000, which == signal);
	struct itimerval never = {{0, 0}, {0, 0}};
	setitimer(kind, &never, &old);
	int before = calls;
	getitimer(kind, &old);
	printf(", off %ld", (long)old.it_value.tv_usec);
	double end = now(CLOCK_MONOTONIC) + 0.06;
	while (now(CLOCK_MONOTONIC) < end) continue;
	printf(", no more %d\n", calls == before);
}

static void timer(const char *what, clockid_t clock, struct sigevent *event, int signal) {
	timer_t t;
	int result = timer_create(clock, event, &t);
	printf("%s: create %s", what, name(result));
	if (result != 0) {
		printf("\n");
		return;
	}
	struct itimerspec time = {ms(20), ms(30)}, old;
	calls = 0;
	timer_settime(t, 0, &time, NULL);
	busy_until(3);
	timer_gettime(t, &old);
	printf(", interval %g, value %d, signal %d code %d", of(old.it_interval), of(old.it_value) <= 0.021 && of(old.it_value) > 0, which == signal, code);
	if (event != NULL) printf(", value %d", value);
	memset(&time, 0, sizeof time);
	timer_settime(t, 0, &time, &old);
	printf(", old interval %g", of(old.it_interval));
	timer_gettime(t, &old);
	printf(", off %g", of(old.it_value));
	result = timer_delete(t);
	printf(", delete %s", name(result));
	result = timer_delete(t);
	printf(", again %s\n", name(result));
}

int main(void) {
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	static const int all[] = {SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, 40};
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	for (int i = 0; i < 5; i++) sigaction(all[i], &action, NULL);

	printf("alarm: %u", alarm(100));
	printf(" %u", alarm(7));
	printf(" %u\n", alarm(0));
	double start = now(CLOCK_MONOTONIC);
	alarm(1);
	pause();
	double took = now(CLOCK_MONOTONIC) - start;
	printf("alarm: calls %d code %d, in time %d\n", calls, code, took >= 0.99 && took < 1.9);
	struct itimerval bad = {{0, 0}, {0, 1000000}};
	int result = setitimer(ITIMER_REAL, &bad, NULL);
	printf("bad time: %s\n", name(result));
	result = setitimer(5, &bad, NULL);
	printf("bad timer: %s\n", name(result));
	interval("real", ITIMER_REAL, SIGALRM);
	interval("virtual", ITIMER_VIRTUAL, SIGVTALRM);
	interval("prof", ITIMER_PROF, SIGPROF);

	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 77};
	timer("monotonic", CLOCK_MONOTONIC, &event, SIGUSR1);
	event.sigev_signo = 40;
	event.sigev_value.sival_int = -5;
	timer("realtime", CLOCK_REALTIME, &event, 40);
	timer("boot time", CLOCK_BOOTTIME, &event, 40);
	timer("process time", CLOCK_PROCESS_CPUTIME_ID, &event, 40);
	timer("thread time", CLOCK_THREAD_CPUTIME_ID, &event, 40);
	timer("no event", CLOCK_MONOTONIC, NULL, SIGALRM);
	event.sigev_signo = 70;
	timer("bad signal", CLOCK_MONOTONIC, &event, 40);
	event.sigev_signo = 40;
	event.sigev_notify = 99;
	timer("bad way", CLOCK_MONOTONIC, &event, 40);
	event.sigev_notify = SIGEV_SIGNAL;
	timer("no clock", 77, &event, 40);
	timer("raw clock", CLOCK_MONOTONIC_RAW, &event, 40);

	/* What came while the signal was blocked is counted: one signal, and the rest as overruns. */
	timer_t t, none;
	sigset_t block;
	sigemptyset(&block);
	sigaddset(&block, 40);
	timer_create(CLOCK_MONOTONIC, &event, &t);
	sigprocmask(SIG_BLOCK, &block, NULL);
	struct itimerspec time = {ms(10), ms(10)};
	calls = overrun = 0;
	timer_settime(t, 0, &time, NULL);
	double end = now(CLOCK_MONOTONIC) + 0.105;
	while (now(CLOCK_MONOTONIC) < end) continue;
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	int told = timer_getoverrun(t);
	/* The next one may come before all of this is done. */
	printf("overrun: calls %d, count %d, told %d\n", calls >= 1 && calls <= 3, overrun >= 9, told >= 0);
	timer_delete(t);

	/* At a time of the clock, which may have passed. */
	timer_create(CLOCK_REALTIME, &event, &t);
	calls = 0;
	clock_gettime(CLOCK_REALTIME, &time.it_value);
	time.it_value.tv_sec -= 1;
	time.it_interval = ms(0);
	timer_settime(t, TIMER_ABSTIME, &time, NULL);
	busy_until(1);
	printf("in the past: calls %d\n", calls);
	clock_gettime(CLOCK_REALTIME, &time.it_value);
	time.it_value.tv_nsec += 30000000;
	if (time.it_value.tv_nsec >= 1000000000) time.it_value.tv_nsec -= 1000000000, time.it_value.tv_sec++;
	start = of(time.it_value);
	timer_settime(t, TIMER_ABSTIME, &time, NULL);
	busy_until(2);
	printf("at its time: %d\n", now(CLOCK_REALTIME) >= start);
	timer_delete(t);

	/* Without a signal it only counts down. */
	event.sigev_notify = SIGEV_NONE;
	timer_create(CLOCK_MONOTONIC, &event, &none);
	time.it_value = ms(40), time.it_interval = ms(0);
	timer_settime(none, 0, &time, NULL);
	timer_gettime(none, &time);
	printf("no signal: %d", of(time.it_value) > 0);
	end = now(CLOCK_MONOTONIC) + 0.05;
	while (now(CLOCK_MONOTONIC) < end) continue;
	timer_gettime(none, &time);
	printf(" %g, calls %d\n", of(time.it_value), calls);

	/* A timer's thread is named by its id. */
	event.sigev_notify = SIGEV_THREAD_ID;
#ifdef __GLIBC__
	event._sigev_un._tid = getpid();
#else
	event.sigev_notify_thread_id = getpid();
#endif
	timer("to a thread", CLOCK_MONOTONIC, &event, 40);

	/* A child has none of them; exec would keep the interval timer. */
	struct itimerval soon = {{0, 0}, {0, 20000}};
	calls = 0;
	setitimer(ITIMER_REAL, &soon, NULL);
	pid_t child = fork();
	if (child == 0) {
		struct itimerval left;
		getitimer(ITIMER_REAL, &left);
		int deleted = timer_delete(none);
		_exit((left.it_value.tv_usec != 0) + 2 * (deleted == 0));
	}
	int status = -1;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
	busy_until(1);
	printf("child: %d, parent %d\n", status >> 8, calls);
	return 0;
}
