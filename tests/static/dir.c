/* Lists a folder, sorted, folders with a slash. The old getdents(2) must tell the same. */
#include "start.h"
#include "dirent.h"

enum { MOST = 1000 };
static struct entry { char name[256]; int type; } entries[2][MOST], *order[MOST];
static char buf[32768];

static int list(int fd, int old, struct entry *out)
{
	long n, count = 0;
	while ((n = old ? sys(getdents, fd, buf, sizeof buf) : sys(getdents64, fd, buf, sizeof buf)) > 0)
		for (char *p = buf; p < buf + n && count < MOST; count++) {
			struct dirent64 *new = (void *)p;
			struct dirent *was = (void *)p;
			int reclen = old ? was->reclen : new->reclen;
			strcpy(out[count].name, old ? was->name : new->name);
			out[count].type = old ? p[reclen - 1] : new->type;
			p += reclen;
		}
	return n < 0 ? n : count;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : ".";
	long fd = sys(open, path, O_RDONLY | O_DIRECTORY);
	long n = fd < 0 ? fd : list(fd, 0, entries[0]);
	if (n < 0) return say("dir: ", path, ": error ", num(-n)), 1;
	check("rewind", seek(fd, 0, 0), 0);
	check("getdents tells as many", list(fd, 1, entries[1]), n);
	check("and the same", memcmp(entries[0], entries[1], n * sizeof(struct entry)), 0);
	for (int i = 0, j; i < n; i++) {
		struct entry *e = &entries[0][i];
		for (j = i; j && strcmp(order[j - 1]->name, e->name) > 0; j--) order[j] = order[j - 1];
		order[j] = e;
	}
	for (int i = 0; i < n; i++) {
		int folder = order[i]->type == DT_DIR;
		Stat st;
		if (order[i]->type == DT_UNKNOWN) /* not every file system knows */
			folder = !sys(fstatat64, fd, order[i]->name, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode);
		say(order[i]->name, folder ? "/" : "");
	}
	return failed;
}
