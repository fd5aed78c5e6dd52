/* What calls say to bad pointers, bad arguments and numbers that are no call. */
#include "start.h"
#include <linux/utsname.h>

int main(void)
{
	enter("errors.tmp");
	char *hole = map(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), buf[256];
	sys(munmap, hole + PAGE, PAGE);
	char *edge = hole + PAGE; /* the first byte that is not there */
	char *const wild[] = { 0, (char *)1, edge, (char *)-PAGE, (char *)-1 };
	make("f", "some text");
	long fd = sys(open, "f", O_RDWR);

	for (size_t i = 0; i < LEN(wild); i++) {
		char *p = wild[i];
		say("pointer ", num(i));
		check("open", sys(open, p, O_RDONLY), -EFAULT);
		check("stat of", sys(stat64, p, buf), -EFAULT);
		check("stat to", sys(stat64, "f", p), -EFAULT);
		check("fstat", sys(fstat64, fd, p), -EFAULT);
		check("mkdir", sys(mkdir, p, 0755), -EFAULT);
		check("rename from", sys(rename, p, "x"), -EFAULT);
		check("rename to", sys(rename, "f", p), -EFAULT);
		check("chdir", sys(chdir, p), -EFAULT);
		check("uname", sys(uname, p), -EFAULT);
		check("clock_gettime", sys(clock_gettime, 0, p), -EFAULT);
		check("nanosleep", sys(nanosleep, p, 0), -EFAULT);
		check("readv", sys(readv, fd, p, 1), -EFAULT);
		seek(fd, 0, SEEK_SET);
		check("read", sys(read, fd, p, 4), -EFAULT);
		check("pread64", sys(pread64, fd, p, 4, OFF(0)), -EFAULT);
		check("write", sys(write, fd, p, 4), -EFAULT);
		check("nothing was done", seek(fd, 0, SEEK_CUR), 0);
		if (p < wild[3]) check("read of nothing", sys(read, fd, p, 0), 0);
	}
	say("f holds ", contents("f"));

	/* What ends just before the hole is whole. */
	memcpy(edge - 2, "f", 2);
	check("a name up to the edge", sys(access, edge - 2, 0), 0);
	edge[-1] = 'f';
	check("a name across it", sys(access, edge - 2, 0), -EFAULT);
	check("read up to the edge", sys(pread64, fd, edge - 4, 4, OFF(5)), 4);
	check("what was read", memcmp(edge - 4, "text", 4), 0);
	check("a structure across it", sys(uname, edge - sizeof(struct new_utsname) + 1), -EFAULT);
	check("a structure up to it", sys(uname, edge - sizeof(struct new_utsname)), 0);
	sys(mprotect, hole, PAGE, PROT_READ);
	check("read to what may not be written", sys(pread64, fd, hole, 4, OFF(0)), -EFAULT);
	check("write from it", sys(pwrite64, fd, hole, 4, OFF(0)), 4);
	sys(mprotect, hole, PAGE, PROT_NONE);
	check("write from what may not be read", sys(write, fd, hole, 4), -EFAULT);

	struct iovec v[2] = { { buf, 1 }, { buf, -1 } };
	check("a length below nothing", sys(readv, fd, v, 2), -EINVAL);
	check("vectors below nothing", sys(readv, fd, v, -1), -EINVAL);
	check("getdents64 of a file", sys(getdents64, fd, buf, 256), -ENOTDIR);

	check("no such call", sysnr(9999), -ENOSYS);
	check("no such call", sysnr(9999, 1, 2, 3, 4, 5, 6), -ENOSYS);
	check("nor below 0", sysnr(-1), -ENOSYS);
	check("nor the last of all", sysnr(0x7fffffff), -ENOSYS);
#ifdef __x86_64__
	check("not even far above", sysnr(0x3fffffff), -ENOSYS);
#else
	check("one that was never made", sysnr(17), -ENOSYS); /* break */
#endif
	sys(close, fd);
	sys(unlink, "f");
	leave("errors.tmp");
	return failed;
}
