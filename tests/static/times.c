/* The clocks: which there are, that they go forward, and sleeping by them. */
#include "start.h"

static const char *const names[] = {
	"realtime", "monotonic", "process", "thread", "monotonic raw", "realtime coarse", "monotonic coarse", "boottime",
};

static int later(struct timespec a, struct timespec b)
{
	return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec >= b.tv_nsec);
}

static struct timespec now(int clock)
{
	struct timespec t = { 0, 0 };
	sys(clock_gettime, clock, &t);
	return t;
}

static long ms(struct timespec from, struct timespec to)
{
	return (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
}

int main(void)
{
	struct timespec t, u;
	for (int clock = 0; clock < (int)LEN(names); clock++) {
		say(names[clock]);
		t.tv_sec = t.tv_nsec = -1;
		check("clock_getres", sys(clock_getres, clock, &t), 0);
		yes("a fraction of a second", t.tv_sec == 0 && t.tv_nsec > 0 && t.tv_nsec <= 20000000);
		check("clock_getres for nothing", sys(clock_getres, clock, 0), 0);
		check("clock_gettime", sys(clock_gettime, clock, &t), 0);
		yes("in range", t.tv_sec >= 0 && t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
		int forward = 1;
		for (int i = 0; i < 100; i++, t = u) u = now(clock), forward &= later(u, t);
		yes("never back", forward);
	}
	check("no such clock", sys(clock_gettime, 99, &t), -EINVAL);
	check("no such clock", sys(clock_getres, 99, &t), -EINVAL);

	/* Working takes processor time, sleeping does not. */
	struct timespec start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	while (ms(cpu, now(CLOCK_PROCESS_CPUTIME_ID)) < 32 && ms(start, now(CLOCK_MONOTONIC)) < 5000)
		for (volatile int i = 0; i < 100000; i++);
	yes("working takes time", ms(cpu, now(CLOCK_PROCESS_CPUTIME_ID)) >= 32);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID), start = now(CLOCK_MONOTONIC);
	t = (struct timespec){ 0, 200000000 };
	check("clock_nanosleep", sys(clock_nanosleep, CLOCK_MONOTONIC, 0, &t, 0), 0);
	yes("slept", ms(start, now(CLOCK_MONOTONIC)) >= 199);
	yes("sleeping takes little", ms(cpu, now(CLOCK_PROCESS_CPUTIME_ID)) < 150);

	for (int clock = 0; clock < 2; clock++) {
		t = start = now(clock);
		t.tv_nsec += 30000000;
		if (t.tv_nsec >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
		check("clock_nanosleep until", sys(clock_nanosleep, clock, TIMER_ABSTIME, &t, 0), 0);
		u = now(clock);
		yes("slept", later(u, t) && ms(start, u) < 2000);
		check("clock_nanosleep until now", sys(clock_nanosleep, clock, TIMER_ABSTIME, &start, 0), 0);
		yes("did not sleep", ms(u, now(clock)) < 1000);
	}

	t = (struct timespec){ 0, 1000000000 };
	check("nanosleep of too many nanoseconds", sys(nanosleep, &t, 0), -EINVAL);
	check("clock_nanosleep of them", sys(clock_nanosleep, 1, 0, &t, 0), -EINVAL);
	t = (struct timespec){ 0, -1 };
	check("nanosleep of less than none", sys(nanosleep, &t, 0), -EINVAL);
	t = (struct timespec){ -1, 0 };
	check("nanosleep of seconds less than none", sys(nanosleep, &t, 0), -EINVAL);
	t = (struct timespec){ 0, 1 };
	check("clock_nanosleep by no clock", sys(clock_nanosleep, 99, 0, &t, 0), -EINVAL);
#ifdef __i386__
	/* The calls of 32-bit programs that outlive 2038. */
	struct { long long sec, nsec; } w = { -1, -1 };
	check("clock_gettime64", sys(clock_gettime64, CLOCK_REALTIME, &w), 0);
	t = now(CLOCK_REALTIME);
	yes("agrees", w.sec <= t.tv_sec && w.sec >= t.tv_sec - 2 && w.nsec >= 0 && w.nsec < 1000000000);
	check("clock_getres_time64", sys(clock_getres_time64, CLOCK_MONOTONIC, &w), 0);
	yes("a fraction of a second", w.sec == 0 && w.nsec > 0 && w.nsec <= 20000000);
	w.nsec = 1000000;
	check("clock_nanosleep_time64", sys(clock_nanosleep_time64, CLOCK_MONOTONIC, 0, &w, 0), 0);
	w.nsec = 1000000000;
	check("clock_nanosleep_time64 of too many", sys(clock_nanosleep_time64, CLOCK_MONOTONIC, 0, &w, 0), -EINVAL);
#endif
	return failed;
}
