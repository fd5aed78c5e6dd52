/* Resource limits that bind: NOFILE, FSIZE with SIGXFSZ, NPROC, STACK, AS, DATA; what is inherited. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[20000];

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static int set(int resource, long cur, long max) {
	return setrlimit(resource, &(struct rlimit){cur, max});
}

static void ends(const char *what, pid_t pid) {
	int status;
	waitpid(pid, &status, 0);
	if (WIFEXITED(status)) printf("%s: exited %d\n", what, WEXITSTATUS(status));
	else printf("%s: killed by %d\n", what, WTERMSIG(status));
}

static void files(void) {
	int ends_of[2];
	set(RLIMIT_NOFILE, 10, 20);
	int last = -1, fd;
	while ((fd = open("/dev/null", O_RDONLY)) >= 0) last = fd;
	printf("highest descriptor %d: %s\n", last, strerror(errno));
	show("pipe", pipe(ends_of));
	show("dup", dup(0));
	show("dup2", dup2(0, 10));
	show("dup2 onto itself", dup2(9, 9));
	show("F_DUPFD", fcntl(0, F_DUPFD, 10));
	show("F_DUPFD below", fcntl(0, F_DUPFD, 3));
	show("poll", poll((struct pollfd[11]){{0}}, 11, 0));
	close(9);
	show("pipe needs two", pipe(ends_of));
	show("one is left", dup(0));
	show("raise", set(RLIMIT_NOFILE, 12, 20));
	show("dup2", dup2(0, 11));
	show("above the maximum", set(RLIMIT_NOFILE, 21, 20));
	show("lower than what is open", set(RLIMIT_NOFILE, 5, 20));
	show("still open", fcntl(11, F_GETFD));
	show("but no more", dup(0));
}

static int signals;
static void on_xfsz(int signal) { (void)signal, signals++; }

static void file_size(void) {
	signal(SIGXFSZ, on_xfsz);
	set(RLIMIT_FSIZE, 10000, 30000);
	int fd = open("limited", O_RDWR | O_CREAT | O_TRUNC, 0600);
	show("part", write(fd, block, sizeof block));
	show("none", write(fd, block, 1));
	printf("signals: %d\n", signals);
	show("no bytes", write(fd, block, 0));
	show("beyond", pwrite(fd, block, 10, 10000));
	show("across", pwrite(fd, block, 10, 9995));
	show("vectors", (lseek(fd, 9000, SEEK_SET), writev(fd, (struct iovec[]){{block, 600}, {block, 600}}, 2)));
	show("longer", ftruncate(fd, 10001));
	show("as long", ftruncate(fd, 10000));
	show("by name", truncate("limited", 20000));
	printf("signals: %d\n", signals);
	int append = open("limited", O_WRONLY | O_APPEND);
	ftruncate(fd, 9999);
	show("append", write(append, block, 100));
	show("append more", write(append, block, 100));
	close(append);
	set(RLIMIT_FSIZE, 30000, 30000);
	show("raised", pwrite(fd, block, 20000, 10000));
	set(RLIMIT_FSIZE, 5000, 30000);
	show("inside", pwrite(fd, block, 10, 100));
	show("existing, but beyond", pwrite(fd, block, 10, 6000));
	show("shorter", ftruncate(fd, 20000));
	int to = open("other", O_RDWR | O_CREAT | O_TRUNC, 0600);
	off_t from = 0;
	show("sendfile", sendfile(to, fd, &from, 20000));
	show("a pipe is no file", (pipe((int[2]){0}), write(1, "", 0)));
	show("devices are not limited", write(open("/dev/null", O_WRONLY), block, sizeof block));
	signal(SIGXFSZ, SIG_IGN);
	lseek(fd, 5000, SEEK_SET);
	show("ignored", write(fd, block, 1));
	signal(SIGXFSZ, SIG_DFL);
	set(RLIMIT_CORE, 0, 0);
	pid_t pid = fork();
	if (!pid) write(fd, block, 1), _exit(1);
	ends("by default", pid);
	unlink("limited"), unlink("other");
}

static int deep(int depth) {
	volatile char frame[4096];
	frame[0] = depth;
	return depth == 0 ? frame[0] : deep(depth - 1) + frame[0];
}

static char alternate[65536];
static void on_overflow(int signal) {
	(void)signal;
	static const char text[] = "overflow\n";
	write(1, text, sizeof text - 1);
	_exit(7);
}

static void stack(void) {
	pid_t pid = fork();
	if (!pid) _exit(deep(1000) == 1); /* 4 MiB of 8 */
	ends("within the limit", pid);
	pid = fork();
	if (!pid) {
		set(RLIMIT_STACK, 1 << 20, RLIM_INFINITY);
		deep(150);
		sigaltstack(&(stack_t){.ss_sp = alternate, .ss_size = sizeof alternate}, NULL);
		sigaction(SIGSEGV, &(struct sigaction){.sa_handler = on_overflow, .sa_flags = SA_ONSTACK}, NULL);
		deep(400);
		_exit(0);
	}
	ends("beyond a lowered one", pid);
}

static void memory(void) {
	pid_t pid = fork();
	if (!pid) {
		set(RLIMIT_AS, 100 << 20, RLIM_INFINITY);
		void *big = mmap(NULL, 200 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		printf("too large: %s\n", big == MAP_FAILED ? strerror(errno) : "mapped");
		void *small = mmap(NULL, 10 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		printf("small: %s\n", small == MAP_FAILED ? strerror(errno) : "mapped");
		void *grown = mremap(small, 10 << 20, 200 << 20, MREMAP_MAYMOVE);
		printf("grown: %s\n", grown == MAP_FAILED ? strerror(errno) : "moved");
		void *none = mmap(NULL, 200 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		printf("reserved: %s\n", none == MAP_FAILED ? strerror(errno) : "mapped");
		printf("malloc: %s\n", malloc(150 << 20) ? "given" : strerror(errno));
		_exit(0);
	}
	ends("address space", pid);
	pid = fork();
	if (!pid) {
		set(RLIMIT_DATA, 1 << 20, RLIM_INFINITY);
		_exit(sbrk(16 << 20) == (void *)-1 && errno == ENOMEM);
	}
	ends("data", pid);
}

/* Nobody else has this user id; its limit does not count for root. */
static void processes(void) {
	pid_t pid = fork();
	if (!pid) {
		set(RLIMIT_NPROC, 4, 4);
		pid_t inner = fork();
		if (!inner) _exit(0);
		ends("root", inner);
		if (setresuid(54321, 54321, 54321)) _exit(99);
		int made = 0, go[2];
		pipe(go);
		for (; made < 20; made++) {
			inner = fork();
			if (inner < 0) break;
			if (!inner) close(go[1]), read(go[0], block, 1), _exit(0);
		}
		printf("another user: %d more, %s\n", made, strerror(errno));
		printf("vfork: %s\n", vfork() < 0 ? strerror(errno) : "made");
		close(go[1]);
		while (wait(NULL) > 0) ;
		inner = fork();
		if (!inner) _exit(6);
		ends("afterwards", inner);
		_exit(0);
	}
	ends("processes", pid);
}

static void inheritance(char *self) {
	struct rlimit limit;
	set(RLIMIT_CPU, 1000, 2000);
	pid_t pid = fork();
	if (!pid) {
		getrlimit(RLIMIT_CPU, &limit);
		printf("child: %d %d\n", (int)limit.rlim_cur, (int)limit.rlim_max);
		set(RLIMIT_CPU, 500, 600);
		execl(self, self, "program", NULL);
	}
	ends("program", pid);
	getrlimit(RLIMIT_CPU, &limit);
	printf("parent: %d %d\n", (int)limit.rlim_cur, (int)limit.rlim_max);
	show("cur above max", set(RLIMIT_CPU, 3000, 2000));
	show("no resource", set(100, 1, 1));
	pid = fork();
	if (!pid) {
		char go;
		while (getrlimit(RLIMIT_CPU, &limit), limit.rlim_cur != 777) usleep(1000), go = 0;
		_exit(go);
	}
	usleep(20000);
	show("another's", prlimit(pid, RLIMIT_CPU, &(struct rlimit){777, 2000}, &limit));
	printf("was: %d\n", (int)limit.rlim_cur);
	ends("saw it", pid);
	show("nobody's", prlimit(1000000, RLIMIT_CPU, NULL, &limit));
}

static void in_child(void (*test)(void)) {
	fflush(stdout);
	pid_t pid = fork();
	if (!pid) test(), _exit(0);
	ends("-", pid);
}

int main(int argc, char **argv) {
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 1) {
		struct rlimit limit;
		getrlimit(RLIMIT_CPU, &limit);
		printf("program: %d %d\n", (int)limit.rlim_cur, (int)limit.rlim_max);
		return 0;
	}
	in_child(files);
	in_child(file_size);
	in_child(stack);
	in_child(memory);
	in_child(processes);
	inheritance(argv[0]);
	return 0;
}
