/* The stat family agrees with itself: types, sizes, links, inode numbers. Permissions are for modes.c. */
#include "start.h"

static int same(const Stat *a, const Stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_mode == b->st_mode && a->st_size == b->st_size
		&& a->st_nlink == b->st_nlink && a->st_mtime == b->st_mtime;
}

int main(void)
{
	enter("stat.tmp");
	Stat st, other;
	struct statx x;
	struct timespec now;
	make("f", "twelve bytes");
	sys(mkdir, "d", 0755);

	check("stat", sys(stat64, "f", &st), 0);
	yes("a regular file", S_ISREG(st.st_mode));
	check("size", st.st_size, 12);
	check("links", st.st_nlink, 1);
	yes("block size", st.st_blksize >= 512);
	yes("owner can read and write", (st.st_mode & 0600) == 0600);
	sys(clock_gettime, CLOCK_REALTIME, &now);
	yes("modified just now", (long)st.st_mtime > now.tv_sec - 60 && (long)st.st_mtime < now.tv_sec + 2);
	long fd = sys(open, "f", O_RDWR);
	check("fstat", sys(fstat64, fd, &other), 0);
	yes("the same", same(&st, &other));
	check("lstat", sys(lstat64, "f", &other), 0);
	yes("the same", same(&st, &other));
	check("fstatat", sys(fstatat64, AT_FDCWD, "f", &other, 0), 0);
	yes("the same", same(&st, &other));
	check("fstatat AT_SYMLINK_NOFOLLOW", sys(fstatat64, AT_FDCWD, "./f", &other, AT_SYMLINK_NOFOLLOW), 0);
	yes("the same", same(&st, &other));
	check("fstatat AT_EMPTY_PATH", sys(fstatat64, fd, "", &other, AT_EMPTY_PATH), 0);
	yes("the same", same(&st, &other));
	check("statx", sys(statx, AT_FDCWD, "f", 0, STATX_BASIC_STATS, &x), 0);
	yes("all told", (x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
	yes("the same", x.stx_ino == st.st_ino && x.stx_size == 12 && x.stx_mode == st.st_mode && x.stx_nlink == 1
		&& x.stx_mtime.tv_sec == (long)st.st_mtime && x.stx_uid == st.st_uid && x.stx_gid == st.st_gid);
	check("statx AT_EMPTY_PATH", sys(statx, fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x), 0);
	yes("the same", x.stx_ino == st.st_ino);

	check("write", sys(write, fd, "a longer text", 13), 13);
	check("stat", sys(stat64, "f", &st), 0);
	check("the size now", st.st_size, 13);
	sys(close, fd);

	check("a folder", sys(stat64, "d", &st), 0);
	yes("is one", S_ISDIR(st.st_mode));
	yes("with links", st.st_nlink >= 1);
	check("with a slash", sys(stat64, "d/", &other), 0);
	yes("the same", same(&st, &other));
	check("by .", sys(stat64, "d/.", &other), 0);
	yes("the same", same(&st, &other));
	check("by ..", sys(stat64, "d/../d", &other), 0);
	yes("the same", same(&st, &other));
	fd = sys(open, "d", O_RDONLY);
	check("fstat", sys(fstat64, fd, &other), 0);
	yes("the same", same(&st, &other));
	check("fstatat from it", sys(fstatat64, fd, "../f", &other, 0), 0);
	check("is the file", other.st_size, 13);
	yes("another inode", other.st_ino != st.st_ino);
	sys(close, fd);
	check("the root", sys(stat64, "/", &st), 0);
	yes("is a folder", S_ISDIR(st.st_mode));
	check("above the root", sys(stat64, "/../..", &other), 0);
	check("is the root", other.st_ino, st.st_ino);

	check("nothing", sys(stat64, "none", &st), -ENOENT);
	check("nothing", sys(lstat64, "none", &st), -ENOENT);
	check("nothing", sys(stat64, "none/f", &st), -ENOENT);
	check("no name", sys(stat64, "", &st), -ENOENT);
	check("in a file", sys(stat64, "f/x", &st), -ENOTDIR);
	check("a file with a slash", sys(stat64, "f/", &st), -ENOTDIR);
	check("a file with a dot", sys(stat64, "f/.", &st), -ENOTDIR);
	check("no descriptor", sys(fstat64, 99, &st), -EBADF);
	check("from no descriptor", sys(fstatat64, 99, "f", &st, 0), -EBADF);
	check("unknown flags", sys(fstatat64, AT_FDCWD, "f", &st, 0x40), -EINVAL);
	check("statx of nothing", sys(statx, AT_FDCWD, "none", 0, STATX_BASIC_STATS, &x), -ENOENT);
	check("statx with unknown flags", sys(statx, AT_FDCWD, "f", 0x40, STATX_BASIC_STATS, &x), -EINVAL);
#ifdef __i386__
	/* The 32-bit one refuses what does not fit, such as a large inode number. */
	struct stat old;
	sys(stat64, "f", &other);
	long big = other.st_ino >> 32 ? -EOVERFLOW : 0;
	check("the old stat", sys(stat, "f", &old), big);
	yes("agrees", big || (old.st_ino == other.st_ino && old.st_size == 13 && old.st_mode == other.st_mode
		&& old.st_nlink == 1));
	check("the old lstat", sys(lstat, "f", &old), big);
	fd = sys(open, "f", O_RDONLY);
	check("the old fstat", sys(fstat, fd, &old), big);
	yes("agrees", big || (old.st_ino == other.st_ino && old.st_size == 13 && old.st_mode == other.st_mode));
	sys(close, fd);
	check("the old stat of nothing", sys(stat, "none", &old), -ENOENT);
#endif
	sys(unlink, "f");
	sys(rmdir, "d");
	leave("stat.tmp");
	return failed;
}
