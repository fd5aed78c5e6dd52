/*
 * A file that is read piece by piece with pread(2), alone or by the one process that also writes to it: each piece is
 * what the file holds when it is asked for, whoever changes it in between.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 4096, COUNT = 600, STREAMS = 5 };

static int fd;
static char buffers[STREAMS][PIECE];
static volatile struct { int turn, piece; } *told;

static void stamp(int to, int piece, int mark) {
	static char text[PIECE];
	memset(text, mark, PIECE);
	memcpy(text, &piece, sizeof piece);
	pwrite(to, text, PIECE, (off_t)piece * PIECE);
}

/* The mark of a piece; 0 if it is another one, or mixed. */
static int at(int piece, char *buffer) {
	int number;
	memset(buffer, 0, 16);
	if (pread(fd, buffer, PIECE, (off_t)piece * PIECE) != PIECE) return 0;
	memcpy(&number, buffer, sizeof number);
	for (int i = 5; i < PIECE; i++) if (buffer[i] != buffer[4]) return 0;
	return number == piece ? buffer[4] : 0;
}

static int run(int from, int to, int mark) {
	int good = 0;
	for (int i = from; i < to; i++) good += at(i, buffers[0]) == mark;
	return good;
}

static void fill(int mark) {
	for (int i = 0; i < COUNT; i++) stamp(fd, i, mark);
}

/* Answers the parent's turns with a change of the piece it is about to read. */
static void answer(int rounds, int times) {
	int to = open("data", O_RDWR);
	char own[PIECE];
	for (int i = 0; i < 60; i++) pread(to, own, PIECE, (off_t)i * PIECE);
	for (int round = 0; round < rounds; round++) {
		while (told->turn != 2 * round + 1) sched_yield(); /* a call that waits would be news */
		for (int i = 0; i < times; i++) stamp(to, told->piece, 'A' + (round + i) % 26);
		told->turn = 2 * round + 2;
	}
}

static void exchange(int rounds, int times) {
	fill('m');
	told->turn = 0;
	fflush(stdout);
	pid_t other = fork();
	if (other == 0) answer(rounds, times), _exit(0);
	close(fd), fd = open("data", O_RDWR);
	int next = 0, good = 0, same = 0;
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < 45; i++, next++) same += at(next, buffers[0]) == 'm';
		told->piece = next;
		told->turn = 2 * round + 1;
		while (told->turn != 2 * round + 2) __builtin_ia32_pause();
		good += at(next++, buffers[0]) == 'A' + (round + times - 1) % 26;
	}
	waitpid(other, NULL, 0);
	printf("told without a call: %d of %d, others %d\n", good, rounds, same);
}

int main(void) {
	fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	told = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fill('a');
	printf("straight: %d, position %ld\n", run(0, COUNT, 'a'), (long)lseek(fd, 0, SEEK_CUR));
	printf("end: %zd", pread(fd, buffers[0], PIECE, (off_t)COUNT * PIECE));
	printf(" %zd\n", pread(fd, buffers[0], PIECE, (off_t)COUNT * PIECE - 10));
	printf("again, back and ahead: %d", run(100, 160, 'a'));
	printf(" %d", run(150, 200, 'a'));
	printf(" %d", run(210, 260, 'a'));
	int good = 0;
	for (int i = 400; i > 300; i--) good += at(i, buffers[0]) == 'a';
	printf(" %d", good);
	for (int i = 0; i < 100; i++) good += at(300, buffers[0]) == 'a';
	printf(" %d\n", good);

	/* Its own changes. */
	good = 0;
	for (int i = 0; i < 200; i++) {
		if (i % 10 == 7) stamp(fd, i, 'b');
		good += at(i, buffers[0]) == (i % 10 == 7 ? 'b' : 'a');
	}
	printf("own changes: %d", good);
	run(0, 40, 'a');
	ftruncate(fd, 45 * PIECE);
	printf(" %d", run(40, 50, 'a'));
	ftruncate(fd, (off_t)COUNT * PIECE);
	memset(buffers[0], 'x', PIECE);
	printf(" %d %d\n", pread(fd, buffers[0], PIECE, 47 * PIECE) == PIECE, buffers[0][100]);

	/* Two positions, and read(2) beside pread(2). */
	fill('c');
	lseek(fd, 0, SEEK_SET);
	good = 0;
	for (int i = 0; i < 200; i++) {
		int number = -1;
		read(fd, buffers[0], PIECE);
		memcpy(&number, buffers[0], sizeof number);
		good += number == i;
		if (i % 3) good += at(i + 1, buffers[0]) == 'c';
		if (i % 50 == 49) good += at(i + 300, buffers[1]) == 'c';
	}
	printf("beside read: %d, position %ld\n", good, (long)lseek(fd, 0, SEEK_CUR) / PIECE);

	/* Several runs of a file that nobody else can have. */
	unlink("data");
	good = 0;
	for (int i = 0; i < COUNT / STREAMS; i += 20)
		for (int s = 0; s < STREAMS; s++)
			for (int j = i; j < i + 20; j++) good += at(s * (COUNT / STREAMS) + j, buffers[s]) == 'c';
	printf("runs: %d\n", good);
	close(fd);

	fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	exchange(6, 1);
	exchange(6, 40);
	exchange(6, 1);
	exchange(6, 40);
	return 0;
}
