/* Reading, writing and seeking in a file, and what its descriptors share. */
#include "start.h"

static char buf[64];

static void io(void)
{
	long fd = sys(open, "a", O_CREAT | O_RDWR | O_EXCL, 0644);
	yes("open", fd >= 0);
	check("write", sys(write, fd, "0123456789", 10), 10);
	check("read at the end", sys(read, fd, buf, 5), 0);
	check("lseek SEEK_SET", seek(fd, 2, SEEK_SET), 2);
	check("read", sys(read, fd, buf, 3), 3);
	check("what was read", memcmp(buf, "234", 3), 0);
	check("lseek SEEK_CUR", seek(fd, -1, SEEK_CUR), 4);
	check("lseek SEEK_END", seek(fd, -3, SEEK_END), 7);
	check("a short read", sys(read, fd, buf, 60), 3);
	check("lseek before the start", seek(fd, -1, SEEK_SET), -EINVAL);
	check("lseek from nowhere", seek(fd, 0, 77), -EINVAL);
	check("lseek stayed", sys(lseek, fd, 0, SEEK_CUR), 10);
	check("read of nothing", sys(read, fd, buf, 0), 0);

	check("pread64", sys(pread64, fd, buf, 4, OFF(1)), 4);
	check("what was read", memcmp(buf, "1234", 4), 0);
	check("pread64 beyond the end", sys(pread64, fd, buf, 4, OFF(10)), 0);
	check("pread64 beyond 4 GiB", sys(pread64, fd, buf, 4, OFF(0x100000001LL)), 0);
	check("pread64 before the start", sys(pread64, fd, buf, 4, OFF(-1LL)), -EINVAL);
	check("pwrite64", sys(pwrite64, fd, "AB", 2, OFF(4)), 2);
	check("pwrite64 before the start", sys(pwrite64, fd, "AB", 2, OFF(-1LL)), -EINVAL);
	check("neither moves", seek(fd, 0, SEEK_CUR), 10);
	check("lseek beyond 4 GiB", seek(fd, 0x100000005LL, SEEK_SET) >> 4, 0x10000000);
	check("read there", sys(read, fd, buf, 4), 0);

	struct iovec out[3] = { { "xyz", 3 }, { 0, 0 }, { "uvw", 3 } }, in[2] = { { buf, 4 }, { buf + 10, 20 } };
	seek(fd, 8, SEEK_SET);
	check("writev", sys(writev, fd, out, 3), 6);
	seek(fd, 0, SEEK_SET);
	check("readv", sys(readv, fd, in, 2), 14);
	yes("what was read", !memcmp(buf, "0123", 4) && !memcmp(buf + 10, "AB67xyzuvw", 10));
	check("readv of none", sys(readv, fd, in, 0), 0);
	check("readv of too many", sys(readv, fd, in, 1025), -EINVAL);
	check("close", sys(close, fd), 0);
	check("close again", sys(close, fd), -EBADF);
	say("it holds ", contents("a"));
}

static void flags(void)
{
	check("O_EXCL on what exists", sys(open, "a", O_CREAT | O_EXCL | O_RDWR, 0644), -EEXIST);
	check("open without O_CREAT", sys(open, "b", O_RDWR), -ENOENT);
	long fd = sys(open, "a", O_WRONLY | O_APPEND);
	check("lseek to 0", seek(fd, 0, SEEK_SET), 0);
	check("O_APPEND", sys(write, fd, "!", 1), 1);
	check("is at the end", seek(fd, 0, SEEK_CUR), 15);
	check("read, open for writing", sys(read, fd, buf, 1), -EBADF);
	sys(close, fd);
	fd = sys(open, "a", O_RDONLY);
	check("write, open for reading", sys(write, fd, "!", 1), -EBADF);
	check("ftruncate, open for reading", sys(ftruncate64, fd, OFF(0)), -EINVAL);
	sys(close, fd);
	say("it holds ", contents("a"));

	fd = sys(open, "a", O_RDWR | O_TRUNC);
	check("O_TRUNC", seek(fd, 0, SEEK_END), 0);
	check("write", sys(write, fd, "truncated", 9), 9);
	check("ftruncate to less", sys(ftruncate64, fd, OFF(4)), 0);
	check("leaves the position", seek(fd, 0, SEEK_CUR), 9);
	check("the end", seek(fd, 0, SEEK_END), 4);
	check("ftruncate to more", sys(ftruncate64, fd, OFF(20)), 0);
	check("the end", seek(fd, 0, SEEK_END), 20);
	check("zeros", sys(pread64, fd, buf, 64, OFF(0)), 20);
	yes("after what was", !memcmp(buf, "trun", 4) && all(buf + 4, 0, 16));
	check("ftruncate to less than nothing", sys(ftruncate64, fd, OFF(-1LL)), -EINVAL);
	sys(close, fd);
	check("truncate", sys(truncate64, "a", OFF(3)), 0);
	say("it holds ", contents("a"));
	check("the 32-bit truncate", sys(truncate, "a", 2), 0);
	say("it holds ", contents("a"));
	check("truncate of nothing", sys(truncate64, "b", OFF(3)), -ENOENT);
	check("truncate of a folder", sys(truncate64, ".", OFF(3)), -EISDIR);

	fd = sys(creat, "a", 0644);
	check("creat empties", seek(fd, 0, SEEK_END), 0);
	check("and opens for writing", sys(read, fd, buf, 1), -EBADF);
	check("fsync", sys(fsync, fd), 0);
	sys(close, fd);
}

static void folders(void)
{
	check("a folder for writing", sys(open, ".", O_RDWR), -EISDIR);
	check("a folder to be made", sys(open, ".", O_RDONLY | O_CREAT, 0644), -EISDIR);
	check("O_DIRECTORY on a file", sys(open, "a", O_RDONLY | O_DIRECTORY), -ENOTDIR);
	long fd = sys(open, ".", O_RDONLY);
	check("read of a folder", sys(read, fd, buf, 1), -EISDIR);
	check("write to a folder", sys(write, fd, buf, 1), -EBADF);
	sys(close, fd);
}

static void descriptors(void)
{
	long fd = sys(open, "a", O_RDWR), low = fd;
	check("write", sys(write, fd, "abcdef", 6), 6);
	long two = sys(dup, fd);
	check("dup gives the lowest free", two, low + 1);
	check("the position is shared", seek(two, 0, SEEK_CUR), 6);
	seek(two, 1, SEEK_SET);
	check("both ways", sys(read, fd, buf, 2), 2);
	check("what was read", memcmp(buf, "bc", 2), 0);
	check("dup2", sys(dup2, fd, 20), 20);
	check("dup2 over it", sys(dup2, two, 20), 20);
	check("dup2 to itself", sys(dup2, fd, fd), fd);
	check("dup2 of nothing", sys(dup2, 99, 20), -EBADF);
	check("dup2 of nothing to itself", sys(dup2, 99, 99), -EBADF);
	check("dup2 to no number", sys(dup2, fd, -1), -EBADF);
	check("that left it open", sys(fcntl64, 20, F_GETFD), 0);
	check("dup3", sys(dup3, fd, 21, O_CLOEXEC), 21);
	check("dup3 with O_CLOEXEC", sys(fcntl64, 21, F_GETFD), FD_CLOEXEC);
	check("dup3 to itself", sys(dup3, fd, fd, 0), -EINVAL);
	check("dup3 with more", sys(dup3, fd, 21, O_APPEND), -EINVAL);
	check("dup of nothing", sys(dup, 99), -EBADF);

	check("F_DUPFD", sys(fcntl64, fd, F_DUPFD, 20), 22);
	check("F_DUPFD_CLOEXEC", sys(fcntl64, fd, F_DUPFD_CLOEXEC, 30), 30);
	check("F_GETFD", sys(fcntl64, 30, F_GETFD), FD_CLOEXEC);
	check("F_SETFD", sys(fcntl64, 30, F_SETFD, 0), 0);
	check("F_GETFD", sys(fcntl64, 30, F_GETFD), 0);
	check("F_SETFD", sys(fcntl64, 30, F_SETFD, FD_CLOEXEC), 0);
	check("is the descriptor's own", sys(fcntl64, fd, F_GETFD), 0);
	long mask = O_ACCMODE | O_APPEND | O_NONBLOCK | O_TRUNC | O_CREAT;
	check("F_GETFL", sys(fcntl64, fd, F_GETFL) & mask, O_RDWR);
	check("F_SETFL", sys(fcntl64, fd, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY), 0);
	check("is the open file's", sys(fcntl64, 30, F_GETFL) & mask, O_RDWR | O_APPEND | O_NONBLOCK);
	seek(fd, 0, SEEK_SET);
	check("and works", sys(write, two, "!", 1), 1);
	check("back", sys(fcntl64, fd, F_SETFL, 0), 0);
	check("the 32-bit fcntl", sys(fcntl, fd, F_GETFL) & mask, O_RDWR);
	say("it holds ", contents("a"));
	check("fcntl of nothing", sys(fcntl64, 99, F_GETFD), -EBADF);
	check("fcntl unknown", sys(fcntl64, fd, 9999, 0), -EINVAL);
	check("F_DUPFD from no number", sys(fcntl64, fd, F_DUPFD, -1), -EINVAL);

	check("close one", sys(close, fd), 0);
	check("the others live", sys(pread64, two, buf, 6, OFF(0)), 6);
	check("open gives the lowest free", sys(open, "a", O_RDONLY | O_CLOEXEC), low);
	check("O_CLOEXEC", sys(fcntl64, low, F_GETFD), FD_CLOEXEC);
	check("with a position of its own", seek(low, 0, SEEK_CUR), 0);
	int all_closed[] = { low, two, 20, 21, 22, 30 };
	long ret = 0;
	for (size_t i = 0; i < LEN(all_closed); i++) ret |= sys(close, all_closed[i]);
	check("close all", ret, 0);
	for (size_t i = 0; i < LEN(all_closed); i++) ret |= sys(close, all_closed[i]) ^ -EBADF;
	check("close none", ret, 0);
}

static void closed(void)
{
	struct iovec v = { buf, 1 };
	check("read", sys(read, 99, buf, 1), -EBADF);
	check("write", sys(write, -1, buf, 1), -EBADF);
	check("pread64", sys(pread64, 99, buf, 1, OFF(0)), -EBADF);
	check("pwrite64", sys(pwrite64, 99, buf, 1, OFF(0)), -EBADF);
	check("readv", sys(readv, 99, &v, 1), -EBADF);
	check("writev", sys(writev, 99, &v, 1), -EBADF);
	check("lseek", seek(99, 0, 0), -EBADF);
	check("ftruncate", sys(ftruncate64, 99, OFF(0)), -EBADF);
	check("getdents64", sys(getdents64, 99, buf, sizeof buf), -EBADF);
	check("fsync", sys(fsync, 99), -EBADF);
}

int main(void)
{
	enter("files.tmp");
	io();
	flags();
	folders();
	descriptors();
	closed();
	check("unlink", sys(unlink, "a"), 0);
	leave("files.tmp");
	return failed;
}
