/* link(2): two names, one file. */
#include "start.h"

int main(void)
{
	enter("hardlinks.tmp");
	Stat a, b;
	make("a", "text"), sys(mkdir, "d", 0755);
	check("link", sys(link, "a", "b"), 0);
	check("link over it", sys(link, "a", "b"), -EEXIST);
	check("link of nothing", sys(link, "none", "c"), -ENOENT);
	check("link of a folder", sys(link, "d", "c"), -EPERM);
	sys(stat64, "a", &a), sys(stat64, "b", &b);
	check("one inode", a.st_ino, b.st_ino);
	check("two links", a.st_nlink, 2);
	check("written by one", make("b", "new text"), 8);
	say("read by the other: ", contents("a"));
	check("linkat", sys(linkat, AT_FDCWD, "a", AT_FDCWD, "d/c", 0), 0);
	check("rename over the same file", sys(rename, "a", "b"), 0);
	check("does nothing", sys(access, "a", 0), 0);
	check("unlink", sys(unlink, "a"), 0);
	sys(stat64, "b", &b);
	check("two left", b.st_nlink, 2);
	say("b holds ", contents("b"));
	sys(unlink, "b"), sys(unlink, "d/c"), sys(rmdir, "d");
	leave("hardlinks.tmp");
	return failed;
}
