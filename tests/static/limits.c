/* Limits, the machine's figures, and random bytes. */
#include "start.h"
#include <linux/resource.h>
#include <linux/sysinfo.h>

int main(void)
{
	struct { unsigned long long cur, max; } r;
	struct rlimit old;
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		r.cur = 1, r.max = 0;
		check("prlimit64", sys(prlimit64, 0, i, 0, &r), 0);
		yes("no more than the most", r.cur <= r.max);
#ifdef __x86_64__
		check("getrlimit", sys(getrlimit, i, &old), 0);
		yes("agrees", old.rlim_cur == r.cur && old.rlim_max == r.max);
#else
		check("ugetrlimit", sys(ugetrlimit, i, &old), 0);
		yes("agrees", old.rlim_cur == (r.cur < -1UL ? r.cur : -1UL) && old.rlim_max == (r.max < -1UL ? r.max : -1UL));
#endif
		if (i == RLIMIT_STACK) yes("a stack of 1 MiB and more", r.cur >= 1 << 20);
		if (i == RLIMIT_NOFILE) yes("64 files and more", r.cur >= 64);
	}
	check("prlimit64 of ourselves, by number", sys(prlimit64, sys(getpid), RLIMIT_NOFILE, 0, &r), 0);
	check("no such limit", sys(prlimit64, 0, 99, 0, &r), -EINVAL);
	check("of no one", sys(prlimit64, 0x7ffffff0, 0, 0, &r), -ESRCH);

	struct sysinfo s;
	memset(&s, 0xff, sizeof s);
	check("sysinfo", sys(sysinfo, &s), 0);
	yes("up", s.uptime > 0);
	yes("memory", s.mem_unit > 0 && s.totalram > 0 && s.freeram > 0 && s.freeram <= s.totalram);
	yes("swap", s.freeswap <= s.totalswap);
	yes("processes", s.procs > 0);

	char a[32], b[32];
	memset(a, 0, 32), memset(b, 0, 32);
	check("getrandom", sys(getrandom, a, 32, 0), 32);
	check("getrandom GRND_NONBLOCK", sys(getrandom, b, 32, 1), 32);
	yes("different", memcmp(a, b, 32) && !all(a, 0, 32) && !all(a + 16, 0, 16));
	check("getrandom of none", sys(getrandom, a, 0, 0), 0);
	check("getrandom unknown flags", sys(getrandom, a, 32, 0x80), -EINVAL);
	check("getrandom to nowhere", sys(getrandom, 0, 32, 0), -EFAULT);
	return failed;
}
