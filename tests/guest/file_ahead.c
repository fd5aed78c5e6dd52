/*
 * A file that is read piece by piece into one buffer, while others change it, the buffer, the position or the
 * descriptor: each piece is what the file holds when it is asked for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 32768, COUNT = 96, RW = PROT_READ | PROT_WRITE };

static int fd;
static char *buffer;
/* What another process and this one tell each other, without a system call. */
static volatile struct { int turn, piece; } *told;

static void stamp(int to, int piece, int mark) {
	static char text[PIECE];
	memset(text, mark, PIECE);
	sprintf(text, "%d", piece);
	pwrite(to, text, PIECE, (off_t)piece * PIECE);
}

/* The mark of the next piece, if it is that one. */
static int next(int piece) {
	memset(buffer, 0, 16);
	ssize_t count = read(fd, buffer, PIECE);
	char number[16];
	sprintf(number, "%d", piece);
	if (count != PIECE) return printf("piece %d: %zd bytes, %s\n", piece, count, strerror(errno)), 0;
	if (strcmp(number, buffer) && buffer[0]) {
		char first = buffer[strlen(number)];
		if (strncmp(number, buffer, strlen(number)) || first == 0) return printf("piece %d: another one\n", piece), 0;
	}
	for (int i = 17; i < PIECE; i++)
		if (buffer[i] != buffer[16]) return printf("piece %d: mixed\n", piece), 0;
	return buffer[16];
}

static void rewind_all(int mark) {
	for (int i = 0; i < COUNT; i++) stamp(fd, i, mark);
	lseek(fd, 0, SEEK_SET);
}

static int run(int from, int to, int mark) {
	for (int i = from; i < to; i++)
		if (next(i) != mark) return printf("piece %d is no %c\n", i, mark), 0;
	return 1;
}

static void child(void (*act)(void)) {
	fflush(stdout);
	if (fork() == 0) act(), fflush(stdout), _exit(0);
	wait(NULL);
}

static void write_at_80(void) { stamp(open("data", O_WRONLY), 80, 'c'); }
static void read_one(void) { run(40, 41, 'k'); }

/* Answers the parent's turns with a change of the piece it is about to read. */
static void answer(int rounds, int times) {
	int to = open("data", O_WRONLY);
	for (int round = 0; round < rounds; round++) {
		while (told->turn != 2 * round + 1) sched_yield(); /* a call that waits would be news */
		for (int i = 0; i < times; i++) stamp(to, told->piece, 'A' + (round + i) % 26);
		told->turn = 2 * round + 2;
	}
}

static void exchange(int rounds, int times) {
	rewind_all('m');
	told->turn = 0;
	fflush(stdout);
	pid_t other = fork();
	if (other == 0) answer(rounds, times), _exit(0);
	int reader = fd, at = 0, good = 0;
	fd = open("data", O_RDONLY);
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < 14; i++, at++) next(at);
		told->piece = at;
		told->turn = 2 * round + 1;
		while (told->turn != 2 * round + 2) __builtin_ia32_pause();
		good += next(at++) == 'A' + (round + times - 1) % 26;
	}
	waitpid(other, NULL, 0);
	printf("told without a call: %d of %d\n", good, rounds);
	close(fd);
	fd = reader;
}

static int seen[COUNT], in_handler;

static void on_alarm(int signal) {
	(void)signal;
	static char own[PIECE];
	if (read(fd, own, PIECE) == PIECE) seen[atoi(own) % COUNT]++, in_handler++;
}

int main(void) {
	fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	buffer = mmap(NULL, 3 * PIECE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(buffer + PIECE, 2 * PIECE); /* nothing is behind it */
	told = mmap(NULL, 4096, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	rewind_all('a');
	close(fd), fd = open("data", O_RDONLY); /* to read alone: it is read ahead when nobody may write to it */
	printf("straight: %d\n", run(0, COUNT, 'a'));
	printf("end: %zd\n", read(fd, buffer, PIECE));
	lseek(fd, 0, SEEK_SET);
	printf("back: %d", run(0, 60, 'a'));
	lseek(fd, 30 * PIECE, SEEK_SET);
	printf(" %d", run(30, 70, 'a'));
	int writer = open("data", O_WRONLY);
	stamp(writer, 70, 'b');
	printf(" %c", next(70));
	printf("%c", next(71));
	child(write_at_80);
	printf(" %d", run(72, 80, 'a'));
	printf(" %c", next(80));
	printf(" %d\n", run(81, COUNT, 'a'));

	lseek(fd, 0, SEEK_SET);
	run(0, 50, 'a');
	mprotect(buffer, PIECE, PROT_READ);
	ssize_t refused = read(fd, buffer, PIECE);
	printf("read-only: %zd %d", refused, errno == EFAULT);
	mprotect(buffer, PIECE, RW);
	printf(" %d", run(50, 54, 'a'));
	refused = read(fd, (void *)(long)PIECE, PIECE);
	printf(", nowhere: %zd %d", refused, errno == EFAULT);
	printf(" %d", run(54, 58, 'a'));
	refused = read(fd, buffer, 2 * PIECE);
	printf(", too small: %zd", refused);
	lseek(fd, 58 * PIECE, SEEK_SET);
	printf(" %d", run(58, 60, 'a'));
	munmap(buffer, PIECE);
	refused = read(fd, buffer, PIECE);
	printf(", gone: %zd %d", refused, errno == EFAULT);
	mmap(buffer, PIECE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf(" %d\n", run(60, 70, 'a'));

	lseek(fd, 0, SEEK_SET);
	run(0, 20, 'a');
	ftruncate(writer, 24 * PIECE + 100);
	printf("cut: %d", run(20, 24, 'a'));
	printf(" %zd", read(fd, buffer, PIECE));
	printf(" %zd", read(fd, buffer, PIECE));
	ftruncate(writer, 30 * PIECE);
	lseek(fd, 25 * PIECE, SEEK_SET);
	printf(" %zd", read(fd, buffer, PIECE));
	printf(" %d\n", buffer[0] | buffer[PIECE - 1]);

	for (int i = 0; i < COUNT; i++) stamp(writer, i, 'k');
	close(writer); /* while somebody may write nothing is read ahead */
	lseek(fd, 0, SEEK_SET);
	printf("shared: %d", run(0, 30, 'k'));
	int twin = dup(fd), old = fd;
	fd = twin;
	printf(" %d", run(30, 35, 'k'));
	fd = old;
	printf(" %d ", run(35, 40, 'k'));
	close(twin);
	child(read_one);
	printf("%d\n", run(41, 60, 'k'));
	printf("position: %ld\n", (long)lseek(fd, 0, SEEK_CUR) / PIECE);

	/* Another buffer, another size, and the first again. */
	char *first = buffer, *second = mmap(NULL, PIECE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int good = 0;
	for (int i = 60; i < 80; i++) buffer = i % 3 ? first : second, good += next(i) == 'k';
	buffer = first;
	for (int i = 80; i < 84; i++) good += next(i) == 'k';
	for (int i = 0; i < 8; i++) good += read(fd, second, PIECE / 2) == PIECE / 2 && second[100] == 'k';
	printf("other buffers: %d %d\n", good, run(88, COUNT, 'k'));

	/* One that ends in the middle of what has been read ahead, and a descriptor that becomes another file. */
	int other = open("other", O_RDWR | O_CREAT | O_TRUNC, 0600);
	for (int i = 0; i < COUNT; i++) stamp(other, i, 'o');
	close(other);
	lseek(fd, 0, SEEK_SET);
	run(0, 30, 'k');
	close(fd);
	fd = open("other", O_RDONLY);
	lseek(fd, 30 * PIECE, SEEK_SET);
	printf("another file: %d\n", run(30, COUNT, 'o'));
	close(fd);

	/* A buffer that turns into code in between: mov $N, %eax; ret */
	other = open("code", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char code[PIECE] = "\xb8\0\0\0\0\xc3";
	for (int i = 0; i < 60; i++) code[1] = i, pwrite(other, code, PIECE, (off_t)i * PIECE);
	close(other);
	fd = open("code", O_RDONLY);
	char *run_here = mmap(NULL, PIECE, RW | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int right = 0;
	for (int i = 0; i < 60; i++) {
		read(fd, run_here, PIECE);
		if (i == 25 || i == 26 || i > 50) right += ((int (*)(void))run_here)() == i;
	}
	printf("code: %d\n", right);
	close(fd);

	/* A handler that reads, too. */
	fd = open("other", O_RDONLY);
	signal(SIGALRM, on_alarm);
	struct itimerval soon = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
	int lost = 0;
	setitimer(ITIMER_REAL, &soon, NULL);
	while (in_handler < 20) {
		memset(seen, 0, sizeof seen);
		lseek(fd, 0, SEEK_SET);
		while (read(fd, buffer, PIECE) == PIECE) seen[atoi(buffer) % COUNT]++;
		for (int i = 0; i < COUNT; i++) lost += seen[i] != 1;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	printf("with a handler: %d lost\n", lost);
	close(fd);

	fd = open("data", O_RDWR);
	exchange(6, 1);
	exchange(6, 12);
	exchange(6, 1);
	exchange(6, 12);
	return 0;
}
