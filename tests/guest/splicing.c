/* splice(2), tee(2), vmsplice(2), sendfile(2) and copy_file_range(2) between pipes and files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

static char buffer[300000] __attribute__((aligned(4096)));

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static int inside(int fd) {
	int count = -1;
	ioctl(fd, FIONREAD, &count);
	return count;
}

static void content(const char *what, int fd) {
	long n = read(fd, buffer, sizeof buffer);
	unsigned sum = 0;
	for (long i = 0; i < n; i++) sum = sum * 31 + (unsigned char)buffer[i];
	printf("%s: %ld bytes, sum %u\n", what, n, sum);
}

int main(void) {
	int a[2], b[2];
	pipe(a);
	pipe(b);
	int file = open("data", O_CREAT | O_RDWR | O_TRUNC, 0644);
	for (int i = 0; i < 200000; i++) buffer[i] = i * 7 + i / 1000;
	write(file, buffer, 200000);
	lseek(file, 0, SEEK_SET);

	show("file to pipe", splice(file, NULL, a[1], NULL, 10000, 0));
	printf("position %ld, inside %d\n", (long)lseek(file, 0, SEEK_CUR), inside(a[0]));
	show("pipe to pipe", splice(a[0], NULL, b[1], NULL, 6000, SPLICE_F_MOVE));
	printf("inside %d %d\n", inside(a[0]), inside(b[0]));
	show("tee", tee(a[0], b[1], 100000, 0));
	printf("inside %d %d\n", inside(a[0]), inside(b[0]));
	content("first pipe", a[0]);
	content("second pipe", b[0]);

	loff_t from = 150000, to = 5;
	show("file at an offset to pipe", splice(file, &from, a[1], NULL, 30000, SPLICE_F_MORE));
	printf("offset %ld, position %ld\n", (long)from, (long)lseek(file, 0, SEEK_CUR));
	int copy = open("copy", O_CREAT | O_RDWR | O_TRUNC, 0644);
	show("pipe to file at an offset", splice(a[0], NULL, copy, &to, 100000, 0));
	printf("offset %ld, position %ld, inside %d\n", (long)to, (long)lseek(copy, 0, SEEK_CUR), inside(a[0]));
	content("copy", copy);
	from = 199990;
	show("file near its end", splice(file, &from, a[1], NULL, 30000, 0));
	show("file at its end", splice(file, &from, a[1], NULL, 30000, 0));
	show("pipe to file", splice(a[0], NULL, copy, NULL, 4, 0));
	content("rest", a[0]);
	show("empty pipe, not waiting", splice(a[0], NULL, copy, NULL, 4, SPLICE_F_NONBLOCK));
	show("tee of nothing", tee(a[0], b[1], 4, SPLICE_F_NONBLOCK));
	lseek(file, 0, SEEK_SET);
	show("more than fits", splice(file, NULL, a[1], NULL, 200000, 0));
	show("into a full pipe", splice(file, NULL, a[1], NULL, 1, SPLICE_F_NONBLOCK));
	show("the same pipe", splice(a[0], NULL, a[1], NULL, 1, 0));
	show("tee to itself", tee(a[0], a[1], 1, 0));
	show("no pipe", splice(file, NULL, copy, NULL, 1, 0));
	show("offset of a pipe", splice(a[0], &from, copy, NULL, 1, 0));
	show("wrong end", splice(a[1], NULL, copy, NULL, 1, 0));
	show("not open", splice(99, NULL, a[1], NULL, 1, 0));
	show("no bytes", splice(a[0], NULL, copy, NULL, 0, 0));
	show("unknown flags", splice(a[0], NULL, copy, NULL, 1, 0x100));
	int appends = open("copy", O_WRONLY | O_APPEND);
	show("to a file that appends", splice(a[0], NULL, appends, NULL, 1, 0));
	content("full pipe", a[0]);

	struct iovec vectors[3] = {{"vector ", 7}, {NULL, 0}, {"splice", 6}};
	show("vmsplice", vmsplice(a[1], vectors, 3, 0));
	char x[5], y[100];
	struct iovec in[2] = {{x, 5}, {y, 100}};
	show("vmsplice out", vmsplice(a[0], in, 2, 0));
	printf("%.5s|%.8s\n", x, y);
	struct iovec large = {buffer, 200000};
	show("vmsplice of too much", vmsplice(a[1], &large, 1, SPLICE_F_NONBLOCK));
	show("vmsplice into a full pipe", vmsplice(a[1], &large, 1, SPLICE_F_NONBLOCK));
	show("vmsplice to a file", vmsplice(file, &large, 1, 0));
	content("spliced", a[0]);

	off_t start = 1000;
	show("sendfile to a pipe", sendfile(a[1], file, &start, 20000));
	printf("offset %ld, inside %d\n", (long)start, inside(a[0]));
	show("sendfile from a pipe", sendfile(copy, a[0], NULL, 100));
	content("sent", a[0]);
	lseek(file, 199000, SEEK_SET);
	show("sendfile to the end", sendfile(a[1], file, NULL, 20000));
	content("sent", a[0]);
	show("copy_file_range from a pipe", copy_file_range(a[0], NULL, copy, NULL, 10, 0));
	fcntl(a[1], F_SETFL, O_NONBLOCK);
	start = 0;
	show("sendfile of too much", sendfile(a[1], file, &start, 200000));
	show("sendfile to a full pipe", sendfile(a[1], file, &start, 200000));
	close(a[1]);
	content("last", a[0]);
	show("splice at the end", splice(a[0], NULL, copy, NULL, 10, 0));
	signal(SIGPIPE, SIG_IGN);
	close(b[0]);
	show("splice without readers", splice(file, &(loff_t){0}, b[1], NULL, 10, 0));
	show("sendfile without readers", sendfile(b[1], file, &(off_t){0}, 10));
	unlink("data");
	unlink("copy");
	return 0;
}
