/* What the system says about itself, as far as it is the same everywhere: sysconf(3), isatty(3), uname(2), limits. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

int main(void) {
	printf("%ld %ld %ld %ld\n", sysconf(_SC_PAGESIZE), sysconf(_SC_CLK_TCK), sysconf(_SC_IOV_MAX), sysconf(_SC_NGROUPS_MAX));
	printf("%ld %ld %ld\n", sysconf(_SC_VERSION), sysconf(_SC_HOST_NAME_MAX), sysconf(_SC_LOGIN_NAME_MAX));
	printf("%d %d\n", sysconf(_SC_NPROCESSORS_ONLN) >= 1, sysconf(_SC_NPROCESSORS_CONF) >= 1);
	printf("%d %d\n", sysconf(_SC_OPEN_MAX) >= 20, sysconf(_SC_ARG_MAX) >= 4096);
	printf("%d %d\n", sysconf(_SC_PHYS_PAGES) > 1000, sysconf(_SC_AVPHYS_PAGES) > 0);
	errno = 0;
	printf("%ld %d\n", sysconf(12345), errno == EINVAL);
	printf("%ld %ld\n", pathconf(".", _PC_NAME_MAX), pathconf(".", _PC_PATH_MAX));
	for (int fd = 0; fd < 2; fd++) {
		errno = 0;
		printf("%d %d\n", isatty(fd), errno == ENOTTY);
	}
	printf("%d", isatty(-1));
	printf(" %d\n", errno == EBADF);
	struct winsize size;
	struct termios termios;
	printf("%d %d\n", ioctl(1, TIOCGWINSZ, &size), tcgetattr(0, &termios));
	struct utsname name;
	uname(&name);
	printf("%s %d\n", name.sysname, strchr(name.release, '.') != NULL);
	printf("%d %lu %lu\n", getauxval(AT_RANDOM) != 0, getauxval(AT_PAGESZ), getauxval(AT_SECURE));
	printf("%d %d\n", getauxval(AT_PHDR) != 0, getauxval(AT_EXECFN) != 0);
	unsigned char a[16] = {0}, b[16] = {0};
	printf("%zd %d %d\n", getrandom(a, 16, 0), getentropy(b, 16), memcmp(a, b, 16) != 0);
	struct rlimit limit;
	printf("%d %d\n", getrlimit(RLIMIT_STACK, &limit), limit.rlim_cur >= 1 << 20);
	struct rusage usage;
	printf("%d %d\n", getrusage(RUSAGE_SELF, &usage), usage.ru_utime.tv_sec < 100);
	printf("%d %d\n", getpid() > 0, getuid() == geteuid());
	printf("%d\n", getpagesize());
	return 0;
}
