/* Symbolic links: made, read, followed or not, round in circles. */
#include "start.h"

int main(void)
{
	enter("symlinks.tmp");
	Stat st, target;
	char buf[64];
	make("f", "f's text"), sys(mkdir, "d", 0755), make("d/g", "g's text");
	sys(stat64, "f", &target);

	check("symlink", sys(symlink, "f", "l"), 0);
	check("symlink over it", sys(symlink, "f", "l"), -EEXIST);
	check("symlink to no name", sys(symlink, "", "x"), -ENOENT);
	memset(buf, '.', 64);
	check("readlink", sys(readlink, "l", buf, 64), 1);
	yes("does not end it", buf[0] == 'f' && buf[1] == '.');
	check("readlink of a file", sys(readlink, "f", buf, 64), -EINVAL);
	check("readlink of nothing", sys(readlink, "none", buf, 64), -ENOENT);
	check("readlink with no room", sys(readlink, "l", buf, 0), -EINVAL);
	check("stat follows", sys(stat64, "l", &st), 0);
	check("to the file", st.st_ino, target.st_ino);
	check("lstat does not", sys(lstat64, "l", &st), 0);
	yes("a link", S_ISLNK(st.st_mode));
	check("of its target's length", st.st_size, 1);
	say("l holds ", contents("l"));
	check("O_NOFOLLOW", sys(open, "l", O_RDONLY | O_NOFOLLOW), -ELOOP);
	check("a link to a file with a slash", sys(stat64, "l/", &st), -ENOTDIR);

	check("symlink to a folder", sys(symlink, "../symlinks.tmp/d", "m"), 0);
	check("readlink cuts", sys(readlink, "m", buf, 4), 4);
	say("m/g holds ", contents("m/g"));
	check("lstat through it", sys(lstat64, "m/", &st), 0);
	yes("a folder", S_ISDIR(st.st_mode));
	say("back from it: ", contents("m/../f"));
	check("rmdir of a link", sys(rmdir, "m"), -ENOTDIR);

	check("symlink to nothing", sys(symlink, "new", "n"), 0);
	check("open of it", sys(open, "n", O_RDONLY), -ENOENT);
	check("O_EXCL on it", sys(open, "n", O_RDWR | O_CREAT | O_EXCL, 0644), -EEXIST);
	check("made through it", make("n", "new text"), 8);
	say("new holds ", contents("new"));

	check("a loop", sys(symlink, "o", "p"), 0);
	check("a loop", sys(symlink, "p", "o"), 0);
	check("open of a loop", sys(open, "o", O_RDONLY), -ELOOP);
	check("stat of a loop", sys(stat64, "o/x", &st), -ELOOP);
	check("lstat of a loop", sys(lstat64, "o", &st), 0);

	long dir = sys(open, "d", O_RDONLY | O_DIRECTORY);
	check("symlinkat", sys(symlinkat, "g", dir, "h"), 0);
	check("readlinkat", sys(readlinkat, dir, "h", buf, 64), 1);
	say("d/h holds ", contents("d/h"));
	check("unlinkat", sys(unlinkat, dir, "h", 0), 0);
	sys(close, dir);
	say("d/g holds ", contents("d/g"));

	check("rename of a link", sys(rename, "l", "k"), 0);
	check("readlink", sys(readlink, "k", buf, 64), 1);
	check("rename over a link", sys(rename, "new", "k"), 0);
	check("replaces the link", sys(readlink, "k", buf, 64), -EINVAL);
	say("f holds ", contents("f"));
	sys(unlink, "k"), sys(unlink, "m"), sys(unlink, "n"), sys(unlink, "o"), sys(unlink, "p");
	check("the folder is left", sys(unlink, "d/g"), 0);
	sys(unlink, "f"), sys(rmdir, "d");
	leave("symlinks.tmp");
	return failed;
}
