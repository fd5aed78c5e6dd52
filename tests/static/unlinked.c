/* An open file lives on when its name is taken away or given to another. */
#include "start.h"

int main(void)
{
	enter("unlinked.tmp");
	char buf[16];
	Stat st;
	make("a", "first");
	long fd = sys(open, "a", O_RDWR);
	check("unlink while open", sys(unlink, "a"), 0);
	check("the name is gone", sys(access, "a", 0), -ENOENT);
	check("still read", sys(read, fd, buf, 16), 5);
	check("still written", sys(write, fd, " text", 5), 5);
	check("fstat", sys(fstat64, fd, &st), 0);
	check("no links", st.st_nlink, 0);
	check("the size", st.st_size, 10);
	check("the name is free", make("a", "second"), 6);
	check("two files", sys(pread64, fd, buf, 16, OFF(0)), 10);
	check("the first is as it was", memcmp(buf, "first text", 10), 0);
	sys(close, fd);

	make("b", "third");
	fd = sys(open, "a", O_RDONLY);
	long other = sys(open, "b", O_RDONLY);
	check("rename over, both open", sys(rename, "b", "a"), 0);
	check("the one replaced", sys(read, fd, buf, 16), 6);
	check("is as it was", memcmp(buf, "second", 6), 0);
	check("the one renamed", sys(read, other, buf, 16), 5);
	check("is as it was", memcmp(buf, "third", 5), 0);
	say("a holds ", contents("a"));
	sys(close, fd), sys(close, other);
	check("unlink", sys(unlink, "a"), 0);

	/* A folder's files may be open while it is renamed. */
	sys(mkdir, "d", 0755), make("d/f", "fourth");
	fd = sys(open, "d/f", O_RDONLY);
	check("rename of its folder", sys(rename, "d", "e"), 0);
	check("still read", sys(read, fd, buf, 16), 6);
	check("unlink by the new path", sys(unlink, "e/f"), 0);
	check("its folder is empty", sys(rmdir, "e"), 0);
	sys(close, fd);
	leave("unlinked.tmp");
	return failed;
}
