/* opendir(3), readdir(3), scandir(3), seekdir(3), glob(3), ftw(3). */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static int by_path(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* ftw(3) goes in directory order, which is nobody's promise: collect and sort. */
static char *seen[100];
static int count;

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw) {
	char text[200];
	snprintf(text, sizeof text, "%s %d %d %d %d", path, type, ftw->level, ftw->base, type == FTW_F ? (int)st->st_size : -1);
	seen[count++] = strdup(text);
	return 0;
}

/* A file system need not tell the type (DT_UNKNOWN); then lstat does. */
static int type_of(const char *directory, const struct dirent *entry) {
	char path[300];
	struct stat st;
	snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
	return entry->d_type != DT_UNKNOWN ? entry->d_type : lstat(path, &st) ? -1 : (int)IFTODT(st.st_mode);
}

static void make(const char *path, const char *content) {
	FILE *file = fopen(path, "w");
	fputs(content, file);
	fclose(file);
}

int main(void) {
	mkdir("d", 0755), mkdir("d/sub", 0755), mkdir("d/sub/deep", 0700), mkdir("d/empty", 0755);
	make("d/b.txt", "bb"), make("d/a.txt", "a"), make("d/.hidden", ""), make("d/sub/c.c", "ccc"), make("d/sub/deep/e", "");
	symlink("a.txt", "d/link"), symlink("nowhere", "d/dangling");

	struct dirent **list;
	int n = scandir("d", &list, visible, alphasort);
	for (int i = 0; i < n; i++) {
		printf("%s %d\n", list[i]->d_name, type_of("d", list[i]));
		free(list[i]);
	}
	free(list);
	printf("%d", scandir("missing", &list, NULL, NULL));
	printf(" %d\n", errno == ENOENT);

	DIR *dir = opendir("d");
	int all = 0, again = 0, inodes = 0;
	char third[256] = "";
	long position = 0;
	for (struct dirent *entry; (entry = readdir(dir)); all++) {
		struct stat st;
		inodes += fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			(st.st_ino == entry->d_ino || !strcmp(entry->d_name, ".."));
		if (all == 2) strcpy(third, entry->d_name);
		if (all == 1) position = telldir(dir);
	}
	seekdir(dir, position);
	printf("%d %d %d", all, inodes, strcmp(readdir(dir)->d_name, third));
	for (rewinddir(dir); readdir(dir);) again++;
	printf(" %d\n", again);
	closedir(dir);
	printf("%d", opendir("d/a.txt") == NULL);
	printf(" %d\n", errno == ENOTDIR);

	/* More names than one getdents call returns. */
	mkdir("many", 0755);
	char name[300];
	for (int i = 0; i < 300; i++) snprintf(name, sizeof name, "many/a_rather_long_name_so_that_it_fills_the_buffer_%d", i), make(name, "");
	dir = opendir("many");
	long sum = 0;
	for (struct dirent *entry; (entry = readdir(dir));) sum += strlen(entry->d_name);
	closedir(dir);
	printf("%ld\n", sum);

	glob_t found;
	printf("%d:", glob("d/*", GLOB_MARK, NULL, &found));
	glob("d/[a-c]*.txt", GLOB_APPEND, NULL, &found);
	glob("d/*/*.c", GLOB_APPEND, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) printf(" %s", found.gl_pathv[i]);
	globfree(&found);
	printf("\n%d\n", glob("none*", 0, NULL, &found) == GLOB_NOMATCH);

	nftw("d", visit, 10, FTW_PHYS);
	qsort(seen, count, sizeof *seen, by_path);
	for (int i = 0; i < count; i++) printf("%s\n", seen[i]);
	count = 0;
	nftw("d/sub", visit, 2, FTW_DEPTH | FTW_PHYS);
	printf("%d %s\n", count, seen[count - 1]);
	return 0;
}
