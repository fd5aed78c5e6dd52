/* eventfd(2): counters, semaphores, overflow, polling, errors. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static void take(int fd) {
	uint64_t value = 0;
	long n = read(fd, &value, sizeof value);
	printf("read %ld: %llu %s\n", n, (unsigned long long)value, n < 0 ? strerror(errno) : "");
}

static void add(int fd, uint64_t value) {
	long n = write(fd, &value, sizeof value);
	printf("write %llu: %ld %s\n", (unsigned long long)value, n, n < 0 ? strerror(errno) : "");
}

static void state(int fd) {
	struct pollfd one = {fd, POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM, 0};
	int n = poll(&one, 1, 0);
	printf("poll %d: %x\n", n, one.revents);
}

int main(void) {
	char buffer[32];
	int fd = eventfd(5, EFD_NONBLOCK | EFD_CLOEXEC);
	printf("fd %d, flags %x, descriptor flags %d\n", fd, fcntl(fd, F_GETFL) & ~O_LARGEFILE, fcntl(fd, F_GETFD));
	state(fd);
	take(fd);
	state(fd);
	take(fd);
	add(fd, 7);
	add(fd, 8);
	take(fd);
	add(fd, 0);
	take(fd);
	add(fd, UINT64_MAX);
	add(fd, UINT64_MAX - 1);
	state(fd);
	add(fd, 1);
	take(fd);
	add(fd, UINT64_MAX - 2);
	state(fd);
	add(fd, 1);
	state(fd);
	add(fd, 1);
	take(fd);
	add(fd, 1);
	show("short read", read(fd, buffer, 7));
	show("short write", write(fd, buffer, 7));
	add(fd, 3);
	printf("long read %zd\n", read(fd, buffer, 32));
	memset(buffer, 0, sizeof buffer);
	buffer[0] = 2;
	struct iovec halves[2] = {{buffer, 4}, {buffer + 16, 4}};
	show("writev of halves", writev(fd, halves, 2));
	add(fd, 2);
	show("readv of halves", readv(fd, halves, 2));
	printf("values %d %d\n", buffer[0], buffer[16]);
	printf("lseek %ld\n", (long)lseek(fd, 0, SEEK_CUR));
	struct stat status;
	show("fstat", fstat(fd, &status));
	printf("mode %o\n", status.st_mode);
	close(fd);

	fd = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK);
	for (int i = 0; i < 4; i++) take(fd);
	add(fd, 2);
	state(fd);
	take(fd);
	take(fd);
	take(fd);
	close(fd);
	show("unknown flags", eventfd(0, 2));
	fd = syscall(SYS_eventfd2, 0xffffffffu, 0);
	take(fd);
	printf("flags %x\n", fcntl(fd, F_GETFL) & ~O_LARGEFILE);
	struct pollfd one = {fd, POLLIN, 0};
	printf("poll for 20 ms: %d\n", poll(&one, 1, 20));
	return 0;
}
