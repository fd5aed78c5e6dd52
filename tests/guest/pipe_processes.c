/* Pipes between processes: blocking ends, large writes, atomic writes of several writers, ends that close. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static unsigned char buffer[1 << 20];

static void pause_ms(int ms) { nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL); }

static unsigned char byte_at(unsigned i) { return i * 7 + i / 251; }

static void reap(const char *what) {
	int status;
	while (wait(&status) > 0)
		if (WIFSIGNALED(status)) printf("%s: a child was killed by %d\n", what, WTERMSIG(status));
		else if (WEXITSTATUS(status)) printf("%s: a child ended with %d\n", what, WEXITSTATUS(status));
}

/* One write of a megabyte; the reader takes odd pieces. */
static void large(void) {
	int ends[2];
	pipe(ends);
	if (!fork()) {
		for (unsigned i = 0; i < sizeof buffer; i++) buffer[i] = byte_at(i);
		long n = write(ends[1], buffer, sizeof buffer);
		_exit(n == sizeof buffer ? 0 : 1);
	}
	close(ends[1]);
	unsigned got = 0, bad = 0;
	for (unsigned step = 1;; step = step * 3 % 9973 + 1) {
		static unsigned char piece[10000];
		long n = read(ends[0], piece, step);
		if (n <= 0) break;
		for (long i = 0; i < n; i++) bad += piece[i] != byte_at(got + i);
		got += n;
	}
	printf("large: %u bytes, %u wrong\n", got, bad);
	close(ends[0]);
	reap("large");
}

/* The same by writev, into a small pipe. */
static void vectors(void) {
	int ends[2];
	pipe(ends);
	fcntl(ends[0], F_SETPIPE_SZ, 4096);
	if (!fork()) {
		struct iovec list[100];
		for (unsigned i = 0; i < 100000; i++) buffer[i] = byte_at(i);
		for (unsigned i = 0; i < 100; i++) list[i] = (struct iovec){buffer + i * 1000, 1000};
		_exit(writev(ends[1], list, 100) == 100000 ? 0 : 1);
	}
	close(ends[1]);
	unsigned got = 0, bad = 0;
	for (long n; (n = read(ends[0], buffer, 3000)) > 0; got += n)
		for (long i = 0; i < n; i++) bad += buffer[i] != byte_at(got + i);
	printf("vectors: %u bytes, %u wrong\n", got, bad);
	close(ends[0]);
	reap("vectors");
}

/* Records of up to PIPE_BUF bytes never mix. */
static void atomic(void) {
	enum { WRITERS = 4, RECORDS = 60 };
	int ends[2];
	pipe(ends);
	for (int writer = 0; writer < WRITERS; writer++) {
		if (fork()) continue;
		static unsigned char record[4096];
		for (int i = 0; i < RECORDS; i++) {
			unsigned size = i % 5 ? 3 + (i * 997 + writer * 331) % 4000 : 4096;
			memset(record, 'a' + writer, size);
			record[0] = size >> 8;
			record[1] = size;
			if (write(ends[1], record, size) != (long)size) _exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	FILE *in = fdopen(ends[0], "r");
	unsigned records = 0, bad = 0;
	for (int high; (high = getc(in)) != EOF; records++) {
		unsigned size = high << 8 | getc(in);
		int first = getc(in);
		for (unsigned i = 3; i < size; i++) bad += getc(in) != first;
	}
	printf("atomic: %u records, %u bytes wrong\n", records, bad);
	fclose(in);
	reap("atomic");
}

static void ping_pong(void) {
	int there[2], back[2];
	pipe(there);
	pipe(back);
	if (!fork()) {
		close(there[1]);
		close(back[0]);
		char c;
		while (read(there[0], &c, 1) == 1) c++, write(back[1], &c, 1);
		_exit(0);
	}
	close(there[0]);
	close(back[1]);
	unsigned char c = 0;
	int rounds = 0;
	for (; rounds < 1000; rounds++)
		if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1) break;
	printf("ping-pong: %d rounds, %d\n", rounds, c);
	close(there[1]);
	printf("ping-pong: then %ld\n", (long)read(back[0], &c, 1));
	close(back[0]);
	reap("ping-pong");
}

/* Who waits at one end sees the other end close. */
static void closing(void) {
	int ends[2];
	char c;
	pipe(ends);
	if (!fork()) {
		close(ends[0]);
		pause_ms(50);
		_exit(0);
	}
	close(ends[1]);
	printf("closing: the writer leaves a waiting reader %ld\n", (long)read(ends[0], &c, 1));
	close(ends[0]);
	reap("closing");

	pipe(ends);
	if (!fork()) {
		close(ends[0]);
		write(ends[1], buffer, 100000);
		_exit(3);
	}
	close(ends[1]);
	pause_ms(50);
	printf("closing: the reader takes %ld\n", (long)read(ends[0], buffer, 10));
	close(ends[0]);
	reap("closing, SIGPIPE");

	pipe(ends);
	if (!fork()) {
		close(ends[0]);
		signal(SIGPIPE, SIG_IGN);
		long n = write(ends[1], buffer, 100000);
		long again = write(ends[1], buffer, 1);
		_exit(n == 65536 && again == -1 && errno == EPIPE ? 0 : 4);
	}
	close(ends[1]);
	pause_ms(50);
	close(ends[0]);
	reap("closing, ignored");
}

/* Three processes in a row. */
static void pipeline(void) {
	int first[2], second[2];
	pipe(first);
	pipe(second);
	if (!fork()) {
		close(first[0]), close(second[0]), close(second[1]);
		FILE *out = fdopen(first[1], "w");
		for (int i = 0; i < 20000; i++) fprintf(out, "%d\n", i);
		fclose(out);
		_exit(0);
	}
	if (!fork()) {
		close(first[1]), close(second[0]);
		FILE *in = fdopen(first[0], "r"), *out = fdopen(second[1], "w");
		for (int n; fscanf(in, "%d", &n) == 1;) fprintf(out, "%d\n", 2 * n);
		fclose(out);
		_exit(0);
	}
	close(first[0]), close(first[1]), close(second[1]);
	FILE *in = fdopen(second[0], "r");
	long sum = 0, lines = 0;
	for (int n; fscanf(in, "%d", &n) == 1; lines++) sum += n;
	printf("pipeline: %ld lines, sum %ld\n", lines, sum);
	fclose(in);
	reap("pipeline");
}

int main(void) {
	setvbuf(stdout, NULL, _IOLBF, 0);
	large();
	vectors();
	atomic();
	ping_pong();
	closing();
	pipeline();
	return 0;
}
