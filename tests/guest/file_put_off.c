/*
 * Files without a name that are written piece by piece by the only process that has them: whoever looks, by whatever
 * call, sees all that was written.
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
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 4096, WARM = 60, MORE = 21 };

static char text[2 * PIECE];

static int nameless(int flags) {
	int fd = open("nameless", O_RDWR | O_CREAT | O_EXCL | flags, 0600);
	unlink("nameless");
	return fd;
}

static void piece(int fd, int number, int mark) {
	memset(text, mark, PIECE);
	memcpy(text, &number, sizeof number);
	if (pwrite(fd, text, PIECE, (off_t)number * PIECE) != PIECE) printf("piece %d: %d\n", number, errno);
}

/* How many pieces of the file are as `piece` has written them, up to the first that is not. */
static int good(int fd, int mark) {
	char seen[PIECE];
	for (int number = 0;; number++) {
		int found;
		if (pread(fd, seen, PIECE, (off_t)number * PIECE) != PIECE) return number;
		memcpy(&found, seen, sizeof found);
		if (found != number) return number;
		for (int i = sizeof found; i < PIECE; i++) if (seen[i] != mark) return number;
	}
}

/* A file of WARM + MORE pieces, of which the last may be on their way still. */
static int written(int flags) {
	int fd = nameless(flags);
	for (int i = 0; i < WARM + MORE; i++) piece(fd, i, 'a');
	return fd;
}

static void looks(void) {
	struct stat st;
	int fd = written(0);
	fstat(fd, &st);
	printf("fstat: %ld, %ld links\n", (long)st.st_size, (long)st.st_nlink);
	close(fd), fd = written(0);
	printf("lseek: %ld\n", (long)lseek(fd, 0, SEEK_END));
	close(fd), fd = written(0);
	printf("pread: %d\n", good(fd, 'a'));
	close(fd), fd = written(0);
	printf("truncate: %d, ", ftruncate(fd, (WARM + MORE - 2) * PIECE));
	printf("%d\n", good(fd, 'a'));
	close(fd), fd = written(0);
	printf("fsync: %d, %d, %d\n", fsync(fd), fdatasync(fd), good(fd, 'a'));
	close(fd), fd = written(0);
	char *view = mmap(NULL, (WARM + MORE) * PIECE, PROT_READ, MAP_SHARED, fd, 0);
	int right = 0;
	for (int i = 0; i < WARM + MORE; i++) right += view[i * PIECE + 100] == 'a';
	printf("mmap: %d\n", right);
	munmap(view, (WARM + MORE) * PIECE);
	close(fd), fd = written(0);
	int other = dup(fd);
	close(fd);
	printf("dup: %d\n", good(other, 'a'));
	close(other), fd = written(0);
	char path[64];
	sprintf(path, "/proc/self/fd/%d", fd);
	stat(path, &st);
	printf("stat by descriptor: %ld\n", (long)st.st_size);
	for (int i = 0; i < WARM + MORE; i++) piece(fd, i, 'b');
	other = open(path, O_RDONLY);
	printf("opened again: %d\n", good(other, 'b'));
	for (int i = 0; i < MORE; i++) {
		piece(fd, i, 'c');
		char seen[PIECE];
		pread(other, seen, PIECE, (off_t)i * PIECE);
		right -= seen[PIECE - 1] == 'c';
	}
	printf("and while it is: %d\n", right);
	close(other), close(fd);
}

static void others(void) {
	int fd = written(0), status;
	fflush(stdout);
	if (fork() == 0) printf("a child: %d\n", good(fd, 'a')), fflush(stdout), _exit(0);
	wait(&status);
	for (int i = 0; i < WARM; i++) piece(fd, i, 'b');
	if (fork() == 0) {
		for (int i = 0; i < WARM + MORE; i++) piece(fd, i, 'c');
		_exit(0);
	}
	wait(&status);
	printf("after a child wrote: %d\n", good(fd, 'c'));
	close(fd), fd = written(0);
	int to = open("copy", O_RDWR | O_CREAT | O_TRUNC, 0600);
	off_t from = 0;
	printf("sendfile: %ld, ", (long)sendfile(to, fd, &from, (WARM + MORE) * PIECE));
	printf("%d\n", good(to, 'a'));
	close(to), close(fd), fd = written(0);
	fflush(stdout);
	if (vfork() == 0) {
		char number[16];
		sprintf(number, "%d", fd);
		execl("/proc/self/exe", "file_put_off", number, NULL);
		_exit(1);
	}
	wait(&status);
	close(fd);
}

/* Another process, which looks while this one calls nothing. */
enum { OPEN, LOOK, CLOSE };
static volatile struct { int asked, what, mark, found; char name[32]; } *told;

static void observe(void) {
	for (int fd = -1;;) {
		while (!told->asked) sched_yield();
		if (told->what == OPEN) fd = open((const char *)told->name, O_RDONLY), told->found = fd >= 0;
		if (told->what == LOOK) told->found = good(fd, told->mark);
		if (told->what == CLOSE) told->found = close(fd);
		told->asked = 0;
	}
}

static int ask(int what, int mark) {
	told->what = what, told->mark = mark, told->asked = 1;
	while (told->asked) {}
	return told->found;
}

static int seen(void) {
	strcpy((char *)told->name, "seen");
	return open("seen", O_RDWR | O_CREAT | O_EXCL, 0600);
}

static void fill(int fd, int mark) {
	for (int i = 0; i < WARM + MORE; i++) piece(fd, i, mark);
}

static void observed(void) {
	told = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fflush(stdout);
	pid_t other = fork();
	if (other == 0) observe();

	int fd = seen();
	fill(fd, 'a');
	ask(OPEN, 0);
	printf("by its name: %d\n", ask(LOOK, 'a'));
	ask(CLOSE, 0), close(fd), unlink("seen");

	fd = seen();
	ask(OPEN, 0);
	unlink("seen");
	fill(fd, 'b');
	printf("opened before: %d\n", ask(LOOK, 'b'));
	ask(CLOSE, 0), close(fd);

	fd = seen();
	link("seen", "seen too");
	unlink("seen");
	fill(fd, 'a');
	strcpy((char *)told->name, "seen too");
	ask(OPEN, 0);
	printf("by another name: %d\n", ask(LOOK, 'a'));
	unlink("seen too");
	fill(fd, 'b');
	printf("opened by that: %d\n", ask(LOOK, 'b'));
	ask(CLOSE, 0), close(fd);

	fd = seen();
	unlink("seen");
	sprintf((char *)told->name, "/proc/%d/fd/%d", getpid(), fd);
	fill(fd, 'a');
	ask(OPEN, 0);
	printf("by its descriptor: %d\n", ask(LOOK, 'a'));
	fill(fd, 'b');
	printf("opened by that: %d\n", ask(LOOK, 'b'));
	ask(CLOSE, 0);
	fill(fd, 'c');
	ask(OPEN, 0);
	printf("and again: %d\n", ask(LOOK, 'c'));
	close(fd);
	kill(other, SIGKILL), wait(NULL);
}

static int size_of(int number) {
	return number % 7 == 0 ? PIECE + 1 : number % 11 == 0 ? 100 : number % 31 < 9 ? 4 * PIECE : PIECE;
}

/* In order, from front to back, with write(2); pieces of several sizes, and reads of the same or another file. */
static void in_order(void) {
	int fd = nameless(0), from = written(0), right = 0;
	for (int i = 0; i < WARM + MORE; i++) {
		memset(text, 'a' + i % 26, PIECE);
		right += write(fd, text, PIECE) == PIECE;
	}
	printf("write: %d, at %ld\n", right, (long)lseek(fd, 0, SEEK_CUR) / PIECE);
	lseek(fd, 0, SEEK_SET), right = 0;
	for (int i = 0; i < WARM + MORE; i++) right += read(fd, text, PIECE) == PIECE && text[9] == 'a' + i % 26;
	printf("read: %d\n", right);
	static char sizes[4 * PIECE];
	lseek(fd, 0, SEEK_SET), right = 0;
	for (int i = 0; i < 300; i++) {
		int size = size_of(i);
		memset(sizes, 'A' + i % 26, size);
		right += write(fd, sizes, size) == size;
	}
	lseek(fd, 0, SEEK_SET);
	for (int i = 0; i < 300; i++) {
		int size = size_of(i);
		right += read(fd, sizes, size) == size && sizes[0] == 'A' + i % 26 && sizes[size - 1] == sizes[0];
	}
	printf("sizes: %d\n", right);
	lseek(fd, 0, SEEK_SET), lseek(from, 0, SEEK_SET), right = 0;
	for (int i = 0; i < WARM + MORE; i++) right += read(from, text, PIECE) == PIECE && write(fd, text, PIECE) == PIECE;
	printf("copy: %d, %d\n", right, good(fd, 'a') >= WARM + MORE);
	for (int i = 0; i < WARM; i++) piece(fd, i, 'x'), piece(from, i, 'y');
	right = 0;
	for (int i = 0; i < WARM; i++) {
		piece(fd, i, 'z');
		right += pread(fd, text, PIECE, (off_t)i * PIECE) == PIECE && text[PIECE - 1] == 'z';
		if (i % 3 == 0 && i > 9) right += pread(fd, text, PIECE, (off_t)(i - 5) * PIECE) == PIECE && text[99] == 'z';
	}
	printf("in turn: %d\n", right);
	for (int i = 0; i < WARM; i++) piece(fd, (i * 7) % WARM, 'q');
	for (int i = WARM - 1; i >= 0; i--) piece(from, i, 'r');
	lseek(fd, 0, SEEK_SET);
	int fore = good(fd, 'q');
	printf("in other orders: %d, %d\n", fore, good(from, 'r'));
	close(fd), close(from);
}

/* The buffer goes away, or its bytes do, between two pieces. */
static void buffers(void) {
	int fd = nameless(0), right = 0;
	char *page = mmap(NULL, 128 * PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + PIECE, 127 * PIECE);
	for (int i = 0; i < WARM + 5; i++) {
		memset(page, 'a' + i % 26, PIECE);
		right += pwrite(fd, page, PIECE, (off_t)i * PIECE) == PIECE;
	}
	mprotect(page, PIECE, PROT_NONE);
	errno = 0;
	long lost = pwrite(fd, page, PIECE, (off_t)(WARM + 5) * PIECE);
	printf("%d, no access: %ld %d, ", right, lost, errno);
	mprotect(page, PIECE, PROT_READ | PROT_WRITE);
	for (int i = WARM + 5; i < WARM + 9; i++) right += pwrite(fd, page, PIECE, (off_t)i * PIECE) == PIECE;
	errno = 0;
	lost = pwrite(fd, page + 64 * PIECE, PIECE, (off_t)(WARM + 9) * PIECE);
	printf("never there: %ld %d, ", lost, errno);
	for (int i = WARM + 9; i < WARM + 12; i++) right += pwrite(fd, page, PIECE, (off_t)i * PIECE) == PIECE;
	lost = pwrite(fd, page, 2 * PIECE, (off_t)(WARM + 12) * PIECE);
	printf("half: %ld, ", lost);
	munmap(page, PIECE);
	errno = 0;
	lost = pwrite(fd, page, PIECE, (off_t)(WARM + 13) * PIECE);
	printf("gone: %ld %d, %d at %ld\n", lost, errno, right, (long)lseek(fd, 0, SEEK_END) / PIECE);
	char seen[PIECE];
	for (int i = 0; i < WARM + 5; i++) {
		right -= pread(fd, seen, PIECE, (off_t)i * PIECE) == PIECE && seen[7] == 'a' + i % 26;
	}
	printf("left: %d\n", right);
	close(fd);
}

static int handled, handled_fd;
static void on_alarm(int signal) {
	(void)signal;
	struct stat st;
	fstat(handled_fd, &st);
	handled = (int)(st.st_size / PIECE);
}

static void signals(void) {
	signal(SIGALRM, on_alarm);
	handled_fd = written(0);
	for (int i = WARM + MORE; i < WARM + MORE + 3; i++) piece(handled_fd, i, 'a');
	struct itimerval soon = {.it_value = {.tv_usec = 500000}};
	setitimer(ITIMER_REAL, &soon, NULL);
	for (int i = WARM + MORE + 3; i < WARM + MORE + 9; i++) piece(handled_fd, i, 'a');
	while (!*(volatile int *)&handled) {}
	printf("in a handler: %d, after it %d\n", handled, good(handled_fd, 'a'));
	close(handled_fd);
}

int main(int argc, char **argv) {
	if (argc > 1) {
		printf("another program: %d\n", good(atoi(argv[1]), 'a'));
		return 0;
	}
	looks();
	others();
	observed();
	in_order();
	buffers();
	signals();
	int fd = written(O_DSYNC);
	printf("O_DSYNC: %d\n", good(fd, 'a'));
	fd = written(O_APPEND);
	printf("O_APPEND: %d\n", good(fd, 'a'));
	return 0;
}
