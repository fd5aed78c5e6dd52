/* MAP_SHARED: what is stored in a mapping is in the file, in other mappings and in other processes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

static char text[64];

static const char *in_file(const char *name, long at) {
	int fd = open(name, O_RDONLY);
	memset(text, 0, sizeof text);
	pread(fd, text, 8, at);
	close(fd);
	return text;
}

#define SHOW(call) do { errno = 0; long r = (long)(call); printf("%s: %ld %s\n", #call, r, strerror(errno)); } while (0)
#define MAP(call) do { errno = 0; void *r = (call); printf("%s: %s %s\n", #call, r == MAP_FAILED ? "failed" : "ok", strerror(errno)); } while (0)

int main(void) {
	setvbuf(stdout, NULL, _IONBF, 0);
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
	ftruncate(fd, 3 * PAGE + 10);
	pwrite(fd, "begin", 5, 0);
	char *all = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *middle = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, PAGE);
	printf("%.5s\n", all);
	strcpy(all + PAGE, "stored");
	printf("%s %s\n", middle, in_file("file", PAGE));
	pwrite(fd, "WRITTEN", 7, PAGE + 2);
	printf("%s\n", all + PAGE);
	char *private = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, PAGE);
	printf("%s\n", private);
	strcpy(private, "mine");
	printf("%s\n", all + PAGE);

	/* past the end, in the last page: not in the file */
	all[3 * PAGE + 9] = 'a';
	all[3 * PAGE + 10] = 'b';
	struct stat info;
	SHOW(msync(all, 4 * PAGE, MS_SYNC));
	fstat(fd, &info);
	printf("%ld\n", (long)info.st_size - 3 * PAGE);
	SHOW(msync(all + 1, PAGE, MS_SYNC));
	SHOW(msync(all, PAGE, MS_SYNC | MS_ASYNC));

	/* growing and cutting */
	int grown = open("grown", O_RDWR | O_CREAT | O_TRUNC, 0644);
	ftruncate(grown, PAGE);
	char *room = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, grown, 0);
	ftruncate(grown, 4 * PAGE);
	strcpy(room + 3 * PAGE, "later");
	printf("%s\n", in_file("grown", 3 * PAGE));
	ftruncate(grown, PAGE);
	ftruncate(grown, 4 * PAGE);
	printf("%d\n", room[3 * PAGE]);
	munmap(room, 4 * PAGE);

	/* other processes */
	if (fork() == 0) {
		strcpy(all + 2 * PAGE, "child");
		int own = open("file", O_RDWR);
		char *again = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, own, 2 * PAGE);
		strcat(again, "'s");
		_exit(0);
	}
	wait(NULL);
	printf("%s %s\n", all + 2 * PAGE, in_file("file", 2 * PAGE));
	close(fd);
	strcpy(all + 2 * PAGE, "closed");
	SHOW(munmap(all, 2 * PAGE));
	printf("%s\n", all + 2 * PAGE);
	SHOW(munmap(all + 2 * PAGE, 2 * PAGE));
	printf("%s\n", in_file("file", 2 * PAGE));
	munmap(middle, PAGE);
	printf("%s\n", in_file("file", PAGE));

	/* anonymous */
	int *counter = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 3; i++) {
		if (fork() == 0) {
			counter[0] += 5;
			_exit(0);
		}
		wait(NULL);
	}
	printf("%d\n", counter[0]);
	int *moved = mremap(counter, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
	printf("%d\n", moved == MAP_FAILED ? -1 : moved[0]);
	SHOW(mprotect(moved, PAGE, PROT_READ));
	SHOW(mprotect(moved, PAGE, PROT_READ | PROT_WRITE));
	moved[0]++;
	SHOW(madvise(moved, PAGE, MADV_DONTNEED));
	printf("%d\n", moved[0]);

	/* over other memory */
	char *base = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(base, 'p', 16 * PAGE);
	int ring = memfd_create("ring", MFD_CLOEXEC);
	ftruncate(ring, 2 * PAGE);
	char *one = mmap(base + 4 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, ring, 0);
	char *two = mmap(base + 6 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, ring, 0);
	one[2 * PAGE - 1] = 'r';
	one[2 * PAGE] = 'R';
	printf("%c %c %c %c %c\n", two[2 * PAGE - 1], one[0], base[4 * PAGE - 1], base[8 * PAGE], base[16 * PAGE - 1]);
	base[4 * PAGE - 1] = 'q';
	if (fork() == 0) _exit(one[0] == 'R' && base[4 * PAGE - 1] == 'q' && base[8 * PAGE] == 'p' ? 9 : 1);
	int status;
	wait(&status);
	printf("%d\n", WEXITSTATUS(status));
	SHOW(munmap(base, 16 * PAGE));

	/* refusals */
	int readable = open("file", O_RDONLY), writable = open("file", O_WRONLY);
	MAP(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, readable, 0));
	MAP(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, writable, 0));
	MAP(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, readable, 0));
	char *only = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, readable, 0);
	SHOW(mprotect(only, PAGE, PROT_READ | PROT_WRITE));

	/* memfd */
	int fd2 = memfd_create("named", MFD_ALLOW_SEALING);
	snprintf(text, sizeof text, "/proc/self/fd/%d", fd2);
	char target[64] = { 0 };
	readlink(text, target, sizeof target);
	printf("%s\n", target);
	SHOW(write(fd2, "abc", 3));
	fstat(fd2, &info);
	printf("%o %ld %d\n", info.st_mode, (long)info.st_size, (int)info.st_nlink);
	SHOW(fcntl(fd2, F_GET_SEALS));
	SHOW(fcntl(fd2, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK));
	SHOW(ftruncate(fd2, 10));
	SHOW(ftruncate(fd2, 1));
	SHOW(write(fd2, "d", 1));
	SHOW(pwrite(fd2, "d", 1, 0));
	SHOW(fcntl(fd2, F_GET_SEALS));
	SHOW(fcntl(memfd_create("sealed", 0), F_ADD_SEALS, F_SEAL_GROW));
	SHOW(fcntl(readable, F_GET_SEALS));
	SHOW(memfd_create("x", 0x1000));
	SHOW(syscall(SYS_mincore, one, PAGE, text));
	return 0;
}
