/* Offsets beyond 4 GiB (on i386 with -D_FILE_OFFSET_BITS=64). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const off_t far_away = 5LL << 30;

int main(void) {
	printf("%zu\n", sizeof(off_t));
	int fd = open("large", O_RDWR | O_CREAT | O_TRUNC, 0644);
	printf("%lld\n", (long long)lseek(fd, far_away, SEEK_SET));
	printf("%zd\n", write(fd, "at five gigabytes", 17));
	struct stat st;
	fstat(fd, &st);
	printf("%lld %d\n", (long long)st.st_size, st.st_blocks < 10000);
	char text[20] = "";
	printf("%zd ", pread(fd, text, 10, far_away + 3));
	printf("%s\n", text);
	printf("%zd\n", pwrite(fd, "X", 1, far_away - 1));
	printf("%lld", (long long)lseek(fd, -5, SEEK_END));
	printf(" %lld\n", (long long)lseek(fd, 0, SEEK_CUR));
	printf("%zd\n", pread(fd, text, 5, 1 << 30));
	printf("%d\n", text[0] == 0 && text[4] == 0);
	printf("%d\n", ftruncate(fd, far_away / 2));
	stat("large", &st);
	printf("%lld\n", (long long)st.st_size);
	printf("%d", truncate("large", (3LL << 30) + 1));
	lstat("large", &st);
	printf(" %lld\n", (long long)st.st_size);
	close(fd);
#ifdef __i386__
	/* Without O_LARGEFILE such a file cannot be opened. */
	printf("%ld", syscall(SYS_open, "large", O_RDONLY));
	printf(" %d\n", errno == EOVERFLOW);
#endif
	FILE *file = fopen("large", "r+");
	printf("%d", fseeko(file, 3LL << 30, SEEK_SET));
	printf(" %lld\n", (long long)ftello(file));
	fputs("text", file);
	fseeko(file, -3, SEEK_END);
	printf("%c", getc(file));
	printf(" %lld\n", (long long)ftello(file));
	fclose(file);
	printf("%d", lseek(0, -1, SEEK_SET) == -1);
	printf(" %d\n", unlink("large"));
	return 0;
}
