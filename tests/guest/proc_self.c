/* /proc/self: links, descriptors, texts that a program can check against what it knows of itself. */
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char text[1 << 16];
static int global;

static ssize_t slurp(const char *path) {
	int fd = open(path, O_RDONLY);
	if (fd < 0) return -errno;
	ssize_t size = 0, count;
	while ((count = read(fd, text + size, sizeof text - 1 - size)) > 0) size += count;
	close(fd);
	if (count < 0) return -errno;
	text[size] = 0;
	return size;
}

static void link_of(const char *path) {
	char target[512];
	ssize_t length = readlink(path, target, sizeof target - 1);
	if (length < 0) {
		printf("%s: %s\n", path, strerror(errno));
		return;
	}
	target[length] = 0;
	char *name = strrchr(target, '/');
	printf("%s -> %s\n", path, name && name[1] ? name + 1 : target);
}

static void field(const char *name) {
	char *at = strstr(text, name);
	if (!at) printf("%s missing\n", name);
	else printf("%.*s\n", (int)strcspn(at, "\n"), at);
}

/* Finds the line of maps that holds an address; prints rights and the last part of the name. */
static void area(const char *what, const void *address) {
	slurp("/proc/self/maps");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		unsigned long start, end, offset, ino;
		char rights[8], device[16];
		int path = 0;
		sscanf(line, "%lx-%lx %7s %lx %15s %lu %n", &start, &end, rights, &offset, device, &ino, &path);
		if ((uintptr_t)address < start || (uintptr_t)address >= end) continue;
		char *slash = strrchr(line, '/');
		printf("%s: %s file %d name %s column %d\n", what, rights, ino != 0, slash ? slash + 1 : line + path,
		       line[path] ? (int)(path - 0) == (int)(strlen(line) - strlen(line + path)) : -1);
		return;
	}
	printf("%s: nowhere\n", what);
}

static void entries(const char *path) {
	DIR *dir = opendir(path);
	char found[64] = { 0 };
	for (struct dirent *entry; (entry = readdir(dir));) {
		int fd = atoi(entry->d_name);
		if (entry->d_name[0] != '.' && fd < 60) found[fd] = entry->d_type == DT_LNK ? 'l' : 'f';
	}
	closedir(dir);
	printf("%s:", path);
	for (int fd = 20; fd < 60; fd++) if (found[fd]) printf(" %d%c", fd, found[fd]);
	printf("\n");
}

int main(int argc, char **argv) {
	char path[128];
	setvbuf(stdout, NULL, _IONBF, 0);
	(void)argc;
	link_of("/proc/self/exe");
	link_of("/proc/self/root");
	mkdir("inner", 0755);
	chdir("inner");
	link_of("/proc/self/cwd");
	struct stat a, b;
	printf("cwd %d %d\n", stat("/proc/self/cwd", &a) | stat(".", &b), a.st_ino == b.st_ino);
	printf("up %d %d\n", stat("/proc/self/cwd/..", &a) | stat("..", &b), a.st_ino == b.st_ino);
	snprintf(path, sizeof path, "/proc/%d/cwd", getpid());
	printf("own %zd\n", readlink(path, text, sizeof text) > 0 ? 0 : (ssize_t)errno);
	printf("self %d\n", readlink("/proc/self", text, sizeof text) > 0 && atoi(text) == getpid());

	/* descriptors */
	int fd = open("file", O_RDWR | O_CREAT | O_APPEND, 0600);
	dup2(fd, 30);
	dup2(open("file", O_RDONLY), 31);
	int ends[2];
	pipe(ends);
	dup2(ends[0], 32);
	dup2(ends[1], 33);
	dup2(open("/dev/null", O_WRONLY), 34);
	fcntl(34, F_SETFD, FD_CLOEXEC);
	write(30, "hello", 5);
	entries("/proc/self/fd");
	entries("/dev/fd");
	entries("/proc/self/fdinfo");
	link_of("/proc/self/fd/30");
	link_of("/proc/self/fd/34");
	ssize_t length = readlink("/proc/self/fd/32", text, sizeof text);
	text[length] = 0;
	fstat(32, &a);
	snprintf(path, sizeof path, "pipe:[%lu]", (unsigned long)a.st_ino);
	printf("pipe %d\n", strcmp(text, path));
	for (int n = 30; n < 35; n++) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", n);
		lstat(path, &a);
		printf("%d: %o %ld\n", n, a.st_mode, (long)a.st_size);
	}
	slurp("/proc/self/fdinfo/30");
	field("pos:");
	slurp("/proc/self/fdinfo/34");
	field("flags:");
	printf("missing %zd %zd\n", slurp("/proc/self/fd/59"), slurp("/proc/self/fdinfo/59"));

	/* opening again */
	int again = open("/proc/self/fd/31", O_RDWR);
	printf("again %zd", write(again, "HE", 2));
	pread(31, text, 5, 0);
	printf(" %.5s\n", text);
	unlink("file");
	link_of("/proc/self/fd/31");
	again = open("/proc/self/fd/30", O_RDONLY);
	printf("deleted %zd", read(again, text, 5));
	printf(" %.5s %d\n", text, stat("/proc/self/fd/30", &a) == 0 && a.st_nlink == 0);
	int writer = open("/dev/fd/32", O_WRONLY);
	write(writer, "through", 7);
	printf("pipe again %zd\n", read(32, text, 20));
	again = open("/proc/self/fd/34", O_RDONLY);
	printf("null %zd\n", read(again, text, 20));

	/* texts */
	printf("cmdline %d", slurp("/proc/self/cmdline") == (ssize_t)strlen(argv[0]) + 1);
	printf(" %d\n", strcmp(text, argv[0]));
	setenv("LATER", "1", 1);
	ssize_t size = slurp("/proc/self/environ");
	printf("environ %d\n", size > 0 && !memmem(text, size, "LATER=", 6));
	slurp("/proc/self/comm");
	printf("comm %s", text);
	prctl(PR_SET_NAME, "a name of sixteen");
	slurp("/proc/self/comm");
	printf("comm %s", text);
	fd = open("/proc/self/comm", O_WRONLY | O_TRUNC);
	printf("set %zd\n", write(fd, "other", 5));
	slurp("/proc/self/comm");
	printf("comm %s", text);
	umask(027);
	slurp("/proc/self/status");
	field("Name:");
	field("Umask:");
	field("State:");
	field("Uid:");
	field("Threads:");
	field("NoNewPrivs:");
	printf("pid %d\n", atoi(strstr(text, "\nPid:") + 5) == getpid());
	printf("ppid %d\n", atoi(strstr(text, "\nPPid:") + 6) == getppid());
	slurp("/proc/self/stat");
	char *after = strrchr(text, ')');
	printf("stat %d %.9s\n", atoi(text) == getpid(), strchr(text, '('));
	char state;
	int parent, group, session;
	printf("%d", sscanf(after + 1, " %c %d %d %d", &state, &parent, &group, &session));
	printf(" %c %d %d %d\n", state, parent == getppid(), group == getpgrp(), session == getsid(0));
	int words = 2;
	for (char *c = after; *c; c++) words += *c == ' ';
	printf("words %d\n", words - 0);
	size = slurp("/proc/self/statm");
	int pages;
	printf("statm %d\n", sscanf(text, "%d", &pages) == 1 && pages > 0);
	struct rlimit limit = { 77, 99 };
	setrlimit(RLIMIT_NOFILE, &limit);
	slurp("/proc/self/limits");
	field("Limit");
	field("Max open files");
	field("Max stack size");
	size = slurp("/proc/self/auxv");
	long pagesize = 0;
	for (unsigned long *word = (unsigned long *)text; (char *)word < text + size; word += 2)
		if (word[0] == AT_PAGESZ) pagesize = word[1];
	printf("auxv %d %ld\n", size > 0 && size % (2 * sizeof(long)) == 0, pagesize);
	printf("task %d\n", access("/proc/self/task", F_OK));
	snprintf(path, sizeof path, "/proc/self/task/%d/comm", getpid());
	slurp(path);
	printf("task comm %s", text);
	slurp("/proc/thread-self/comm");
	printf("thread-self %s", text);
	fd = open("/proc/self/oom_score_adj", O_RDWR);
	printf("oom %zd %zd", write(fd, "500", 3), write(fd, "5000", 4));
	slurp("/proc/self/oom_score_adj");
	printf(" %s", text);

	/* memory */
	int local;
	char *heap = malloc(100);
	heap[0] = 1;
	void *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(map, 4096, PROT_NONE);
	area("text", (void *)main);
	area("data", &global);
	area("stack", &local);
	area("none", map);
	area("anonymous", (char *)map + 4096);
	munmap(map, 8192);
	area("unmapped", map);

	/* a child's */
	pid_t child = fork();
	if (child == 0) {
		chdir("/");
		pause();
	}
	snprintf(path, sizeof path, "/proc/%d/cwd", child);
	char target[16];
	while (readlink(path, target, sizeof target) != 1) usleep(1000);
	printf("child's %.1s\n", target);
	kill(child, SIGKILL);
	siginfo_t info;
	waitid(P_PID, child, &info, WEXITED | WNOWAIT);
	snprintf(path, sizeof path, "/proc/%d/status", child);
	slurp(path);
	field("State:");
	snprintf(path, sizeof path, "/proc/%d/cmdline", child);
	printf("zombie %zd\n", slurp(path));
	snprintf(path, sizeof path, "/proc/%d/stat", child);
	fd = open(path, O_RDONLY);
	waitpid(child, NULL, 0);
	printf("gone %zd", read(fd, text, 10));
	printf(" %s %d\n", strerror(errno), access(path, F_OK));
	return 0;
}
