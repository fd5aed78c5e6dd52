/* Permission bits: made through the umask, changed by chmod, asked by access. */
#include "start.h"

static long mode(const char *path)
{
	Stat st;
	long ret = sys(stat64, path, &st);
	return ret ? ret : (long)(st.st_mode & 07777);
}

static void touch(const char *path, int mode)
{
	sys(close, sys(open, path, O_CREAT | O_WRONLY, mode));
}

int main(void)
{
	enter("modes.tmp");
	sys(umask, 022);
	check("umask tells the last", sys(umask, 022), 022);
	touch("a", 0644), touch("b", 0666), touch("c", 0777), touch("d", 0600);
	check("0644", mode("a"), 0644);
	check("0666 & ~022", mode("b"), 0644);
	check("0777 & ~022", mode("c"), 0755);
	check("0600", mode("d"), 0600);
	sys(umask, 077);
	sys(mkdir, "e", 0777);
	check("a folder, 0777 & ~077", mode("e"), 0700);
	sys(umask, 0);
	sys(close, sys(creat, "f", 0666));
	check("creat with no umask", mode("f"), 0666);

	check("chmod", sys(chmod, "a", 0755), 0);
	check("0755", mode("a"), 0755);
	check("chmod", sys(chmod, "a", 0400), 0);
	check("0400", mode("a"), 0400);
	long fd = sys(open, "b", O_RDONLY);
	check("fchmod", sys(fchmod, fd, 0711), 0);
	check("0711", mode("b"), 0711);
	sys(close, fd);
	check("fchmodat", sys(fchmodat, AT_FDCWD, "c", 0640), 0);
	check("0640", mode("c"), 0640);
	check("chmod of a folder", sys(chmod, "e", 0750), 0);
	check("0750", mode("e"), 0750);
	check("chmod of nothing", sys(chmod, "none", 0644), -ENOENT);
	check("fchmod of nothing", sys(fchmod, 99, 0644), -EBADF);

	/* Not even root may run what nobody may. */
	check("no x anywhere", sys(access, "c", 1), -EACCES);
	check("x for us", sys(access, "b", 1), 0);
	check("a folder", sys(access, "e", 1), 0);
	check("unlink of what is read-only", sys(unlink, "a"), 0);
	sys(unlink, "b"), sys(unlink, "c"), sys(unlink, "d"), sys(unlink, "f"), sys(rmdir, "e");
	leave("modes.tmp");
	return failed;
}
