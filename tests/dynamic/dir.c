/* opendir(3) and its kin, on a folder of our own. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static void make(const char *path) { close(open(path, O_CREAT | O_WRONLY, 0644)); }

int main(void) {
	printf("mkdir: %d\n", mkdir("inner", 0755));
	make("inner/one"), make("inner/two"), make("inner/.hidden");
	mkdir("inner/folder", 0700);
	symlink("one", "inner/link");
	struct dirent **list;
	int count = scandir("inner", &list, visible, alphasort);
	for (int i = 0; i < count; i++) {
		char path[300];
		struct stat info;
		snprintf(path, sizeof path, "inner/%s", list[i]->d_name);
		lstat(path, &info);
		printf("%s: %s%s\n", list[i]->d_name, S_ISDIR(info.st_mode) ? "folder" : S_ISLNK(info.st_mode) ? "link" : "file",
			info.st_ino == list[i]->d_ino ? "" : ", another number");
	}
	DIR *dir = opendir("inner");
	int all = 0;
	while (readdir(dir)) all++;
	rewinddir(dir);
	int again = 0;
	while (readdir(dir)) again++;
	printf("%d entries, %d again\n", all, again);
	closedir(dir);
	printf("missing: %d\n", opendir("missing") == NULL && errno == ENOENT);
	printf("no folder: %d\n", opendir("inner/one") == NULL && errno == ENOTDIR);
	unlink("inner/one"), unlink("inner/two"), unlink("inner/.hidden"), unlink("inner/link"), rmdir("inner/folder");
	printf("rmdir: %d\n", rmdir("inner"));
	return 0;
}
