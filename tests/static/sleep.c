/* nanosleep(2) for 50 ms, by two clocks. */
#include "start.h"

static long ms(int clock)
{
	struct timespec t;
	sys(clock_gettime, clock, &t);
	return (t.tv_sec & 0xfffff) * 1000 + t.tv_nsec / 1000000;
}

int main(void)
{
	struct timespec t = { 0, 50000000 }, rest = { 7, 7 };
	long mono = ms(CLOCK_MONOTONIC), real = ms(CLOCK_REALTIME);
	check("nanosleep", sys(nanosleep, &t, &rest), 0);
	mono = ms(CLOCK_MONOTONIC) - mono, real = ms(CLOCK_REALTIME) - real;
	yes("not too short", mono >= 49); /* the millisecond under way when we looked */
	yes("not too long", mono < 2000);
	yes("the wall clock agrees", real >= 40 && real < 2000);
	yes("no rest told", rest.tv_sec == 7 && rest.tv_nsec == 7);
	t.tv_nsec = 0;
	check("nanosleep for nothing", sys(nanosleep, &t, 0), 0);
	return failed;
}
