/* getdents64(2) of a large folder, in small pieces, again from the start and from the middle. */
#include "start.h"
#include "dirent.h"

enum { FILES = 300 };
static char buf[1000];

static const char *name(int i)
{
	static char s[32] = "file number ";
	strcpy(s + 12, num(i));
	return s;
}

/* Counts the entries left and the times each file was seen; stops after so many pieces. */
static int walk(int fd, int pieces, char *seen, long long *off)
{
	long n, count = 0;
	for (int i = 0; i < pieces && (n = sys(getdents64, fd, buf, sizeof buf)) > 0; i++)
		for (char *p = buf; p < buf + n; count++) {
			struct dirent64 *d = (void *)p;
			int plain = !memcmp(d->name, "file number ", 12);
			if (plain) seen[atoi(d->name + 12)]++;
			if (d->reclen % 8 || (d->type != (plain ? DT_REG : DT_DIR) && d->type != DT_UNKNOWN)) return -1;
			*off = d->off;
			p += d->reclen;
		}
	return n < 0 ? n : count;
}

int main(void)
{
	char seen[FILES] = { 0 };
	long long off;
	enter("getdents.tmp");
	int made = 0;
	for (int i = 0; i < FILES; i++) made += make(name(i), "x");
	check("files made", made, FILES);

	long fd = sys(open, ".", O_RDONLY | O_DIRECTORY);
	check("entries", walk(fd, 10000, seen, &off), FILES + 2);
	yes("each once", all(seen, 1, FILES));
	check("at the end", sys(getdents64, fd, buf, sizeof buf), 0);
	check("rewind", seek(fd, 0, SEEK_SET), 0);
	int some = walk(fd, 3, seen, &off);
	yes("some", some > 10 && some < 100);
	char rest[FILES];
	memcpy(rest, seen, FILES);
	check("the rest", walk(fd, 10000, seen, &off), FILES + 2 - some);
	yes("each once", all(seen, 2, FILES));
	check("rewind", seek(fd, 0, SEEK_SET), 0);
	walk(fd, 3, seen, &off);
	long long middle = off;
	walk(fd, 2, seen, &off);
	check("to the middle, by the offset told", seek(fd, middle, SEEK_SET) == middle, 1);
	check("the rest again", walk(fd, 10000, rest, &off), FILES + 2 - some);
	yes("each once", all(rest, 2, FILES));
	seek(fd, 0, SEEK_SET);
	check("with little room", sys(getdents64, fd, buf, 8), -EINVAL);

	/* Files taken away while listing: as rm -r does. */
	long n;
	int gone = 0;
	seek(fd, 0, SEEK_SET);
	while ((n = sys(getdents64, fd, buf, sizeof buf)) > 0)
		for (char *p = buf; p < buf + n; p += ((struct dirent64 *)p)->reclen)
			if (((struct dirent64 *)p)->name[0] != '.') gone += !sys(unlink, ((struct dirent64 *)p)->name);
	check("all taken away", gone, FILES);
	sys(close, fd);

	make("f", "x"), sys(mkdir, "d", 0755);
	Stat st;
	int right = 0;
	fd = sys(open, ".", O_RDONLY | O_DIRECTORY);
	n = sys(getdents64, fd, buf, sizeof buf);
	for (char *p = buf; p < buf + n; p += ((struct dirent64 *)p)->reclen) {
		struct dirent64 *d = (void *)p;
		right += !sys(lstat64, d->name, &st) && (d->name[0] == '.' || st.st_ino == d->ino);
	}
	check("inode numbers as stat tells", right, 4);
	sys(close, fd);
	fd = sys(open, "f", O_RDONLY);
	check("of a file", sys(getdents64, fd, buf, sizeof buf), -ENOTDIR);
	sys(close, fd);
	sys(unlink, "f"), sys(rmdir, "d");
	leave("getdents.tmp");
	return failed;
}
