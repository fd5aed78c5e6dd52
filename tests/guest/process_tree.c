/*
 * Many processes at once: a tree of them, each in a pipeline with its neighbour, ended by one signal to their group and
 * all reaped by who made the first. The number is the argument, or 24.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int ready[2];

/* A process and half of its descendants on either side; each passes bytes on and says that it is there. */
__attribute__((noreturn)) static void grow(int count, int in, int out) {
	char byte = '.';
	int next[2];
	if (count > 1) {
		int left = (count - 1) / 2, right = count - 1 - left;
		for (int side = 0; side < 2; side++) {
			int size = side ? right : left;
			if (size == 0) continue;
			if (pipe(next)) exit(3);
			pid_t pid = fork();
			if (pid < 0) {
				perror("fork");
				exit(2);
			}
			if (!pid) {
				close(next[0]);
				grow(size, in, next[1]);
			}
			close(next[1]);
			if (in != 0) close(in);
			in = next[0];
		}
	}
	write(ready[1], &byte, 1);
	while (read(in, &byte, 1) > 0) write(out, &byte, 1);
	for (;;) pause();
}

int main(int argc, char **argv) {
	setvbuf(stdout, NULL, _IONBF, 0);
	int count = argc > 1 ? atoi(argv[1]) : 24, there[2], back[2], status;
	pipe(ready), pipe(there), pipe(back);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t group = fork();
	if (!group) {
		setpgid(0, 0);
		close(there[1]), close(back[0]), close(ready[0]);
		grow(count, there[0], back[1]);
	}
	close(there[0]), close(back[1]), close(ready[1]);
	char byte;
	int alive = 0;
	while (alive < count && read(ready[0], &byte, 1) == 1) alive++;
	printf("%d processes\n", alive);
	write(there[1], "x", 1);
	printf("through all of them: %zd\n", read(back[0], &byte, 1));
	printf("killed: %d\n", kill(-group, SIGTERM));
	int ended = 0, by_signal = 0;
	for (pid_t pid; (pid = wait(&status)) > 0; ended++) by_signal += WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
	printf("reaped: %d, by the signal %d, then %s\n", ended, by_signal, errno == ECHILD ? "none" : "an error");
	printf("nobody is in the group: %d\n", kill(-group, 0) < 0 && errno == ESRCH);
	printf("all pipes are closed: %zd\n", read(ready[0], &byte, 1));
	return 0;
}
