/* Copies files, or standard input (also "-"), to standard output. */
#include "start.h"

static char buf[65536];

static int copy(const char *name, int fd)
{
	long n;
	while ((n = sys(read, fd, buf, sizeof buf)) > 0) put(1, buf, n);
	if (n < 0) complain("cat: ", name, ": error ", num(-n));
	return n < 0;
}

int main(int argc, char **argv)
{
	int status = argc < 2 ? copy("-", 0) : 0;
	for (int i = 1; i < argc; i++) {
		long fd = strcmp(argv[i], "-") ? sys(open, argv[i], O_RDONLY) : 0;
		if (fd < 0) complain("cat: ", argv[i], ": error ", num(-fd)), status = 1;
		else status |= copy(argv[i], fd);
		if (fd > 0) sys(close, fd);
	}
	return status;
}
