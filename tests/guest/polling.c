/* poll(2), ppoll(2), select(2), pselect(2) over pipes, files, devices and what is not open. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void *volatile nowhere = (void *)16;

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void polls(const int ends[2]) {
	int file = open("polled", O_CREAT | O_RDWR, 0644), null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDONLY);
	int folder = open(".", O_RDONLY | O_DIRECTORY), place = open(".", O_PATH);
	struct pollfd list[9] = {{ends[0], POLLIN, 77}, {ends[1], POLLOUT, 77}, {file, POLLIN | POLLOUT, 77}, {null, POLLIN | POLLOUT | POLLPRI, 77},
		{zero, POLLIN, 77}, {-5, POLLIN, 77}, {200, POLLIN, 77}, {folder, POLLIN | POLLOUT, 77}, {place, POLLIN, 77}};
	show("poll", poll(list, 9, 0));
	for (int i = 0; i < 9; i++) printf("%d: %x\n", i, list[i].revents);
	write(ends[1], "x", 1);
	show("poll", poll(list, 9, -1));
	for (int i = 0; i < 9; i++) printf("%d: %x\n", i, list[i].revents);
	list[0].events = 0;
	list[1].events = POLLIN;
	show("nothing wanted", poll(list, 2, 0));
	list[0].events = POLLRDNORM | POLLHUP | POLLRDHUP | POLLRDBAND;
	list[1].events = POLLWRNORM;
	show("normal data", poll(list, 2, 0));
	printf("%x %x\n", list[0].revents, list[1].revents);
	show("no descriptors", poll(NULL, 0, 0));
	show("bad address", poll(nowhere, 1, 0));
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	struct pollfd *many = calloc(limit.rlim_cur + 1, sizeof *many);
	for (rlim_t i = 0; i <= limit.rlim_cur; i++) many[i].fd = -1;
	show("as many as can be", poll(many, limit.rlim_cur, 0));
	show("too many", poll(many, limit.rlim_cur + 1, 0));
	many[7] = many[900] = list[1];
	show("the same one twice", poll(many, 1000, 1000));
	read(ends[0], many, 1);
	close(file), close(null), close(zero), close(folder), close(place);
	unlink("polled");
}

static void timeouts(const int ends[2]) {
	struct pollfd one = {ends[0], POLLIN, 0};
	double start = now();
	show("poll for 60 ms", poll(&one, 1, 60));
	double took = now() - start;
	printf("not early %d, not too late %d\n", took >= 60, took < 2000);
	struct timespec time = {0, 50000000}, none = {0, 0}, bad = {0, 1000000000}, negative = {-1, 0};
	start = now();
	show("ppoll for 50 ms", ppoll(&one, 1, &time, NULL));
	printf("not early %d\n", now() - start >= 50);
	show("ppoll for nothing", ppoll(&one, 1, &none, NULL));
	show("ppoll, too many nanoseconds", ppoll(&one, 1, &bad, NULL));
	show("ppoll, negative", ppoll(&one, 1, &negative, NULL));
	start = now();
	show("poll of nothing for 30 ms", poll(NULL, 0, 30));
	printf("not early %d\n", now() - start >= 30);
	struct timeval left = {0, 40000};
	fd_set set;
	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	start = now();
	show("select for 40 ms", select(ends[0] + 1, &set, NULL, NULL, &left));
	printf("not early %d, left %ld %ld, bit %d\n", now() - start >= 40, (long)left.tv_sec, (long)left.tv_usec, !!FD_ISSET(ends[0], &set));
	left = (struct timeval){1, 2500000};
	FD_SET(ends[1], &set);
	show("select with microseconds to spare", select(ends[1] + 1, NULL, &set, NULL, &left));
	printf("left over 3 s %d\n", left.tv_sec == 3 && left.tv_usec <= 500000);
	left = (struct timeval){-1, 0};
	show("select, negative", select(0, NULL, NULL, NULL, &left));
	left = (struct timeval){0, 20000};
	show("select as a sleep", select(0, NULL, NULL, NULL, &left));
	/* the call itself writes what is left */
	struct timespec raw = {5, 0};
	one.events = POLLIN;
	write(ends[1], "x", 1);
	show("raw ppoll", syscall(SYS_ppoll, &one, 1, &raw, NULL, 8));
	printf("left %d\n", raw.tv_sec == 4 && raw.tv_nsec > 0);
	read(ends[0], &left, 1);
}

static void print_set(const char *name, const fd_set *set) {
	printf(" %s", name);
	for (int fd = 0; fd < 80; fd++) if (FD_ISSET(fd, set)) printf(" %d", fd);
}

static void selects(const int ends[2]) {
	int event = eventfd(1, 0), null = open("/dev/null", O_RDWR);
	fd_set in, out, except;
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&except);
	FD_SET(ends[0], &in), FD_SET(ends[1], &out), FD_SET(event, &in), FD_SET(event, &out), FD_SET(null, &except), FD_SET(null, &in);
	struct timeval zero = {0, 0};
	show("select", select(64, &in, &out, &except, &zero));
	print_set("in", &in), print_set("out", &out), print_set("except", &except);
	puts("");
	write(ends[1], "x", 1);
	FD_SET(ends[0], &in);
	show("select", select(ends[0] + 1, &in, NULL, NULL, NULL));
	print_set("in", &in);
	puts("");
	read(ends[0], &zero, 1);
	FD_ZERO(&in);
	FD_SET(60, &in);
	show("select of what is not open", select(64, &in, NULL, NULL, &zero));
	print_set("in", &in);
	puts("");
	show("select of fewer", select(60, &in, NULL, NULL, &(struct timeval){0, 0}));
	show("select, negative count", select(-1, &in, NULL, NULL, NULL));
	show("select, bad address", select(10, nowhere, NULL, NULL, NULL));
	struct timespec time = {0, 10000000};
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	FD_ZERO(&in);
	FD_SET(ends[0], &in);
	show("pselect", pselect(ends[0] + 1, &in, NULL, NULL, &time, &mask));
	sigset_t after;
	sigprocmask(SIG_SETMASK, NULL, &after);
	printf("mask is back %d\n", !sigismember(&after, SIGUSR1));
	close(event), close(null);
}

/* A hang-up seen by both calls. */
static void hang_up(void) {
	int ends[2];
	pipe(ends);
	close(ends[1]);
	fd_set in, out;
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(ends[0], &in), FD_SET(ends[0], &out);
	show("select of an end", select(ends[0] + 1, &in, &out, NULL, NULL));
	print_set("in", &in), print_set("out", &out);
	puts("");
	struct pollfd one = {ends[0], 0, 0};
	show("poll of an end", poll(&one, 1, -1));
	printf("%x\n", one.revents);
	close(ends[0]);
	show("poll of what is closed", poll(&one, 1, -1));
	printf("%x\n", one.revents);
	pipe(ends);
	close(ends[0]);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(ends[1], &in), FD_SET(ends[1], &out);
	show("select of a broken pipe", select(ends[1] + 1, &in, &out, NULL, NULL));
	print_set("in", &in), print_set("out", &out);
	puts("");
}

int main(void) {
	int ends[2];
	pipe(ends);
	polls(ends);
	timeouts(ends);
	selects(ends);
	hang_up();
	return 0;
}
