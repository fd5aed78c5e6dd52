/* Descriptors: dup, fcntl, vectors, truncation, times, modes, umask, mkstemp. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
	char text[100] = "";
	struct stat st;
	umask(022);
	int fd = open("f", O_RDWR | O_CREAT, 0666), copy = dup(fd), high = fcntl(fd, F_DUPFD, 50);
	printf("%d %d\n", copy == fd + 1, high);
	struct iovec out[3] = {{"one ", 4}, {"", 0}, {"two three", 9}};
	printf("%zd", writev(copy, out, 3));
	printf(" %lld\n", (long long)lseek(high, 0, SEEK_CUR));
	lseek(fd, 2, SEEK_SET);
	struct iovec in[2] = {{text, 3}, {text + 10, 20}};
	printf("%zd ", readv(high, in, 2));
	printf("%s|%s\n", text, text + 10);
	printf("%d %d\n", fcntl(fd, F_GETFD), fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND));
	fcntl(fd, F_SETFD, FD_CLOEXEC), fcntl(fd, F_SETFL, O_APPEND);
	printf("%d %d %d\n", fcntl(fd, F_GETFD), fcntl(copy, F_GETFD), (fcntl(copy, F_GETFL) & O_APPEND) != 0);
	lseek(fd, 0, SEEK_SET);
	write(fd, "!", 1);
	fstat(fd, &st);
	printf("%o %lld %d\n", st.st_mode, (long long)st.st_size, (int)st.st_nlink);
	printf("%d", dup2(fd, 20));
	printf(" %d\n", close(20));
	printf("%d", close(20));
	printf(" %d\n", errno == EBADF);
	printf("%d", ftruncate(fd, 5));
	memset(text, 0, sizeof text);
	printf(" %zd ", pread(fd, text, 50, 0));
	printf("%s\n", text);
	printf("%d", ftruncate(fd, 50));
	printf(" %zd\n", pread(fd, text, 100, 40));
	close(fd), close(copy);
	printf("%zd\n", read(high, text, 10));
	close(high);

	struct timespec times[2] = {{1000000000, 123456700}, {1234567890, 987654300}};
	printf("%d\n", utimensat(AT_FDCWD, "f", times, 0));
	stat("f", &st);
	printf("%lld %ld %lld %ld\n", (long long)st.st_atim.tv_sec, st.st_atim.tv_nsec, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	for (mode_t mode = 0400; mode <= 0777; mode += 0111) {
		chmod("f", mode);
		stat("f", &st);
		printf("%o ", st.st_mode & 07777);
	}
	printf("\n%d %d %d\n", access("f", R_OK), access("f", F_OK), access("none", F_OK));
	umask(0077);
	close(open("g", O_CREAT | O_WRONLY, 0666));
	mkdir("h", 0777);
	stat("g", &st);
	printf("%o ", st.st_mode);
	stat("h", &st);
	printf("%o %o\n", st.st_mode, umask(022));
	char name[] = "tmpXXXXXX", dir[] = "dirXXXXXX";
	fd = mkstemp(name);
	printf("%d %d %d\n", fd >= 0, strlen(name) == 9 && strcmp(name, "tmpXXXXXX") != 0, mkdtemp(dir) != NULL);
	fstat(fd, &st);
	printf("%o\n", st.st_mode & 0777);
	dprintf(fd, "%s %d\n", "formatted", 42);
	unlink(name);
	printf("%zd ", pread(fd, text, 100, 0));
	printf("%s", text);
	fstat(fd, &st);
	printf("%d\n", (int)st.st_nlink);
	printf("%d\n", posix_fallocate(fd, 0, 10000));
	fstat(fd, &st);
	printf("%lld\n", (long long)st.st_size);
	printf("%zd", write(open("f", O_RDONLY), "x", 1));
	printf(" %d\n", errno == EBADF);
	int zero = open("/dev/zero", O_RDWR), null = open("/dev/null", O_RDWR);
	memset(text, 'x', sizeof text);
	printf("%zd", read(zero, text, 10));
	printf(" %d %zd", text[9], write(null, text, 50));
	printf(" %zd\n", read(null, text, 5));
	fstat(null, &st);
	printf("%o %x\n", st.st_mode & S_IFMT, (unsigned)st.st_rdev);
	return 0;
}
