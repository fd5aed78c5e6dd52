/* Files of /proc as files: modes, offsets, seeking, refusals, and the machine-wide ones. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

static char text[1 << 16], other[1 << 16];

static ssize_t slurp(const char *path) {
	int fd = open(path, O_RDONLY);
	if (fd < 0) return -errno;
	ssize_t size = 0, count;
	while ((count = read(fd, text + size, sizeof text - 1 - size)) > 0) size += count;
	close(fd);
	text[size] = 0;
	return size;
}

static void mode(const char *path) {
	struct stat info;
	if (lstat(path, &info)) printf("%s: %s\n", path, strerror(errno));
	else printf("%s: %o %ld %d\n", path, info.st_mode, strcmp(path, "/proc/self/fd") ? (long)info.st_size : 0, info.st_mtime > 1000000000);
}

#define SHOW(call) do { errno = 0; long r = call; printf("%s: %ld %s\n", #call, r, strerror(errno)); } while (0)

int main(void) {
	static const char *const names[] = { "", "/self", "/self/exe", "/self/maps", "/self/environ", "/self/comm", "/self/fd",
		"/self/fdinfo", "/self/task", "/self/status", "/self/auxv", "/self/limits", "/cpuinfo", "/meminfo", "/mounts",
		"/sys", "/sys/kernel/ostype", "/self/nothing", "/99999999", "/self/oom_score_adj", "/self/mountinfo" };
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		char path[64];
		snprintf(path, sizeof path, "/proc%s", names[i]);
		mode(path);
	}
	struct statfs fs;
	statfs("/proc/self", &fs);
	printf("proc %lx\n", (long)fs.f_type);

	/* offsets */
	int fd = open("/proc/self/maps", O_RDONLY);
	ssize_t whole = 0, count;
	while ((count = read(fd, text + whole, 7)) > 0) whole += count;
	fd = open("/proc/self/maps", O_RDONLY);
	count = pread(fd, other, 50, 10);
	printf("pread %zd %d\n", count, memcmp(other, text + 10, 50));
	SHOW(lseek(fd, 5, SEEK_SET));
	printf("read %zd %d\n", read(fd, other, 3), memcmp(other, text + 5, 3));
	SHOW(lseek(fd, 2, SEEK_CUR));
	printf("read %zd %d\n", read(fd, other, 3), memcmp(other, text + 10, 3));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(lseek(fd, -1, SEEK_SET));
	SHOW(pread(fd, other, 10, 1 << 30));
	SHOW(write(fd, "x", 1));
	SHOW(ftruncate(fd, 0));
	SHOW(lseek(fd, 0, SEEK_SET));
	printf("again %d\n", read(fd, other, 20) == 20 && !memcmp(text, other, 20));

	SHOW(open("/proc/self/maps", O_RDONLY | O_DIRECTORY));
	SHOW(open("/proc/new", O_RDWR | O_CREAT, 0600));
	SHOW(mkdir("/proc/self/new", 0700));
	SHOW(unlink("/proc/self/maps"));
	SHOW(rename("/proc/self/maps", "/proc/self/other"));
	SHOW(symlink("x", "/proc/self/link"));
	SHOW(rmdir("/proc/self/fd"));
	SHOW(open("/proc/self", O_RDONLY | O_NOFOLLOW));
	SHOW(open("/proc/self/exe", O_WRONLY | O_NOFOLLOW));
	int place = open("/proc/self/exe", O_PATH | O_NOFOLLOW);
	printf("path %d", place >= 0);
	count = readlinkat(place, "", other, sizeof other);
	printf(" %d %zd\n", count > 0, read(place, other, 1));

	/* machine-wide */
	struct utsname name;
	uname(&name);
	slurp("/proc/sys/kernel/ostype");
	printf("ostype %s", text);
	slurp("/proc/sys/kernel/osrelease");
	text[strcspn(text, "\n")] = 0;
	printf("osrelease %d\n", strcmp(text, name.release));
	slurp("/proc/sys/kernel/hostname");
	text[strcspn(text, "\n")] = 0;
	printf("hostname %d\n", strcmp(text, name.nodename));
	printf("version %d %d\n", slurp("/proc/version") > 0, strncmp(text, "Linux version ", 14));
	slurp("/proc/sys/kernel/random/boot_id");
	strcpy(other, text);
	printf("boot_id %zd", slurp("/proc/sys/kernel/random/boot_id"));
	printf(" %d\n", strcmp(text, other));
	slurp("/proc/sys/kernel/random/uuid");
	strcpy(other, text);
	printf("uuid %zd", slurp("/proc/sys/kernel/random/uuid"));
	printf(" %d %c\n", strcmp(text, other) != 0, text[14]);
	slurp("/proc/sys/kernel/cap_last_cap");
	printf("cap_last_cap %s", text);
	slurp("/proc/sys/fs/pipe-max-size");
	printf("pipe-max-size %s", text);
	printf("pid_max %d\n", slurp("/proc/sys/kernel/pid_max") > 0 && atoi(text) > 1000);
	printf("overcommit %d\n", slurp("/proc/sys/vm/overcommit_memory") == 2);
	int cpus = 0;
	slurp("/proc/cpuinfo");
	for (char *at = text; (at = strstr(at, "processor\t:")); at++) cpus++;
	printf("cpus %d %d\n", cpus == get_nprocs(), strstr(text, " sse2 ") != NULL);
	long total;
	slurp("/proc/meminfo");
	printf("meminfo %d", sscanf(text, "MemTotal: %ld kB", &total));
	printf(" %d\n", total / 1024 == sysconf(_SC_PHYS_PAGES) / (1024 / (sysconf(_SC_PAGESIZE) / 1024)));
	double up, idle;
	slurp("/proc/uptime");
	printf("uptime %d\n", sscanf(text, "%lf %lf", &up, &idle));
	int running, all, last;
	double load;
	slurp("/proc/loadavg");
	printf("loadavg %d\n", sscanf(text, "%lf %lf %lf %d/%d %d", &load, &load, &load, &running, &all, &last));
	slurp("/proc/stat");
	printf("stat %d %d %d\n", strncmp(text, "cpu  ", 5), strstr(text, "\nbtime ") != NULL, strstr(text, "\ncpu0 ") != NULL);
	slurp("/proc/filesystems");
	printf("filesystems %d %d\n", strstr(text, "nodev\tproc\n") != NULL, strstr(text, "nodev\ttmpfs\n") != NULL);
	slurp("/proc/mounts");
	printf("mounts %d\n", strstr(text, " /proc proc ") != NULL);
	slurp("/proc/self/mountinfo");
	printf("mountinfo %d\n", strstr(text, " / /proc rw") != NULL);
	printf("cgroup %d\n", slurp("/proc/self/cgroup") > 0 && strstr(text, "0::/") != NULL);
	printf("online %d\n", slurp("/sys/devices/system/cpu/online") > 1);
	return 0;
}
