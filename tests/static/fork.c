/* fork(2), vfork(2), wait4(2): what a child has of its parent, and what it has for itself. */
#include "start.h"

#define SIGCHLD 17
#define SIGKILL 9
#define WNOHANG 1

static int in_data = 1, in_bss;

static int status_of(long pid)
{
	int status = -1;
	check("waited for", sys(wait4, pid, &status, 0, 0), pid);
	return status;
}

static void copies(void)
{
	int on_stack = 2;
	char *private = map(0, 2 * PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long heap = sys(brk, 0);
	sys(brk, heap + PAGE);
	private[PAGE] = 3, *(char *)heap = 4;
	long pid = sys(fork);
	if (!pid) {
		int right = in_data == 1 && in_bss == 0 && on_stack == 2 && private[PAGE] == 3 && *(char *)heap == 4;
		in_data = in_bss = on_stack = 9, private[PAGE] = 9, *(char *)heap = 9;
		sys(exit, right ? 0 : 1);
	}
	check("the child saw the parent's memory", status_of(pid), 0);
	yes("and changed its own", in_data == 1 && in_bss == 0 && on_stack == 2 && private[PAGE] == 3 && *(char *)heap == 4);
	sys(brk, heap), sys(munmap, private, 2 * PAGE);
}

static void identity(void)
{
	long self = sys(getpid), pid = sys(fork);
	if (!pid) sys(exit, (sys(getppid) == self) + 2 * (sys(getpid) != self) + 4 * (sys(gettid) == sys(getpid)));
	check("a pid of its own", status_of(pid), 7 << 8);
	pid = sys(fork);
	if (!pid) for (;;) sys(pause);
	check("it is there", sys(kill, pid, 0), 0);
	check("nothing to tell", sys(wait4, pid, 0, WNOHANG, 0), 0);
	sys(kill, pid, SIGKILL);
	check("killed", status_of(pid), SIGKILL);
	check("it is gone", sys(kill, pid, 0), -ESRCH);
	check("nobody is left", sys(wait4, -1, 0, 0, 0), -ECHILD);
}

static void descriptors(void)
{
	make("fork.tmp", "abcdef");
	long fd = sys(open, "fork.tmp", O_RDONLY), pid = sys(fork);
	char byte = 0;
	if (!pid) {
		sys(read, fd, &byte, 1);
		sys(close, fd);
		sys(exit, byte);
	}
	check("the child read", status_of(pid), 'a' << 8);
	check("from a position both have", (sys(read, fd, &byte, 1), byte), 'b');
	sys(close, fd), sys(unlink, "fork.tmp");
}

static int deep(int depth)
{
	if (depth == 0) return 0;
	long pid = sys(fork);
	if (!pid) sys(exit, deep(depth - 1) + 1);
	int status;
	sys(wait4, pid, &status, 0, 0);
	return status >> 8;
}

static void many(void)
{
	long pids[20];
	for (int i = 0; i < 20; i++) {
		pids[i] = sys(fork);
		if (!pids[i]) sys(exit, i);
	}
	int right = 0, status;
	for (int i = 19; i >= 0; i--) right += sys(wait4, pids[i], &status, 0, 0) == pids[i] && status == i << 8;
	check("twenty at once", right, 20);
	check("ten, one in the other", deep(10), 10);
}

/* The child runs on the parent's stack: all it may do is in one function that does not return in it. */
static void borrowed(void)
{
	volatile int word = 0;
	long pid;
#ifdef __x86_64__
	asm volatile("syscall; test %%eax, %%eax; jnz 1f; movl $5, %1; mov $6, %%edi; mov %3, %%eax; syscall; 1:"
		: "=a"(pid), "+m"(word) : "a"(__NR_vfork), "i"(__NR_exit) : "rcx", "r11", "rdi", "memory");
#else
	asm volatile("int $0x80; test %%eax, %%eax; jnz 1f; movl $5, %1; mov $6, %%ebx; mov %3, %%eax; int $0x80; 1:"
		: "=a"(pid), "+m"(word) : "a"(__NR_vfork), "i"(__NR_exit) : "ebx", "memory");
#endif
	check("vfork: the memory is one", word, 5);
	check("vfork: the status", status_of(pid), 6 << 8);
}

static void clones(void)
{
	int tid = 0, mine = 0;
	/* The order of the arguments differs: stack, parent's, then child's and TLS. */
#ifdef __x86_64__
	long pid = sys(clone, 0x01100000 | SIGCHLD, 0, &tid, &mine, 0);
#else
	long pid = sys(clone, 0x01100000 | SIGCHLD, 0, &tid, 0, &mine);
#endif
	if (!pid) sys(exit, mine == sys(getpid));
	check("clone: the parent knows", tid, pid);
	check("clone: the child knows", status_of(pid), 1 << 8);
	check("clone: only the child", mine, 0);
	check("clone: bad flags", sys(clone, 0x800 | SIGCHLD, 0, 0, 0, 0), -EINVAL);
}

int main(void)
{
	copies();
	identity();
	descriptors();
	many();
	borrowed();
	clones();
	return failed;
}
