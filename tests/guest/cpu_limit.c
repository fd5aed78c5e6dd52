/* RLIMIT_CPU of getrlimit(2): SIGXCPU at the soft limit and each second from there on, SIGKILL at the hard one. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t calls;

static void handler(int signal) {
	if (signal == SIGXCPU) calls++;
}

static double used(void) {
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

static void limit(int soft, int hard) {
	struct rlimit limit = {soft, hard};
	printf("set: %d\n", setrlimit(RLIMIT_CPU, &limit));
	fflush(stdout);
}

static void compute(void) {
	for (;;) continue;
}

/* Which signal ends a child that computes for ever, and whether that is at its time. */
static void ended(const char *what, void (*prepare)(void), double least) {
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		if (prepare) prepare();
		compute();
	}
	int status;
	struct rusage usage;
	wait4(child, &status, 0, &usage);
	double took = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
	printf("%s: signal %d, in time %d\n", what, WTERMSIG(status), took > least - 0.8 && took < least + 1.5);
}

static void ignore(void) {
	signal(SIGXCPU, SIG_IGN);
}

int main(void) {
	signal(SIGXCPU, handler);
	limit(1, 2);
	while (calls == 0) continue;
	printf("warned: %d\n", used() > 0.5 && used() < 2);
	struct rlimit now;
	getrlimit(RLIMIT_CPU, &now);
	printf("raised: %ld %ld\n", (long)now.rlim_cur, (long)now.rlim_max);
	signal(SIGXCPU, SIG_DFL);
	ended("inherited", NULL, 2);
	ended("ignored", ignore, 2);
	limit(-1, 2);
	return 0;
}
