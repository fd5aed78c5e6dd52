/* TIOCGWINSZ and isatty(3), where there is no terminal. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void) {
	for (int fd = 0; fd < 4; fd++) {
		struct winsize size = { 0 };
		int result = ioctl(fd, TIOCGWINSZ, &size);
		printf("%d: ioctl %d %s, isatty %d\n", fd, result, result ? strerror(errno) : "", isatty(fd));
	}
	return 0;
}
