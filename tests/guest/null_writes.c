/*
 * Large pieces written to /dev/null are gone, and only they: not what is written by the same descriptor once it is
 * something else, in this process or in another one that has it from here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 16384, TIMES = 40 };

static char piece[PIECE];

/* How many of these writes take all. */
static int run(int fd, const void *from, size_t size) {
	int good = 0;
	for (int i = 0; i < TIMES; i++) good += write(fd, from, size) == (ssize_t)size;
	return good;
}

/* Bytes, or minus the error. */
static long result(ssize_t count) { return count < 0 ? -errno : count; }

static long size_of(const char *name) {
	int fd = open(name, O_RDONLY);
	long size = lseek(fd, 0, SEEK_END);
	close(fd);
	return size;
}

int main(void) {
	memset(piece, 'p', PIECE);
	int null = open("/dev/null", O_WRONLY);
	char *gone = mmap(NULL, PIECE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(gone, PIECE);
	printf("null: %zd, from nowhere: %zd", write(null, piece, PIECE), write(null, gone, 10));
	printf(", null: %d", run(null, piece, PIECE));
	printf(", from nowhere: %d", run(null, gone, PIECE));
	printf(", in the kernel's half: %ld", result(write(null, (void *)-65536L, PIECE)));
	printf(", small: %d", run(null, piece, 10));
	printf(", nothing: %zd", write(null, piece, 0));
	printf(", very large: %zd", write(null, gone, 0x90000000UL));
	printf(", at: %zd", pwrite(null, piece, PIECE, 5 * PIECE));
	printf(" %ld", result(pwrite(null, piece, PIECE, -1)));
	printf(", read: %ld\n", result(read(null, piece, PIECE)));

	/* The descriptor becomes a file, and null again. */
	int file = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600), kept = dup(null);
	dup2(file, null);
	printf("file: %d", run(null, piece, PIECE));
	printf(" %ld", size_of("out") / PIECE);
	dup2(kept, null);
	printf(", null: %d", run(null, piece, PIECE));
	printf(" %ld", size_of("out") / PIECE);
	close(null);
	printf(", closed: %ld", result(write(null, piece, PIECE)));
	printf(", reused: %d", open("out", O_WRONLY | O_APPEND) == null);
	printf(" %d", run(null, piece, PIECE));
	printf(" %ld\n", size_of("out") / PIECE);
	close(null);

	/* Children have it from here. */
	run(kept, piece, PIECE);
	fflush(stdout);
	if (fork() == 0) {
		int good = run(kept, piece, PIECE);
		dup2(file, kept);
		good += run(kept, piece, PIECE);
		_exit(good);
	}
	int status;
	wait(&status);
	printf("child: %d %ld", WEXITSTATUS(status), size_of("out") / PIECE);
	printf(", parent: %d %ld", run(kept, piece, PIECE), size_of("out") / PIECE);
	pid_t child = vfork();
	if (child == 0) {
		dup2(file, kept);
		_exit(write(kept, piece, PIECE) == PIECE);
	}
	waitpid(child, &status, 0);
	printf(", after vfork: %d %ld", WEXITSTATUS(status), size_of("out") / PIECE);
	printf(" %d %ld\n", run(kept, piece, PIECE), size_of("out") / PIECE);

	/* To read alone. */
	close(kept);
	kept = open("/dev/null", O_RDWR);
	printf("both: %d %zd", run(kept, piece, PIECE), read(kept, piece, PIECE));
	close(kept);
	kept = open("/dev/null", O_RDONLY);
	printf(", to read: %ld", result(write(kept, piece, PIECE)));
	printf(" %zd\n", read(kept, piece, PIECE));

	/* What is read in turn with it stays the file's. */
	int null_too = open("/dev/null", O_WRONLY), changed = 0;
	ftruncate(file, 0);
	for (int i = 0; i < 96; i++) memset(piece, 'a' + i % 26, PIECE), pwrite(file, piece, PIECE, (off_t)i * PIECE);
	close(file);
	file = open("out", O_RDONLY);
	for (int i = 0; i < 96; i++) {
		read(file, piece, PIECE);
		changed += piece[0] != 'a' + i % 26 || piece[PIECE - 1] != piece[0];
		memset(piece, '-', PIECE);
		if (i % 3 == 0) write(null_too, piece, PIECE);
	}
	printf("in turn: %d wrong, at %ld\n", changed, (long)lseek(file, 0, SEEK_CUR) / PIECE);
	return 0;
}
