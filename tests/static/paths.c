/* Names: making, removing, renaming, and walking to them. Links are for symlinks.c and hardlinks.c. */
#include "start.h"

static char cwd[4096], buf[8192];

static long openclose(const char *path, int flags)
{
	long fd = sys(open, path, flags, 0644);
	return fd < 0 ? fd : sys(close, fd);
}

static void folders(void)
{
	check("mkdir", sys(mkdir, "d", 0755), 0);
	check("mkdir again", sys(mkdir, "d", 0755), -EEXIST);
	check("mkdir over a file", sys(mkdir, "f", 0755), -EEXIST);
	check("mkdir with a slash", sys(mkdir, "d/e/", 0755), 0);
	check("mkdir in nothing", sys(mkdir, "none/d", 0755), -ENOENT);
	check("mkdir in a file", sys(mkdir, "f/d", 0755), -ENOTDIR);
	check("mkdir of .", sys(mkdir, ".", 0755), -EEXIST);
	check("mkdir of /", sys(mkdir, "/", 0755), -EEXIST);
	check("mkdirat", sys(mkdirat, AT_FDCWD, "d/g", 0755), 0);
	check("rmdir of one not empty", sys(rmdir, "d"), -ENOTEMPTY);
	check("rmdir of nothing", sys(rmdir, "none"), -ENOENT);
	check("rmdir of a file", sys(rmdir, "f"), -ENOTDIR);
	check("rmdir of .", sys(rmdir, "d/."), -EINVAL);
	check("rmdir of ..", sys(rmdir, "d/.."), -ENOTEMPTY);
	check("rmdir", sys(rmdir, "d/g/"), 0);
	check("unlink of a folder", sys(unlink, "d"), -EISDIR);
	check("unlink of nothing", sys(unlink, "none"), -ENOENT);
	check("unlink with a slash", sys(unlink, "f/"), -ENOTDIR);
	check("unlink in a file", sys(unlink, "f/x"), -ENOTDIR);
}

static void walking(void)
{
	check("open", openclose("f", O_RDONLY), 0);
	check("many slashes", openclose(".//d///e//../..//f", O_RDONLY), 0);
	check("dots", openclose("./d/./../f", O_RDONLY), 0);
	check("back from nothing", openclose("none/../f", O_RDONLY), -ENOENT);
	check("back from a file", openclose("f/../f", O_RDONLY), -ENOTDIR);
	check("a file with a slash", openclose("f/", O_RDONLY), -ENOTDIR);
	check("a folder with a slash", openclose("d/", O_RDONLY), 0);
	check("a new file with a slash", openclose("new/", O_RDWR | O_CREAT), -EISDIR);
	check("no name", openclose("", O_RDONLY), -ENOENT);
	memset(buf, 'n', 255), buf[255] = 0;
	check("255 bytes", make(buf, "x"), 1);
	check("unlink", sys(unlink, buf), 0);
	memset(buf, 'n', 256), buf[256] = 0;
	check("256 bytes", openclose(buf, O_RDWR | O_CREAT), -ENAMETOOLONG);
	check("256 bytes", sys(mkdir, buf, 0755), -ENAMETOOLONG);
	for (int i = 0; i < 4200; i += 2) buf[i] = '.', buf[i + 1] = '/';
	buf[4093] = 'f', buf[4094] = 0;
	buf[4092] = '/';
	check("a path of 4094 bytes", openclose(buf, O_RDONLY), 0);
	buf[4095] = 'f', buf[4094] = buf[4093] = '/', buf[4096] = 0;
	check("a path of 4096 bytes", openclose(buf, O_RDONLY), -ENAMETOOLONG);

	check("access", sys(access, "f", 0), 0);
	check("access to read and write", sys(access, "f", 6), 0);
	check("access of nothing", sys(access, "none", 0), -ENOENT);
	check("access in a file", sys(access, "f/x", 0), -ENOTDIR);
	check("access how?", sys(access, "f", 0100), -EINVAL);
	check("faccessat", sys(faccessat, AT_FDCWD, "d", 0), 0);
}

static void relative(void)
{
	long dir = sys(open, "d", O_RDONLY | O_DIRECTORY), fd = sys(openat, dir, "x", O_CREAT | O_RDWR, 0644);
	yes("openat makes", fd >= 0);
	sys(close, fd);
	check("it is there", openclose("d/x", O_RDONLY), 0);
	fd = sys(openat, dir, "../f", O_RDONLY);
	yes("openat upwards", fd >= 0);
	check("openat from a file", sys(openat, fd, "x", O_RDONLY), -ENOTDIR);
	check("openat from nothing", sys(openat, 99, "x", O_RDONLY), -EBADF);
	fd = (sys(close, fd), sys(openat, 99, "/", O_RDONLY));
	yes("openat of the root needs none", fd >= 0);
	sys(close, fd);
	check("faccessat", sys(faccessat, dir, "x", 0), 0);
	check("mkdirat", sys(mkdirat, dir, "y", 0755), 0);
	check("renameat", sys(renameat, dir, "x", AT_FDCWD, "x"), 0);
	check("renameat back", sys(renameat, AT_FDCWD, "x", dir, "z"), 0);
	check("unlinkat", sys(unlinkat, dir, "z", 0), 0);
	check("unlinkat of a folder", sys(unlinkat, dir, "y", 0), -EISDIR);
	check("unlinkat AT_REMOVEDIR", sys(unlinkat, dir, "y", AT_REMOVEDIR), 0);
	check("unlinkat unknown flags", sys(unlinkat, dir, "y", 0x40), -EINVAL);
	check("unlinkat AT_REMOVEDIR of a file", sys(unlinkat, AT_FDCWD, "f", AT_REMOVEDIR), -ENOTDIR);

	long n = sys(getcwd, cwd, sizeof cwd);
	yes("getcwd", n > 1 && cwd[0] == '/' && (long)strlen(cwd) + 1 == n);
	check("chdir", sys(chdir, "d/e"), 0);
	check("getcwd", sys(getcwd, buf, sizeof buf), n + 4);
	check("is below", memcmp(buf, cwd, n - 1) || strcmp(buf + n - 1, "/d/e"), 0);
	check("chdir up", sys(chdir, "../../d/"), 0);
	check("files are found from there", openclose("../f", O_RDONLY), 0);
	check("fchdir", sys(fchdir, dir), 0);
	check("getcwd", sys(getcwd, buf, sizeof buf), n + 2);
	check("is below", memcmp(buf, cwd, n - 1) || strcmp(buf + n - 1, "/d"), 0);
	check("getcwd with little room", sys(getcwd, buf, n + 1), -ERANGE);
	check("chdir by the whole path", sys(chdir, cwd), 0);
	check("chdir to nothing", sys(chdir, "none"), -ENOENT);
	check("chdir to a file", sys(chdir, "f"), -ENOTDIR);
	check("chdir to no name", sys(chdir, ""), -ENOENT);
	fd = sys(open, "f", O_RDONLY);
	check("fchdir to a file", sys(fchdir, fd), -ENOTDIR);
	sys(close, fd);
	check("fchdir to nothing", sys(fchdir, 99), -EBADF);
	check("getcwd as before", sys(getcwd, buf, sizeof buf), n);
	check("is where we were", strcmp(buf, cwd), 0);
	sys(close, dir);
}

static void renaming(void)
{
	make("a", "a's text"), make("b", "b's text");
	check("rename", sys(rename, "a", "c"), 0);
	check("the old name", openclose("a", O_RDONLY), -ENOENT);
	say("c holds ", contents("c"));
	check("rename over", sys(rename, "c", "b"), 0);
	say("b holds ", contents("b"));
	check("the old name", openclose("c", O_RDONLY), -ENOENT);
	check("rename to itself", sys(rename, "b", "b"), 0);
	check("rename of nothing", sys(rename, "none", "b"), -ENOENT);
	check("rename into nothing", sys(rename, "b", "none/b"), -ENOENT);
	check("rename into a folder", sys(rename, "b", "d/b"), 0);
	check("rename of a file over a folder", sys(rename, "d/b", "d/e"), -EISDIR);
	check("rename of a folder over a file", sys(rename, "d/e", "d/b"), -ENOTDIR);
	check("rename of a file with a slash", sys(rename, "d/b/", "b"), -ENOTDIR);
	check("rename of a folder", sys(rename, "d", "D2"), 0);
	say("D2/b holds ", contents("D2/b"));
	check("rename into itself", sys(rename, "D2", "D2/e/x"), -EINVAL);
	sys(mkdir, "empty", 0755);
	check("rename over one not empty", sys(rename, "empty", "D2"), -ENOTEMPTY);
	check("rename over an empty one", sys(rename, "D2", "empty"), 0);
	say("empty/b holds ", contents("empty/b"));
	check("rename of .", sys(rename, "empty/.", "x"), -EBUSY);
	check("unlink", sys(unlink, "empty/b"), 0);
	check("rmdir", sys(rmdir, "empty/e"), 0);
	check("rmdir", sys(rmdir, "empty"), 0);
	check("unlink", sys(unlink, "f"), 0);
	check("unlink again", sys(unlink, "f"), -ENOENT);
}

int main(void)
{
	enter("paths.tmp");
	make("f", "f's text");
	folders();
	walking();
	relative();
	renaming();
	leave("paths.tmp");
	return failed;
}
