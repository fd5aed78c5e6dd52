/* Files that are read and written in large pieces, and what else is done with them in between. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PIECE = 2 * PAGE, SIZE = 8 * PIECE, MANY = 40 };

static unsigned char piece[PIECE];
/* Volatile, so that the compiler does not warn. */
static void *volatile nowhere;
static volatile size_t huge = (size_t)-1 / 2 + 1;

/* The file's contents tell where they are from. */
static unsigned char at(long offset) {
	return offset % 251 + offset / PIECE;
}

static void fill(const char *name, int change) {
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
	for (long offset = 0; offset < SIZE; offset += PIECE) {
		for (int i = 0; i < PIECE; i++) piece[i] = at(offset + i) + change;
		write(fd, piece, PIECE);
	}
	close(fd);
}

/* After these nothing of a file is new. */
static int used(const char *name, int flags) {
	int fd = open(name, flags);
	for (int i = 0; i < MANY; i++)
		if ((flags & O_ACCMODE) != O_WRONLY) pread(fd, piece, PIECE, 0);
	for (int i = 0; i < MANY; i++)
		if ((flags & O_ACCMODE) == O_WRONLY) pwrite(fd, piece, PIECE, SIZE - PIECE);
	return fd;
}

static long position(int fd) {
	return (long)lseek(fd, 0, SEEK_CUR);
}

#define SHOW(call) do { errno = 0; long r = (long)(call); printf("%s: %ld %s, first %d\n", #call, r, strerror(errno), piece[0]); } while (0)

static volatile sig_atomic_t ticks;
static void tick(int signal) {
	(void)signal;
	ticks++;
}

static void positions(void) {
	int fd = used("file", O_RDWR);
	printf("positions %ld", position(fd));
	for (int i = 0; i < 3; i++) read(fd, piece, PIECE);
	printf(" %ld", position(fd));
	read(fd, piece, 100);
	read(fd, piece, PIECE);
	printf(" %ld %d", position(fd), piece[0] == at(3 * PIECE + 100));
	struct iovec two[] = {{piece, PAGE}, {piece + PAGE, PAGE}};
	readv(fd, two, 2);
	printf(" %ld %d", position(fd), piece[PAGE] == at(4 * PIECE + 100 + PAGE));
	pread(fd, piece, PIECE, 77);
	printf(" %ld %d\n", position(fd), piece[0] == at(77));
	SHOW(lseek(fd, SIZE - 5000, SEEK_SET));
	SHOW(read(fd, piece, PIECE));
	SHOW(read(fd, piece, PIECE));
	SHOW(pread(fd, piece, PIECE, SIZE + 100000));
	SHOW(pread(fd, piece, PIECE, -1));
	SHOW(position(fd));
	SHOW(lseek(fd, -PIECE, SEEK_END));
	SHOW(pwrite(fd, piece, PIECE, PIECE));
	SHOW(write(fd, piece, PIECE));
	SHOW(position(fd));
	SHOW(ftruncate(fd, 3 * PIECE + 1000));
	SHOW(pread(fd, piece, PIECE, 3 * PIECE));
	SHOW(read(fd, piece, PIECE));
	SHOW(write(fd, piece, PIECE));
	SHOW(lseek(fd, 0, SEEK_END));
	close(fd);
	SHOW(read(fd, piece, PIECE));
	fill("file", 0);
}

static void buffers(void) {
	int fd = used("file", O_RDWR);
	unsigned char *area = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(area + PAGE, PAGE, PROT_READ);
	munmap(area + 3 * PAGE, PAGE);
	SHOW(read(fd, nowhere, PIECE));
	SHOW(read(fd, (void *)-PAGE, PIECE));
	SHOW(read(fd, area + PAGE, PIECE));
	SHOW(position(fd));
	SHOW(pread(fd, area, PAGE, 5));
	printf("%d\n", area[0] == at(5));
	SHOW(pread(fd, area + 2 * PAGE, PAGE, 9));
	printf("%d\n", area[2 * PAGE] == at(9));
	SHOW(pwrite(fd, area + PAGE, PAGE, 0)); /* it can be read */
	SHOW(pwrite(fd, nowhere, PIECE, 0));
	SHOW(read(fd, piece, huge));
	close(fd);
	fill("file", 0);
}

static void descriptors(const char *self) {
	int fd = used("file", O_RDONLY), twin = dup(fd);
	read(fd, piece, PIECE);
	printf("dup %ld", position(twin));
	read(twin, piece, PIECE);
	printf(" %ld\n", position(fd));
	close(twin);
	for (int i = 0; i < MANY; i++) pread(fd, piece, PAGE, 0);
	fflush(stdout);
	if (fork() == 0) {
		for (int i = 0; i < 2; i++) read(fd, piece, PIECE);
		printf("child %ld\n", position(fd));
		fflush(stdout);
		char text[20];
		sprintf(text, "%d", fd);
		execl(self, self, text, NULL);
	}
	wait(NULL);
	printf("parent %ld\n", position(fd));

	int other = used("other", O_RDONLY);
	SHOW(pread(other, piece, PIECE, 0));
	SHOW(dup2(other, fd) == fd);
	SHOW(pread(fd, piece, PIECE, 0));
	close(other);
	close(fd);
	SHOW(open("file", O_RDONLY) == fd);
	SHOW(pread(fd, piece, PIECE, 0));
	close(fd);
	fd = used("file", O_RDONLY);
	twin = dup(fd);
	close(fd);
	SHOW(open("other", O_RDONLY) == fd);
	SHOW(pread(fd, piece, PIECE, 0));
	close(twin);
	close(fd);
	int many[7];
	for (int i = 0; i < 7; i++) many[i] = used(i % 2 ? "file" : "other", O_RDONLY);
	for (int i = 0; i < 7; i++) SHOW(read(many[i], piece, PIECE));
	for (int i = 0; i < 7; i++) printf("%ld ", position(many[i]));
	for (int i = 0; i < 7; i++) close(many[i]);
	printf("\n");
	fd = used("file", O_WRONLY);
	SHOW(read(fd, piece, PIECE));
	close(fd);
	fd = used("file", O_RDONLY);
	SHOW(write(fd, piece, PIECE));
	SHOW(unlink("file"));
	SHOW(read(fd, piece, PIECE));
	close(fd);
	fill("file", 0);
}

/* What is written is there for everyone at once. */
static void writers(void) {
	int writer = used("file", O_WRONLY), reader = open("file", O_RDONLY);
	int good = 0;
	for (int round = 0; round < 50; round++) {
		memset(piece, round, PIECE);
		pwrite(writer, piece, PIECE, 0);
		unsigned char few[100] = "";
		lseek(reader, 0, SEEK_SET);
		for (int i = 0; i < 20; i++) {
			read(reader, few, sizeof few);
			good += few[0] == round && few[99] == round;
		}
		memset(piece, round + 100, PIECE);
		pwrite(writer, piece, PIECE, 0);
		read(reader, few, sizeof few);
		good += few[0] == round + 100;
		few[0] = 0;
		pwrite(writer, few, 100, 2200);
		pread(reader, few, sizeof few, 2199);
		good += few[0] == round + 100 && few[1] == 0;
	}
	struct stat info;
	printf("seen %d\n", good);
	SHOW(lseek(writer, 0, SEEK_SET));
	SHOW(fcntl(writer, F_SETFL, O_APPEND));
	SHOW(write(writer, piece, PIECE));
	SHOW((fstat(writer, &info), info.st_size));
	SHOW(fcntl(writer, F_SETFL, 0));
	for (int i = 0; i < MANY; i++) pwrite(writer, piece, PIECE, 0);
	signal(SIGXFSZ, SIG_IGN);
	struct rlimit old, small = {SIZE, RLIM_INFINITY};
	getrlimit(RLIMIT_FSIZE, &old);
	SHOW(setrlimit(RLIMIT_FSIZE, &small));
	SHOW(pwrite(writer, piece, PIECE, SIZE - 1000));
	SHOW(pwrite(writer, piece, PIECE, SIZE));
	setrlimit(RLIMIT_FSIZE, &old);

	int both = used("file", O_RDWR), second = used("file", O_RDONLY);
	unsigned char *map = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED, both, 0);
	map[0] = 'm';
	SHOW(pread(both, piece, PIECE, 0));
	SHOW(pread(second, piece, PIECE, 0));
	int third = used("file", O_RDONLY);
	map[0] = 'n';
	SHOW(pread(third, piece, PIECE, 0));
	close(third);
	close(second);
	memset(piece, 'w', PIECE);
	SHOW(pwrite(both, piece, PIECE, 0));
	printf("%c\n", map[100]);
	munmap(map, PIECE);
	for (int i = 0; i < 5; i++) SHOW(pread(both, piece, PIECE, 0));
	close(both);
	close(reader);
	close(writer);
	fill("file", 0);
}

static void offsets(void) {
	off_t far = 5LL << 30;
	int fd = used("large", O_RDWR | O_CREAT);
	memset(piece, 'f', PIECE);
	for (int i = 0; i < MANY; i++) pwrite(fd, piece, PIECE, far);
	memset(piece, 0, PIECE);
	SHOW(pread(fd, piece, PIECE, far));
	SHOW(lseek(fd, far - PAGE, SEEK_SET) == far - PAGE);
	SHOW(read(fd, piece, PIECE));
	printf("%d %c\n", piece[PAGE - 1], piece[PAGE]);
	SHOW(read(fd, piece, PAGE));
	printf("%lld\n", (long long)lseek(fd, 0, SEEK_CUR));
	close(fd);
	unlink("large");
}

static void signals(void) {
	int fd = used("file", O_RDONLY), good = 0;
	signal(SIGALRM, tick);
	struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
	setitimer(ITIMER_REAL, &often, NULL);
	long rounds = 0;
	for (; ticks < 20; rounds++) {
		long offset = rounds % 8 * PIECE;
		if (offset == 0) lseek(fd, 0, SEEK_SET);
		good += read(fd, piece, PIECE) == PIECE && piece[0] == at(offset) && piece[PIECE - 1] == at(offset + PIECE - 1);
	}
	setitimer(ITIMER_REAL, &never, NULL);
	printf("signals %d\n", good == rounds);
	close(fd);
}

/* Another process maps the file, again and again, while this one reads it from front to back. */
static void remapped(void) {
	int fd = used("file", O_RDONLY);
	pid_t child = fork();
	if (child == 0) {
		int own = open("file", O_RDWR);
		for (int i = 0; i < 400; i++) {
			munmap(mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED, own, 0), PIECE);
			if (i % 4 == 0) usleep(500);
		}
		_exit(0);
	}
	long rounds = 0, good = 0;
	close(fd);
	fd = used("file", O_RDONLY);
	for (; waitpid(child, NULL, WNOHANG) == 0; rounds++) {
		lseek(fd, 0, SEEK_SET);
		int right = 1;
		for (long offset = 0; offset < SIZE; offset += PIECE)
			right &= read(fd, piece, PIECE) == PIECE && piece[0] == at(offset) && piece[99] == at(offset + 99);
		good += right;
	}
	printf("remapped %d\n", good == rounds);
	close(fd);
}

int main(int argc, char **argv) {
	if (argc > 1) {
		int fd = atoi(argv[1]);
		printf("exec %ld", position(fd));
		for (int i = 0; i < MANY; i++) pread(fd, piece, PIECE, 0);
		read(fd, piece, PIECE);
		printf(" %ld %d\n", position(fd), piece[0]);
		return 0;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	fill("file", 0);
	fill("other", 7);
	positions();
	buffers();
	descriptors(argv[0]);
	writers();
	offsets();
	signals();
	remapped();
	unlink("other");
	int fd = used("file", O_RDONLY);
	read(fd, piece, PIECE);
	unlink("file");
	char text[20];
	sprintf(text, "%d", fd);
	execl(argv[0], argv[0], text, NULL);
	return 1;
}
