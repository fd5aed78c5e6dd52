/* poll(2), select(2), eventfd(2), splice(2), FIFOs: waiting for what another process does. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char buffer[200000];

static void pause_ms(int ms) { nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL); }

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static void reap(const char *what) {
	int status;
	while (wait(&status) > 0)
		if (status) printf("%s: a child ended with status %x\n", what, status);
}

/* A child that writes to one pipe after the other, and leaves. */
static void events(void) {
	int pipes[3][2];
	for (int i = 0; i < 3; i++) pipe(pipes[i]);
	if (!fork()) {
		for (int i = 0; i < 3; i++) close(pipes[i][0]);
		for (int i = 2; i >= 0; i--) pause_ms(30), write(pipes[i][1], "x", 1);
		pause_ms(30);
		_exit(0);
	}
	for (int i = 0; i < 3; i++) close(pipes[i][1]);
	struct pollfd list[3] = {{pipes[0][0], POLLIN, 0}, {pipes[1][0], POLLIN, 0}, {pipes[2][0], POLLIN, 0}};
	for (int turn = 0; turn < 3; turn++) {
		int n;
		if (turn != 1) {
			n = poll(list, 3, -1);
		} else {
			fd_set set;
			FD_ZERO(&set);
			for (int i = 0; i < 3; i++) FD_SET(list[i].fd, &set);
			n = select(list[2].fd + 1, &set, NULL, NULL, NULL);
			for (int i = 0; i < 3; i++) list[i].revents = FD_ISSET(list[i].fd, &set) ? POLLIN : 0;
		}
		printf("events: %d,", n);
		for (int i = 0; i < 3; i++) {
			printf(" %x", list[i].revents);
			if (list[i].revents & POLLIN) read(list[i].fd, buffer, 10);
		}
		puts("");
	}
	reap("events");
	show("events: after the end", poll(list, 3, -1));
	for (int i = 0; i < 3; i++) close(list[i].fd);
}

/* Waiting for room in a pipe. */
static void room(void) {
	int ends[2];
	pipe(ends);
	write(ends[1], buffer, 65536);
	if (!fork()) {
		close(ends[1]);
		pause_ms(40);
		read(ends[0], buffer, 4095);
		pause_ms(40);
		read(ends[0], buffer, 1);
		pause_ms(40);
		_exit(0);
	}
	close(ends[0]);
	struct pollfd one = {ends[1], POLLOUT, 0};
	show("room: poll", poll(&one, 1, -1));
	printf("room: %x\n", one.revents);
	show("room: write", write(ends[1], buffer, 4096));
	show("room: poll, full", poll(&one, 1, 0));
	show("room: poll for the end", poll(&one, 1, -1));
	printf("room: %x\n", one.revents);
	close(ends[1]);
	reap("room");
}

static void counters(void) {
	int fd = eventfd(0, 0), answer = eventfd(0, EFD_SEMAPHORE);
	if (!fork()) {
		uint64_t value, sum = 0, one = 1;
		while (sum < 10) {
			read(fd, &value, 8);
			sum += value;
		}
		for (int i = 0; i < 3; i++) pause_ms(10), write(answer, &one, 8);
		pause_ms(20);
		read(fd, &value, 8);
		_exit(sum == 10 && value == UINT64_MAX - 1 ? 0 : 1);
	}
	uint64_t value = 5;
	write(fd, &value, 8);
	pause_ms(20);
	write(fd, &value, 8);
	for (int i = 0; i < 3; i++) {
		read(answer, &value, 8);
		printf("counters: %d\n", (int)value);
	}
	value = UINT64_MAX - 1;
	write(fd, &value, 8);
	value = 1;
	show("counters: write that has to wait", write(fd, &value, 8));
	reap("counters");
	close(fd), close(answer);
}

static void splices(void) {
	int a[2], b[2];
	pipe(a);
	pipe(b);
	if (!fork()) {
		close(a[1]), close(b[0]);
		long total = 0, n;
		while ((n = splice(a[0], NULL, b[1], NULL, 1000000, 0)) > 0) total += n;
		_exit(n == 0 && total == 200000 ? 0 : 1);
	}
	close(a[0]), close(b[1]);
	if (!fork()) {
		close(b[0]);
		pause_ms(20);
		_exit(write(a[1], buffer, sizeof buffer) == sizeof buffer ? 0 : 2);
	}
	close(a[1]);
	int out = open("out", O_CREAT | O_RDWR | O_TRUNC, 0644);
	long total = 0, n;
	while ((n = splice(b[0], NULL, out, NULL, 70000, 0)) > 0) total += n;
	printf("splices: %ld bytes, then %ld\n", total, n);
	close(b[0]);
	reap("splices");
	pipe(a);
	if (!fork()) {
		close(a[1]);
		pause_ms(20);
		for (total = 0; (n = read(a[0], buffer, 5000)) > 0;) total += n;
		_exit(total == 200000 ? 0 : 3);
	}
	close(a[0]);
	off_t from = 0;
	while (from < 200000) if (sendfile(a[1], out, &from, 200000 - from) <= 0) break;
	printf("splices: sent %ld\n", (long)from);
	close(a[1]);
	close(out);
	unlink("out");
	reap("splices");
}

static void fifos(void) {
	mkfifo("fifo", 0600);
	if (!fork()) {
		pause_ms(40);
		int out = open("fifo", O_WRONLY);
		pause_ms(40);
		write(out, "through", 7);
		close(out);
		int in = open("fifo", O_RDONLY);
		long n = read(in, buffer, 100);
		_exit(n == 4 && !memcmp(buffer, "back", 4) ? 0 : 1);
	}
	int in = open("fifo", O_RDONLY);
	long n = read(in, buffer, 100);
	printf("fifos: %.*s\n", (int)n, buffer);
	show("fifos: end", read(in, buffer, 100));
	close(in);
	int out = open("fifo", O_WRONLY);
	show("fifos: write", write(out, "back", 4));
	close(out);
	reap("fifos");
	unlink("fifo");
}

int main(void) {
	setvbuf(stdout, NULL, _IOLBF, 0);
	events();
	room();
	counters();
	splices();
	fifos();
	return 0;
}
