/* pipe(2), pipe2(2): levels, partial writes, atomicity, ends, status flags, errors. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char buffer[1 << 21];
static void *volatile nowhere = (void *)16;

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static void state(const char *what, const int ends[2]) {
	struct pollfd list[2] = {{ends[0], POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM, 0}, {ends[1], POLLIN | POLLOUT | POLLWRNORM, 0}};
	int waiting = -1;
	ioctl(ends[0] >= 0 ? ends[0] : ends[1], FIONREAD, &waiting);
	int ready = poll(list, 2, 0);
	printf("%s: %d bytes, %d ready, read end %x, write end %x\n", what, waiting, ready, list[0].revents, list[1].revents);
}

static void fill(int fd, size_t step) {
	long total = 0, count, calls = 0;
	while ((count = write(fd, buffer, step)) > 0) total += count, calls++;
	printf("filled by %zu: %ld bytes in %ld writes, then %s, last %ld\n", step, total, calls, strerror(errno), count);
}

static void drain(int fd, size_t step) {
	long total = 0, count, calls = 0;
	while ((count = read(fd, buffer, step)) > 0) total += count, calls++;
	printf("drained by %zu: %ld bytes in %ld reads, then %ld %s\n", step, total, calls, count, count < 0 ? strerror(errno) : "");
}

static void levels(void) {
	int ends[2];
	if (pipe2(ends, O_NONBLOCK)) exit(1);
	state("empty", ends);
	show("read", read(ends[0], buffer, 10));
	show("write 0", write(ends[1], buffer, 0));
	show("write", write(ends[1], "hello", 5));
	state("five", ends);
	show("read 0", read(ends[0], buffer, 0));
	show("read 2", read(ends[0], buffer, 2));
	printf("%.2s\n", buffer);
	show("read rest", read(ends[0], buffer, 100));
	printf("%.3s\n", buffer);
	static const size_t steps[] = {1, 3, 100, 4095, 4096, 4097, 5000, 8192, 10000, 65536, 65537, 100000, 2000000};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		fcntl(ends[1], F_SETPIPE_SZ, steps[i] < 100 ? 4096 : 65536); /* a call may cost much */
		fill(ends[1], steps[i]);
		state("full", ends);
		show("read 1", read(ends[0], buffer, 1));
		show("write 1", write(ends[1], buffer, 1));
		show("read 4095", read(ends[0], buffer, 4095));
		state("a page less", ends);
		show("write 4097", write(ends[1], buffer, 4097));
		show("write 4096", write(ends[1], buffer, 4096));
		show("read 6000", read(ends[0], buffer, 6000));
		show("write 5000", write(ends[1], buffer, 5000));
		show("write 10", write(ends[1], buffer, 10));
		drain(ends[0], steps[i] % 3 ? 4096 : 999);
		state("drained", ends);
	}
	close(ends[0]);
	close(ends[1]);
}

/* What is written comes out in order, whatever the sizes. */
static void content(void) {
	int ends[2];
	if (pipe2(ends, O_NONBLOCK)) exit(1);
	unsigned written = 0, got = 0, bad = 0, seed = 1;
	static unsigned char piece[20000];
	while (got < 3000000) {
		seed = seed * 1103515245 + 12345;
		unsigned count = (seed >> 8) % sizeof piece;
		if (seed >> 31 || written - got > 50000) {
			long n = read(ends[0], piece, count);
			for (long i = 0; i < n; i++) bad += piece[i] != (unsigned char)((got + i) * 7 + (got + i) / 251);
			if (n > 0) got += n;
		} else {
			for (unsigned i = 0; i < count; i++) piece[i] = (written + i) * 7 + (written + i) / 251;
			long n = write(ends[1], piece, count);
			if (n > 0) written += n;
		}
	}
	printf("%u bytes, %u of them wrong\n", written > 3000000, bad);
	close(ends[0]);
	close(ends[1]);
}

static void ends_close(void) {
	int ends[2];
	struct pollfd one;
	pipe2(ends, O_NONBLOCK);
	show("read of the write end", read(ends[1], buffer, 1));
	show("write to the read end", write(ends[0], buffer, 1));
	write(ends[1], "rest", 4);
	close(ends[1]);
	one = (struct pollfd){ends[0], POLLIN, 0};
	show("poll", poll(&one, 1, -1));
	printf("no writers, some bytes: %x\n", one.revents);
	show("read", read(ends[0], buffer, 100));
	show("poll", poll(&one, 1, -1));
	printf("no writers: %x\n", one.revents);
	show("read at the end", read(ends[0], buffer, 100));
	close(ends[0]);
	pipe2(ends, 0);
	close(ends[0]);
	one = (struct pollfd){ends[1], POLLOUT, 0};
	show("poll", poll(&one, 1, -1));
	printf("no readers: %x\n", one.revents);
	signal(SIGPIPE, SIG_IGN);
	show("write without readers", write(ends[1], "x", 1));
	show("write 0 without readers", write(ends[1], "x", 0));
	struct iovec vectors[2] = {{"a", 1}, {"b", 1}};
	show("writev without readers", writev(ends[1], vectors, 2));
	close(ends[1]);
	pipe(ends);
	int copy = dup(ends[1]);
	close(ends[1]);
	one = (struct pollfd){ends[0], POLLIN, 0};
	show("poll, a copy is open", poll(&one, 1, 0));
	close(copy);
	show("poll, none is open", poll(&one, 1, 0));
	close(ends[0]);
}

static void vectors(void) {
	int ends[2];
	pipe2(ends, O_NONBLOCK);
	struct iovec out[4] = {{"one", 3}, {NULL, 0}, {"two", 3}, {"three", 5}};
	show("writev", writev(ends[1], out, 4));
	char a[4] = "", b[20] = "";
	struct iovec in[3] = {{a, 3}, {NULL, 0}, {b, sizeof b}};
	show("readv", readv(ends[0], in, 3));
	printf("%s %s\n", a, b);
	show("readv of nothing", readv(ends[0], in, 3));
	/* 70000 bytes in pieces of 70: the pipe's pages must be used as for one write */
	static struct iovec many[1000];
	for (int i = 0; i < 1000; i++) many[i] = (struct iovec){buffer, 70};
	show("writev of many", writev(ends[1], many, 1000));
	state("then", ends);
	show("read", read(ends[0], buffer, sizeof buffer));
	close(ends[0]);
	close(ends[1]);
}

static void capacity(void) {
	int ends[2];
	pipe2(ends, O_NONBLOCK);
	static const int sizes[] = {0, 1, 4096, 4097, 8192, 10000, 65536, 65537, 131072, 1048576, -1};
	show("size", fcntl(ends[0], F_GETPIPE_SZ));
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		printf("%d ", sizes[i]);
		show("asked for", fcntl(ends[1], F_SETPIPE_SZ, sizes[i]));
		if (sizes[i] < 70000) fill(ends[1], 5000), drain(ends[0], 3000);
	}
	fcntl(ends[1], F_SETPIPE_SZ, 65536);
	write(ends[1], buffer, 20000);
	read(ends[0], buffer, 5000);
	show("smaller than its content", fcntl(ends[0], F_SETPIPE_SZ, 8192));
	show("as large", fcntl(ends[0], F_SETPIPE_SZ, 16384));
	show("read", read(ends[0], buffer, 100000));
	int file = open("/dev/null", O_RDWR);
	show("size of no pipe", fcntl(file, F_GETPIPE_SZ));
	close(file);
	close(ends[0]);
	close(ends[1]);
}

static void packets(void) {
	int ends[2];
	if (pipe2(ends, O_NONBLOCK | O_DIRECT)) {
		printf("no packets\n");
		return;
	}
	write(ends[1], "first", 5);
	write(ends[1], "second", 6);
	write(ends[1], buffer, 5000);
	write(ends[1], "last", 4);
	state("packets", ends);
	char small[4];
	struct iovec in[2] = {{small, 2}, {buffer, 100}};
	show("read 3 of 5", read(ends[0], buffer, 3));
	show("readv of 6", readv(ends[0], in, 2));
	show("read", read(ends[0], buffer, 10000));
	show("read", read(ends[0], buffer, 10000));
	show("read", read(ends[0], buffer, 10000));
	show("read", read(ends[0], buffer, 10000));
	fill(ends[1], 10);
	drain(ends[0], 100);
	printf("flags %x %x\n", fcntl(ends[0], F_GETFL) & ~O_LARGEFILE, fcntl(ends[1], F_GETFL) & ~O_LARGEFILE);
	close(ends[0]);
	close(ends[1]);
}

static void attributes(void) {
	int ends[2], other[2];
	struct stat a, b, c;
	show("pipe2 with unknown flags", pipe2(ends, 0x40000000));
	show("pipe at NULL", pipe(NULL));
	show("pipe", pipe(ends));
	show("pipe2", pipe2(other, O_CLOEXEC | O_NONBLOCK));
	printf("descriptors %d %d %d %d\n", ends[0], ends[1], other[0], other[1]);
	fstat(ends[0], &a);
	fstat(ends[1], &b);
	fstat(other[0], &c);
	printf("mode %o %o, size %ld, links %ld, block %ld\n", a.st_mode, b.st_mode, (long)a.st_size, (long)a.st_nlink, (long)a.st_blksize);
	printf("same inode %d, same device %d, other inode %d\n", a.st_ino == b.st_ino, a.st_dev == c.st_dev, a.st_ino != c.st_ino);
	printf("status %x %x %x %x\n", fcntl(ends[0], F_GETFL), fcntl(ends[1], F_GETFL), fcntl(other[0], F_GETFL), fcntl(other[1], F_GETFL));
	printf("descriptor flags %d %d\n", fcntl(ends[0], F_GETFD), fcntl(other[1], F_GETFD));
	show("lseek", lseek(ends[0], 0, SEEK_CUR));
	show("pread", pread(ends[0], buffer, 1, 0));
	show("pwrite", pwrite(ends[1], buffer, 1, 0));
	show("fsync", fsync(ends[1]));
	show("ftruncate", ftruncate(ends[1], 0));
	show("fchmod", fchmod(ends[0], 0640));
	fstat(ends[1], &b);
	printf("mode %o\n", b.st_mode);
	show("fchdir", fchdir(ends[0]));
	show("isatty", isatty(ends[0]));
	printf("%s\n", strerror(errno));
	show("write from nowhere", write(ends[1], nowhere, 10));
	write(ends[1], "abc", 3);
	show("read to nowhere", read(ends[0], nowhere, 10));
	show("F_SETFL", fcntl(ends[0], F_SETFL, O_NONBLOCK));
	show("read after it", read(ends[0], buffer, 10));
	show("read again", read(ends[0], buffer, 10));
}

int main(void) {
	attributes();
	levels();
	content();
	ends_close();
	vectors();
	capacity();
	packets();
	return 0;
}
