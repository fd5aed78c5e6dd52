/* openat2(2) with its RESOLVE_* flags, and extended attributes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

struct how {
	uint64_t flags, mode, resolve, more;
};

enum { NO_XDEV = 1, NO_MAGICLINKS = 2, NO_SYMLINKS = 4, BENEATH = 8, IN_ROOT = 16 };

static void try(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
	struct how how = { flags, mode, resolve, 0 };
	int fd = syscall(SYS_openat2, dir, path, &how, 24);
	printf("%s %llo %llo %llu: %s\n", path, (unsigned long long)flags, (unsigned long long)mode,
	       (unsigned long long)resolve, fd >= 0 ? "ok" : strerror(errno));
	if (fd >= 0) close(fd);
}

static void size(struct how *how, size_t size) {
	int fd = syscall(SYS_openat2, AT_FDCWD, "top/file", how, size);
	printf("size %zu: %s\n", size, fd >= 0 ? "ok" : strerror(errno));
}

#define SHOW(call) do { errno = 0; long r = (long)(call); printf("%s: %ld %s\n", #call, r, strerror(errno)); } while (0)

int main(void) {
	mkdir("top", 0755);
	mkdir("top/sub", 0755);
	close(open("top/file", O_WRONLY | O_CREAT, 0644));
	close(open("out", O_WRONLY | O_CREAT, 0644));
	symlink("file", "top/near");
	symlink("../../out", "top/sub/far");
	symlink("/file", "top/absolute");
	int top = open("top", O_RDONLY | O_DIRECTORY);
	static const uint64_t limits[] = { 0, NO_SYMLINKS, BENEATH, IN_ROOT, BENEATH | IN_ROOT, 64 };
	static const char *const paths[] = { "file", "near", "sub/../file", "../out", "sub/far", "absolute", "/file", "sub/../../out", "none" };
	for (unsigned l = 0; l < sizeof limits / sizeof *limits; l++)
		for (unsigned p = 0; p < sizeof paths / sizeof *paths; p++) try(top, paths[p], O_RDONLY, 0, limits[l]);
	try(AT_FDCWD, "/proc/self/exe", O_RDONLY, 0, NO_MAGICLINKS);
	try(AT_FDCWD, "/proc/self/status", O_RDONLY, 0, NO_MAGICLINKS);
	try(AT_FDCWD, "/proc/version", O_RDONLY, 0, NO_XDEV);
	try(top, "new", O_RDWR | O_CREAT, 0600, BENEATH);
	try(top, "new", O_RDWR | O_CREAT | O_EXCL, 0600, BENEATH);
	try(top, "file", O_RDONLY, 0600, 0);
	try(top, "other", O_RDWR | O_CREAT, 0100600, 0);
	try(top, "file", 1ull << 40, 0, 0);
	try(top, "file", O_PATH | O_RDWR, 0, 0);
	try(top, "file", O_PATH, 0, 0);
	try(99, "file", O_RDONLY, 0, 0);
	struct how how = { O_RDONLY, 0, 0, 0 };
	size(&how, 24);
	size(&how, 32);
	size(&how, 8);
	how.more = 1;
	size(&how, 32);
	size(NULL, 24);

	char value[16];
	SHOW(getxattr("none", "user.x", value, 16));
	SHOW(fgetxattr(99, "user.x", value, 16));
	SHOW(listxattr("none", value, 16));
	SHOW(setxattr("none", "user.x", "v", 1, 0));
	SHOW(flistxattr(99, value, 16));
	SHOW(mlockall(0));
	SHOW(munlockall());
	return 0;
}
