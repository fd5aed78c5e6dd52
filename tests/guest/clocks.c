/* Clocks: resolution, order, agreement; sleeping takes as long as asked. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

/* In nanoseconds. */
static long long now(clockid_t clock) {
	struct timespec t;
	if (clock_gettime(clock, &t)) return -1;
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void) {
	static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
		CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME};
	for (int i = 0; i < 8; i++) {
		struct timespec resolution;
		int status = clock_getres(clocks[i], &resolution), back = 0;
		long long last = now(clocks[i]);
		for (int j = 0; j < 20; j++) {
			long long next = now(clocks[i]);
			back += next < last, last = next;
		}
		printf("%d: %d %d %d\n", i, status, resolution.tv_sec == 0 && resolution.tv_nsec <= 20000000, back);
	}
	printf("%d", clock_gettime(1234, &(struct timespec){0}));
	printf(" %d\n", errno == EINVAL);
	struct timeval tv;
	gettimeofday(&tv, NULL);
	long long apart = now(CLOCK_REALTIME) / 1000 - (tv.tv_sec * 1000000LL + tv.tv_usec);
	printf("%d %d\n", apart > -100000 && apart < 5000000, labs(time(NULL) - tv.tv_sec) <= 5);
	long long start = now(CLOCK_MONOTONIC), wall = now(CLOCK_REALTIME);
	nanosleep(&(struct timespec){0, 50000000}, NULL);
	usleep(20000);
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 0, until.tv_nsec += 30000000;
	if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
	printf("%d\n", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
	long long slept = now(CLOCK_MONOTONIC) - start;
	printf("%d %d\n", slept >= 99900000 && slept < 5000000000, now(CLOCK_REALTIME) - wall - slept < 1000000000);
	printf("%d\n", nanosleep(&(struct timespec){0, 1000000000}, NULL) == -1 && errno == EINVAL);
	volatile unsigned spin = 0;
	clock_t cpu = clock();
	while (clock() == cpu && ++spin < 100000000) {}
	struct tms tms;
	printf("%d %d %ld\n", clock() > cpu, times(&tms) != (clock_t)-1, sysconf(_SC_CLK_TCK));
	return 0;
}
