/*
 * A heap that grows step by step with nothing else called in between, and what has to know of it at once: accesses
 * beyond its end, /proc, mappings in its way, limits, children, signals and the next program.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, STEP = 5 * PAGE };

static char text[1 << 16];
static sigjmp_buf back;
static volatile int *shared;

/* brk(2) without asking for the end first. */
static char *to(char *end) { return (char *)syscall(SYS_brk, end); }

static void on_fault(int signal) { siglongjmp(back, signal); }

/* What accessing a byte does. */
static int touch(volatile char *at) {
	int signal = sigsetjmp(back, 0); /* the kernel is not asked */
	if (signal) return signal;
	*at = *at + 1;
	return 0;
}

/* Bytes of the heap as /proc of a process has it. */
static long heap_size(pid_t pid) {
	char path[64];
	sprintf(path, "/proc/%d/maps", pid);
	int fd = open(path, O_RDONLY);
	long size = 0, count = 0, all = 0;
	while ((count = read(fd, text + all, sizeof text - 1 - all)) > 0) all += count;
	text[all] = 0;
	close(fd);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		unsigned long start, end;
		if (strstr(line, "[heap]") && sscanf(line, "%lx-%lx", &start, &end) == 2) size += end - start;
	}
	return size;
}

static char *handled_at;
static void on_alarm(int signal) {
	(void)signal;
	handled_at = handled_at + STEP;
	to(handled_at);
}

int main(int argc, char **argv) {
	static char output[8192];
	setvbuf(stdout, output, _IOFBF, sizeof output); /* the library has no heap of its own */
	struct sigaction other = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
	sigaction(SIGSEGV, &other, NULL);
	other.sa_flags |= SA_ONSTACK;
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *start = (char *)syscall(SYS_brk, 0), *end = start;

	if (argc > 2) { /* until somebody ends it */
		puts("computing");
		fflush(stdout);
		for (to(end + STEP), to(end + 2 * STEP), to(end + 3 * STEP);;) {}
	}
	if (argc > 1) { /* the program after this one finds nothing of it */
		long dirty = 0;
		for (int i = 0; i < 400; i++) {
			char *next = to(end + STEP);
			for (; end < next; end++) dirty += *end != 0;
		}
		printf("next program: %ld dirty, beyond: %d\n", dirty, touch(to(end) + 2 * PAGE));
		return 0;
	}

	long wrong = 0, dirty = 0, first = heap_size(getpid());
	for (int i = 0; i < 600; i++) {
		char *next = to(end + STEP + i % 7);
		wrong += next != end + STEP + i % 7;
		for (char *at = end; at < next; at += 512) dirty += *at != 0, *at = i;
		end = next;
		/* The last page's rest can be had, the page after it cannot. */
		char *page = (char *)(((long)end + PAGE - 1) & -PAGE);
		if (i % 97 == 0) wrong += touch(page - 1) != 0, page[-1] = 0, wrong += touch(page) != SIGSEGV;
	}
	long pages = (((long)end + PAGE - 1) & -PAGE) - (((long)start + PAGE - 1) & -PAGE);
	printf("grown: %ld wrong, %ld dirty, size %d\n", wrong, dirty, heap_size(getpid()) - first == pages);

	for (int i = 0; i < 3; i++) end = to(end + STEP);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) { /* its own heap, from where the parent's is */
		char *mine = end;
		for (int i = 0; i < 5; i++) mine = to(mine + STEP), mine[-1] = 'c';
		int good = mine == end + 5 * STEP && touch(mine + PAGE) == SIGSEGV;
		shared[0] = 1;
		for (int i = 0; i < 5; i++) mine = to(mine + STEP); /* nobody is told */
		shared[0] = 2;
		while (shared[0] != 3) {}
		_exit(good);
	}
	while (shared[0] != 2) {}
	printf("a computing child's heap: %ld steps more\n", (heap_size(child) - heap_size(getpid())) / STEP);
	shared[0] = 3;
	int status;
	waitpid(child, &status, 0);
	printf("child: %d, beyond: %d\n", WEXITSTATUS(status), touch((char *)(((long)end + PAGE - 1) & -PAGE)));

	/* Something in the way. */
	end = to(end + STEP);
	char *page = (char *)(((long)end + PAGE - 1) & -PAGE);
	char *block = mmap(page + 3 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	printf("in the way: %d", block == page + 3 * PAGE);
	printf(" %d", to(end + PAGE) == end + PAGE);
	end += PAGE;
	printf(" %d", to(end + 4 * PAGE) == end);
	munmap(block, PAGE);
	printf(" %d\n", to(end + 4 * PAGE) == end + 4 * PAGE);
	end += 4 * PAGE;

	/* Less, and more again: zeros. */
	memset(end - STEP, 'x', STEP);
	end = to(end - STEP);
	printf("less: %d", touch((char *)(((long)end + PAGE - 1) & -PAGE)));
	end = to(end + STEP);
	int seen = 0;
	for (char *at = (char *)(((long)end - STEP + PAGE - 1) & -PAGE); at < end; at++) seen += *at == 'x';
	printf(", again: %d", seen);
	end = to(end + 2 * STEP + 900);
	end = to((char *)(((long)end + PAGE - 1) & -PAGE));
	end = to(end - 100);
	printf(", a little less: %d", to(NULL) == end);
	end = to(end + PAGE);
	end = to(end - 50);
	int real = to(NULL) == end;
	char *beside = (char *)(((long)end + PAGE - 1) & -PAGE) + 40 * PAGE;
	beside = mmap(beside, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	end = to(end + 8 * PAGE);
	printf(" %d, up to what is there: ", real);
	while (to(end + PAGE) == end + PAGE) end += PAGE;
	printf("%ld pages free\n", (long)(beside - end) / PAGE);
	munmap(beside, PAGE);

	/* A limit that another process sets, while this one computes. */
	struct rlimit data = {RLIM_INFINITY, RLIM_INFINITY};
	fflush(stdout);
	shared[0] = 0;
	if ((child = fork()) == 0) {
		while (shared[0] != 1) {}
		data.rlim_cur = end - start + 50 * STEP; /* and the program's own data */
		int failed = prlimit(getppid(), RLIMIT_DATA, &data, NULL);
		shared[0] = 2;
		_exit(failed);
	}
	for (int i = 0; i < 2; i++) end = to(end + STEP);
	shared[0] = 1;
	while (shared[0] != 2) {}
	int steps = 0;
	for (; steps < 100 && to(end + STEP) == end + STEP; end += STEP) steps++;
	waitpid(child, &status, 0);
	printf("limited: %d %d\n", WEXITSTATUS(status), steps > 5 && steps < 51);
	setrlimit(RLIMIT_DATA, &data);

	/* Handlers on a stack that is there only since the last step: of a fault, and of an alarm. */
	sigaction(SIGSEGV, &other, NULL);
	stack_t alternate = {.ss_sp = end + STEP, .ss_size = 16 * PAGE};
	sigaltstack(&alternate, NULL);
	end = to(end + STEP);
	end = to(end + 16 * PAGE);
	printf("on a stack in it: %d", touch((char *)(((long)end + PAGE - 1) & -PAGE)));
	other.sa_handler = on_alarm;
	sigaction(SIGALRM, &other, NULL);
	alternate.ss_sp = end + STEP;
	sigaltstack(&alternate, NULL);
	struct itimerval soon = {{0, 0}, {0, 200000}};
	setitimer(ITIMER_REAL, &soon, NULL);
	end = to(end + STEP);
	end = to(end + 16 * PAGE);
	handled_at = end;
	while (*(char *volatile *)&handled_at == end) {}
	printf(" %d %d\n", handled_at == end + STEP, touch(end + STEP - 1));

	fflush(stdout);
	for (int i = 0; i < 3; i++) end = to(handled_at + (i + 1) * STEP), memset(end - STEP, 'y', STEP);
	execl("/proc/self/exe", argv[0], "again", NULL);
	return 1;
}
