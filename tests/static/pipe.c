/* pipe(2), pipe2(2): bytes, ends, room, waiting; between processes. */
#include "start.h"
#include <linux/poll.h>

#define SIGPIPE 13
#define PIPE_ROOM 65536

static char buf[100000];

static int status_of(long pid)
{
	int status = -1;
	sys(wait4, pid, &status, 0, 0);
	return status;
}

static void alone(void)
{
	int fds[2];
	check("pipe", sys(pipe, fds), 0);
	check("write", sys(write, fds[1], "hello", 5), 5);
	check("read less", sys(read, fds[0], buf, 2), 2);
	check("read more than there is", sys(read, fds[0], buf, 100), 3);
	check("the bytes", memcmp(buf, "llo", 3), 0);
	check("write to the reading end", sys(write, fds[0], "x", 1), -EBADF);
	check("read from the writing end", sys(read, fds[1], buf, 1), -EBADF);
	check("seek", seek(fds[0], 0, 0), -ESPIPE);
	sys(fcntl, fds[1], F_SETFL, O_NONBLOCK), sys(fcntl, fds[0], F_SETFL, O_NONBLOCK);
	check("nothing to read", sys(read, fds[0], buf, 1), -EAGAIN);
	check("as much as it holds", sys(write, fds[1], buf, sizeof buf), PIPE_ROOM);
	check("full", sys(write, fds[1], buf, 1), -EAGAIN);
	check("no room for a page", (sys(read, fds[0], buf, 4095), sys(write, fds[1], buf, 4096)), -EAGAIN);
	sys(close, fds[1]);
	long total = 0, n;
	while ((n = sys(read, fds[0], buf, sizeof buf)) > 0) total += n;
	check("the rest", total, PIPE_ROOM - 4095);
	check("the end", n, 0);
	sys(close, fds[0]);
	check("pipe2", sys(pipe2, fds, O_NONBLOCK | O_CLOEXEC), 0);
	check("its flag", sys(fcntl, fds[0], F_GETFD), FD_CLOEXEC);
	yes("its other flag", sys(fcntl, fds[1], F_GETFL) & O_NONBLOCK);
	sys(close, fds[0]), sys(close, fds[1]);
	check("bad flags", sys(pipe2, fds, 1), -EINVAL);
	check("bad place", sys(pipe, (int *)8), -EFAULT);
}

static void with_child(void)
{
	int there[2], back[2];
	sys(pipe, there), sys(pipe, back);
	long pid = sys(fork);
	if (!pid) {
		sys(close, there[1]), sys(close, back[0]);
		long n;
		while ((n = sys(read, there[0], buf, 10)) > 0) {
			for (long i = 0; i < n; i++) buf[i] -= 32;
			sys(write, back[1], buf, n);
		}
		sys(exit, n);
	}
	sys(close, there[0]), sys(close, back[1]);
	int right = 0;
	for (int i = 0; i < 200; i++) {
		sys(write, there[1], "abc", 3);
		right += sys(read, back[0], buf, 3) == 3 && !memcmp(buf, "ABC", 3);
	}
	check("two hundred times there and back", right, 200);
	sys(close, there[1]);
	check("its end is seen", sys(read, back[0], buf, 1), 0);
	check("the child's status", status_of(pid), 0);
	sys(close, back[0]);
}

static void large(void)
{
	int fds[2];
	sys(pipe, fds);
	long pid = sys(fork);
	if (!pid) {
		sys(close, fds[0]);
		int bad = 0;
		for (int i = 0; i < 20; i++) {
			memset(buf, i, sizeof buf);
			bad += sys(write, fds[1], buf, sizeof buf) != sizeof buf;
		}
		sys(exit, bad);
	}
	sys(close, fds[1]);
	long total = 0, n, wrong = 0;
	while ((n = sys(read, fds[0], buf, 7777)) > 0) {
		for (long i = 0; i < n; i++) wrong += buf[i] != (total + i) / (long)sizeof buf;
		total += n;
	}
	check("two million bytes", total, 20 * sizeof buf);
	check("in their order", wrong, 0);
	check("every write was whole", status_of(pid), 0);
	sys(close, fds[0]);
}

static void broken(void)
{
	int fds[2];
	sys(pipe, fds);
	long pid = sys(fork);
	if (!pid) {
		sys(close, fds[0]);
		for (;;) sys(write, fds[1], buf, sizeof buf);
	}
	sys(read, fds[0], buf, 1);
	sys(close, fds[1]), sys(close, fds[0]);
	check("nobody reads any more", status_of(pid), SIGPIPE);
}

/* A chain of children, each of which passes on what it reads. */
static void chain(void)
{
	int first[2], in, next[2];
	sys(pipe, first);
	in = first[0];
	for (int i = 0; i < 10; i++) {
		sys(pipe, next);
		if (!sys(fork)) {
			sys(close, first[1]), sys(close, next[0]);
			long n;
			while ((n = sys(read, in, buf, 1000)) > 0) sys(write, next[1], buf, n);
			sys(exit, 0);
		}
		sys(close, in), sys(close, next[1]);
		in = next[0];
	}
	sys(write, first[1], "through ten", 11);
	sys(close, first[1]);
	long total = 0, n;
	while ((n = sys(read, in, buf + total, 100)) > 0) total += n;
	check("through ten", total == 11 && !memcmp(buf, "through ten", 11), 1);
	sys(close, in);
	int ended = 0;
	while (sys(wait4, -1, 0, 0, 0) > 0) ended++;
	check("ten ended", ended, 10);
}

static void polled(void)
{
	int fds[2];
	sys(pipe, fds);
	struct pollfd one = {.fd = fds[0], .events = POLLIN};
	check("nothing yet", sys(poll, &one, 1, 0), 0);
	long pid = sys(fork);
	if (!pid) {
		struct { long sec, nsec; } nap = {0, 30000000};
		sys(nanosleep, &nap, 0);
		sys(write, fds[1], "x", 1);
		sys(exit, 0);
	}
	sys(close, fds[1]);
	check("something", sys(poll, &one, 1, -1), 1);
	check("to read", one.revents & POLLIN, POLLIN);
	status_of(pid);
	sys(read, fds[0], buf, 10);
	check("the end", sys(poll, &one, 1, -1), 1);
	check("is a hang-up", one.revents, POLLHUP);
	sys(close, fds[0]);
}

int main(void)
{
	alone();
	with_child();
	large();
	broken();
	chain();
	polled();
	return failed;
}
