/* The three ways to ask for the wall clock's time agree. */
#include "start.h"

int main(void)
{
	for (int i = 0; i < 3; i++) {
		long arg = 0, before = sys(time, &arg);
		struct timeval tv;
		struct timezone tz;
		struct timespec ts;
		check("time's two answers", arg, before);
		check("gettimeofday", sys(gettimeofday, &tv, &tz), 0);
		check("clock_gettime", sys(clock_gettime, CLOCK_REALTIME, &ts), 0);
		long after = sys(time, 0);
		yes("in 2024 or later", before > 1704067200);
		/* time(2) may lag behind by a tick, so a second is the finest that must hold. */
		yes("gettimeofday in between", tv.tv_sec >= before && tv.tv_sec <= after + 1);
		yes("clock_gettime in between", ts.tv_sec >= before && ts.tv_sec <= after + 1);
		yes("in order", ts.tv_sec > tv.tv_sec || (ts.tv_sec == tv.tv_sec && ts.tv_nsec / 1000 >= tv.tv_usec));
		yes("fractions in range", tv.tv_usec >= 0 && tv.tv_usec < 1000000 && ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
		check("gettimeofday for nothing", sys(gettimeofday, 0, 0), 0);
	}
	return failed;
}
