/* /dev: what the devices give and refuse, /dev/fd, and files in /dev/shm. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHOW(call) do { errno = 0; long r = (long)(call); printf("%s: %ld %s\n", #call, r, strerror(errno)); } while (0)

int main(void) {
	static const char *const names[] = { "null", "zero", "full", "random", "urandom", "tty", "fd", "stdin", "stdout", "stderr" };
	setvbuf(stdout, NULL, _IONBF, 0);
	char path[64], bytes[64];
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		struct stat info;
		snprintf(path, sizeof path, "/dev/%s", names[i]);
		if (lstat(path, &info)) printf("%s: %s\n", path, strerror(errno));
		else printf("%s: %o %u,%u\n", path, info.st_mode, major(info.st_rdev), minor(info.st_rdev));
	}
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR);
	SHOW(read(null, bytes, 10));
	SHOW(write(null, bytes, 10));
	SHOW(lseek(null, 5, SEEK_END));
	memset(bytes, 'x', sizeof bytes);
	SHOW(read(zero, bytes, 10));
	printf("%d %c\n", bytes[9], bytes[10]);
	SHOW(write(zero, bytes, 10));
	SHOW(read(full, bytes, 5));
	SHOW(write(full, bytes, 5));
	SHOW(ftruncate(null, 0));
	SHOW(fsync(null));
	int random = open("/dev/urandom", O_RDONLY);
	SHOW(read(random, bytes, 20));
	SHOW(pread(zero, bytes, 4, 1000));
	void *map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, null, 0);
	printf("%d %s\n", map == MAP_FAILED, strerror(errno));

	int copy = open("/dev/stdout", O_WRONLY | O_APPEND);
	write(copy, "to stdout\n", 10);
	close(copy);
	snprintf(path, sizeof path, "/dev/fd/%d", null);
	copy = open(path, O_WRONLY);
	struct stat info;
	fstat(copy, &info);
	printf("%u,%u\n", major(info.st_rdev), minor(info.st_rdev));

	/* /dev/shm */
	struct statfs fs;
	SHOW(statfs("/dev/shm", &fs));
	printf("%lx\n", (long)fs.f_type);
	char name[64], second[80], folder[80];
	snprintf(name, sizeof name, "/dev/shm/test-%d", getpid());
	snprintf(second, sizeof second, "%s-2", name);
	snprintf(folder, sizeof folder, "%s-d", name);
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0640);
	SHOW(write(fd, "0123456789", 10));
	SHOW(open(name, O_RDWR | O_CREAT | O_EXCL, 0640));
	SHOW(pwrite(fd, "end", 3, 100000));
	fstat(fd, &info);
	printf("%o %ld %d\n", info.st_mode, (long)info.st_size, (int)info.st_nlink);
	SHOW(pread(fd, bytes, 5, 8));
	printf("%c %d\n", bytes[1], bytes[2]);
	SHOW(ftruncate(fd, 4));
	SHOW(ftruncate(fd, 8));
	SHOW(pread(fd, bytes, 20, 0));
	printf("%.4s %d\n", bytes, bytes[5]);
	SHOW(link(name, second));
	fstat(fd, &info);
	printf("%d\n", (int)info.st_nlink);
	SHOW(mkdir(folder, 0700));
	SHOW(rmdir(folder));
	SHOW(mkdir(folder, 0700));
	SHOW(rename(second, folder));
	SHOW(rename(folder, second));
	char below[100];
	snprintf(below, sizeof below, "%s/link", folder);
	SHOW(symlink("../x", below));
	SHOW(rmdir(folder));
	SHOW(readlink(below, bytes, sizeof bytes));
	SHOW(unlink(below));
	SHOW(rename(second, below));
	SHOW(access(second, F_OK));
	SHOW(chmod(below, 0600));
	stat(name, &info);
	printf("%o\n", info.st_mode);
	SHOW(unlink(below));
	SHOW(unlink(folder));
	SHOW(rmdir(folder));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(fallocate(fd, 0, 0, 5000));
	SHOW(lseek(fd, 0, SEEK_END));

	/* two processes, one memory */
	int *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	shared[0] = 1;
	if (fork() == 0) {
		int own = open(name, O_RDWR);
		int *mine = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, own, 0);
		mine[1] = mine[0] + 41;
		_exit(0);
	}
	wait(NULL);
	printf("%d\n", shared[1]);
	SHOW(unlink(name));
	SHOW(pread(fd, bytes, 8, 0));
	printf("%d\n", ((int *)bytes)[1]);
	shared[2] = 7;
	printf("%d\n", shared[2]);
	return 0;
}
