/* A file that one child after the other maps shared, while what it holds changes between them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* A child says what it sees, always at the same place. */
static void look(const char *when) {
	fflush(stdout);
	if (fork() == 0) {
		int fd = open("data", O_RDONLY);
		void *at = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
		printf("%s: %.6s %.6s\n", when, (char *)at, (char *)at + PAGE);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void put(const char *path, const char *text, off_t at) {
	int fd = open(path, O_WRONLY | O_CREAT, 0644);
	pwrite(fd, text, strlen(text), at);
	close(fd);
}

int main(void) {
	put("data", "first.", 0);
	put("data", "second", PAGE);
	look("new");
	look("the same");
	put("data", "third.", 0);
	look("written to");
	truncate("data", PAGE);
	truncate("data", 2 * PAGE);
	look("cut");
	put("other", "fourth", 0);
	put("other", "fifth.", PAGE);
	rename("other", "data");
	look("another file");
	int fd = open("data", O_RDWR);
	char *shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	memcpy(shared, "sixth.", 6);
	look("stored into");
	munmap(shared, 2 * PAGE);
	look("let go");
	/* The parent has it mapped itself, as a shell has what it read its language from. */
	char *own = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	for (int i = 0; i < 3; i++) {
		put("data", i == 1 ? "eighth" : "ninth.", PAGE);
		look(own + PAGE);
	}
	unlink("data");
	put("data", "tenth.", 0);
	put("data", "eleven", PAGE);
	look("unlinked");
	printf("still there: %.6s %.6s\n", own, own + PAGE);
	return 0;
}
