/* Who the program is: the calls agree with one another. */
#include "start.h"

int main(void)
{
	long pid = sys(getpid), tid_word = 0;
	unsigned r, e, s;
	yes("getpid", pid > 0);
	check("getpid again", sys(getpid), pid);
	check("gettid", sys(gettid), pid);
	check("set_tid_address", sys(set_tid_address, &tid_word), pid);
	check("does not write yet", tid_word, 0);
	yes("getppid", sys(getppid) >= 0 && sys(getppid) != pid);
	yes("getpgrp", sys(getpgrp) > 0);
	check("getpgid", sys(getpgid, 0), sys(getpgrp));
	check("getpgid by number", sys(getpgid, pid), sys(getpgrp));
	check("getsid by number", sys(getsid, pid), sys(getsid, 0));
	check("getpgid of no one", sys(getpgid, 0x7ffffff0), -ESRCH);

	check("geteuid", sys(geteuid), sys(getuid));
	check("getegid", sys(getegid), sys(getgid));
#ifdef __x86_64__
	check("getresuid", sys(getresuid, &r, &e, &s), 0);
	yes("all the same", r == e && e == s && r == (unsigned)sys(getuid));
	check("getresgid", sys(getresgid, &r, &e, &s), 0);
	yes("all the same", r == e && e == s && r == (unsigned)sys(getgid));
#else
	check("getuid32", sys(getuid32), sys(geteuid32));
	check("getgid32", sys(getgid32), sys(getegid32));
	unsigned long u = sys(getuid32);
	check("getuid in 16 bits", sys(getuid), u < 65536 ? u : 65534);
	check("getresuid32", sys(getresuid32, &r, &e, &s), 0);
	yes("all the same", r == e && e == s && r == u);
	check("getresgid32", sys(getresgid32, &r, &e, &s), 0);
	yes("all the same", r == e && e == s && r == (unsigned)sys(getgid32));
#endif
	return failed;
}
