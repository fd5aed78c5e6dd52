/* fcntl(2) and flock(2) locks between processes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static int set(int fd, int command, int type, long start, long length) {
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
	return fcntl(fd, command, &lock) ? errno : 0;
}

static void ask(int fd, int type, long start, long length, int parent) {
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
	int failed = fcntl(fd, F_GETLK, &lock);
	if (failed || lock.l_type == F_UNLCK) printf("%ld+%ld: %s\n", start, length, failed ? strerror(errno) : "free");
	else printf("%ld+%ld: %d %ld+%ld %d\n", start, length, lock.l_type, (long)lock.l_start, (long)lock.l_len,
	            lock.l_pid == parent ? 1 : lock.l_pid == -1 ? -1 : 0);
}

static void in_child(void (*what)(int), int fd) {
	pid_t child = fork();
	if (child == 0) {
		what(fd);
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void probe(int fd) {
	for (long at = 0; at < 50; at += 10) ask(fd, F_WRLCK, at, 5, getppid());
	ask(fd, F_RDLCK, 20, 0, getppid());
}

static void closes(int fd) {
	printf("child sets %d\n", set(fd, F_SETLK, F_WRLCK, 0, 5));
	printf("child sets %d\n", set(fd, F_SETLK, F_WRLCK, 100, 5));
	printf("child again %d\n", set(fd, F_SETLK, F_RDLCK, 102, 1));
}

static void flocks(int fd) {
	int own = open("file", O_RDWR);
	printf("flock %d", flock(own, LOCK_EX | LOCK_NB) ? errno : 0);
	printf(" %d", flock(own, LOCK_SH | LOCK_NB) ? errno : 0);
	printf(" %d\n", flock(fd, LOCK_EX | LOCK_NB) ? errno : 0);
}

static void on_alarm(int signal) {
	(void)signal;
}

int main(void) {
	setvbuf(stdout, NULL, _IONBF, 0);
	int fd = open("file", O_RDWR | O_CREAT, 0644);
	write(fd, "0123456789", 10);
	printf("%d", set(fd, F_SETLK, F_WRLCK, 0, 30));
	printf(" %d", set(fd, F_SETLK, F_UNLCK, 10, 5));
	printf(" %d", set(fd, F_SETLK, F_RDLCK, 20, 5));
	printf(" %d\n", set(fd, F_SETLK, F_WRLCK, 40, 0));
	ask(fd, F_WRLCK, 0, 10, 0);
	in_child(probe, fd);
	in_child(closes, fd);
	int readable = open("file", O_RDONLY);
	printf("%d %d\n", set(readable, F_SETLK, F_WRLCK, 0, 1), set(readable, F_SETLK, F_RDLCK, 200, 1));
	printf("%d %d\n", set(fd, F_SETLK, 7, 0, 1), set(fd, F_SETLK, F_RDLCK, -1, 1));
	close(readable); /* ends every lock of this process */
	in_child(probe, fd);

	/* relative, and backwards */
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = 0, .l_len = -5 };
	printf("%d\n", fcntl(fd, F_SETLK, &lock));
	in_child(probe, fd);
	set(fd, F_SETLK, F_UNLCK, 0, 0);

	/* waiting */
	int ready[2];
	char byte;
	pipe(ready);
	pid_t child = fork();
	if (child == 0) {
		set(fd, F_SETLK, F_WRLCK, 0, 10);
		write(ready[1], "x", 1);
		usleep(100000);
		printf("child lets go\n");
		_exit(0);
	}
	read(ready[0], &byte, 1);
	printf("%d\n", set(fd, F_SETLKW, F_RDLCK, 5, 1));
	printf("parent has it\n");
	waitpid(child, NULL, 0);

	/* a deadlock is refused */
	set(fd, F_SETLK, F_WRLCK, 0, 1);
	child = fork();
	if (child == 0) {
		set(fd, F_SETLK, F_WRLCK, 1, 1);
		write(ready[1], "x", 1);
		int result = set(fd, F_SETLKW, F_WRLCK, 0, 1);
		_exit(result);
	}
	read(ready[0], &byte, 1);
	usleep(100000);
	printf("deadlock %d\n", set(fd, F_SETLKW, F_WRLCK, 1, 1) == EDEADLK);
	set(fd, F_SETLK, F_UNLCK, 0, 1);
	int status;
	waitpid(child, &status, 0);
	printf("child %d\n", WEXITSTATUS(status));

	/* a signal ends the wait */
	child = fork();
	if (child == 0) {
		set(fd, F_SETLK, F_WRLCK, 1, 1);
		write(ready[1], "x", 1);
		pause();
	}
	read(ready[0], &byte, 1);
	struct sigaction action = { .sa_handler = on_alarm };
	sigaction(SIGALRM, &action, NULL);
	ualarm(50000, 0);
	printf("interrupted %d\n", set(fd, F_SETLKW, F_WRLCK, 1, 1) == EINTR);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("free %d\n", set(fd, F_SETLK, F_WRLCK, 1, 1));
	set(fd, F_SETLK, F_UNLCK, 0, 0);

	/* open file descriptions */
	int one = open("file", O_RDWR), two = open("file", O_RDWR);
	printf("%d %d", set(one, F_OFD_SETLK, F_WRLCK, 0, 10), set(two, F_OFD_SETLK, F_RDLCK, 5, 1) == EAGAIN);
	printf(" %d\n", set(fd, F_SETLK, F_RDLCK, 5, 1) == EAGAIN);
	in_child(probe, fd);
	int copy = dup(one);
	close(one);
	printf("%d", set(two, F_OFD_SETLK, F_RDLCK, 5, 1) == EAGAIN);
	close(copy);
	printf(" %d\n", set(two, F_OFD_SETLK, F_RDLCK, 5, 1));

	/* whole files */
	printf("%d\n", flock(fd, LOCK_SH));
	in_child(flocks, fd);
	printf("%d %d\n", flock(fd, LOCK_UN), flock(fd, 0) ? errno : 0);
	return 0;
}
