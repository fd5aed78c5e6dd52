/* getcwd(3), chdir(2), realpath(3), links and errors of paths. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[PATH_MAX];

/* A path below where we started, without that part. */
static const char *below(const char *path) {
	if (!path) return strerror(errno);
	size_t length = strlen(top);
	return strncmp(path, top, length) ? "(elsewhere)" : path + length;
}

static void real(const char *path) {
	char *resolved = realpath(path, NULL);
	printf("%s -> %s\n", path, below(resolved));
	free(resolved);
}

static void attempt(const char *what, int result) { printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok"); }

/* Names that are not there, one to three below something. */
static void missing_below(const char *what) {
	static const char *const names[] = {"x", "x/y", "x/y/z"};
	for (int i = 0; i < 3; i++) {
		char path[PATH_MAX];
		struct stat info;
		snprintf(path, sizeof path, "%s/%s", what, names[i]);
		attempt(path, stat(path, &info));
	}
}

int main(void) {
	char *cwd = getcwd(top, sizeof top);
	char here[PATH_MAX], text[PATH_MAX];
	printf("%d\n", cwd && cwd[0] == '/');
	mkdir("a", 0755), mkdir("a/b", 0755), mkdir("a/b/c", 0755);
	close(open("a/file", O_CREAT | O_WRONLY, 0644));
	symlink("b/c", "a/to_c"), symlink("../a/./file", "a/to_file"), symlink("loop", "loop"), symlink("/", "to_root");
	real("a"), real("./a/../a//b/"), real("a/to_c"), real("a/to_c/.."), real("a/to_file"), real("loop"), real("a/none");
	symlink("nowhere/at/all", "a/to_none");
	missing_below("a"), missing_below("a/b/c"), missing_below("a/file"), missing_below("a/to_c");
	missing_below("a/to_file"), missing_below("a/to_none"), missing_below("loop");
	mkdir("a/b/c/x", 0755), missing_below("a/to_c"), mkdir("a/b/c/x/y", 0755), missing_below("a/to_c");
	rmdir("a/b/c/x/y"), missing_below("a/to_c"), rmdir("a/b/c/x"), missing_below("a/to_c");
	real("a/none/x"), real("a/file/x"), real(""), real("a/b/c/../../.."), real(".");
	printf("%s\n", realpath("to_root", text));
	attempt("chdir a/to_c", chdir("a/to_c"));
	printf("%s\n", below(getcwd(here, sizeof here)));
	attempt("chdir ..", chdir(".."));
	printf("%s\n", below(getcwd(here, sizeof here)));
	attempt("chdir ../file", chdir("../file"));
	attempt("chdir none", chdir("none"));
	int fd = open("..", O_RDONLY | O_DIRECTORY);
	attempt("fchdir", fchdir(fd));
	printf("%s\n", below(getcwd(here, sizeof here)));
	printf("%d", getcwd(here, 3) == NULL);
	printf(" %d\n", errno == ERANGE);
	chdir("..");
	ssize_t length = readlink("a/to_file", text, sizeof text);
	printf("%zd %.*s\n", length, (int)length, text);
	length = readlink("a/to_file", text, 3);
	printf("%zd %.3s\n", length, text);
	attempt("readlink", readlink("a/file", text, sizeof text));
	attempt("mkdir", mkdir("a", 0755));
	attempt("mkdir none/x", mkdir("none/x", 0755));
	attempt("rmdir a", rmdir("a"));
	attempt("rmdir a/file", rmdir("a/file"));
	attempt("unlink a", unlink("a") == -1 && (errno == EISDIR || errno == EPERM) ? 0 : -1);
	attempt("open dir", open("a", O_WRONLY));
	attempt("open loop", open("loop", O_RDONLY));
	attempt("open nofollow", open("a/to_file", O_RDONLY | O_NOFOLLOW));
	attempt("open excl", open("a/file", O_CREAT | O_EXCL | O_WRONLY, 0644));
	attempt("open file/", open("a/file/", O_RDONLY));
	memset(text, 'n', 300), text[300] = 0;
	attempt("long name", open(text, O_RDONLY));
	attempt("link", link("a/file", "hard"));
	attempt("link again", link("a/file", "hard"));
	attempt("rename", rename("hard", "a/b/c/moved"));
	attempt("rename dir", rename("a/b", "a/b/c/d"));
	attempt("rename over", rename("a/b/c", "a/file"));
	attempt("rename b", rename("a/b", "renamed"));
	struct stat one, two;
	printf("%d %d\n", stat("a/file", &one), stat("renamed/c/moved", &two));
	printf("%d %d\n", one.st_ino == two.st_ino && one.st_dev == two.st_dev, (int)one.st_nlink);
	attempt("unlink", unlink("a/file"));
	attempt("unlink again", unlink("a/file"));
	printf("%d\n", access("a/to_file", F_OK));
	return 0;
}
