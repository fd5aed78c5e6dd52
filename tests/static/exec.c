/*
 * execve(2): arguments, environment, registers, memory and descriptors of the new program. With a number: so many
 * times fork, execve and wait, for tests of what that costs.
 */
#include "start.h"

static char *self;

static int run(const char *path, char **argv, char **envp)
{
	int status = -1;
	long pid = sys(fork);
	if (!pid) sys(exit, -sys(execve, path, argv, envp));
	sys(wait4, pid, &status, 0, 0);
	return status;
}

#define RUN(path, ...) run(path, (char *[]){__VA_ARGS__, 0}, (char *[]){0})

static int program(int argc, char **argv, char **envp)
{
	if (!strcmp(argv[1], "nothing")) return 0;
	if (!strcmp(argv[1], "say")) {
		for (int i = 0; i < argc; i++) say(num(i), " <", i ? argv[i] : "", ">");
		for (; *envp; envp++) say("env ", *envp);
		return argc;
	}
	if (!strcmp(argv[1], "files")) return (sys(fcntl, 10, F_GETFD) == 0) + 2 * (sys(fcntl, 11, F_GETFD) == -EBADF);
	if (!strcmp(argv[1], "again")) {
		long left = atoi(argv[2]);
		char *words[] = {self, "again", (char *)num(left - 1), 0};
		return left ? -sys(execve, self, words, envp) : 33;
	}
	return 99;
}

static void repeat(long times)
{
	char *words[] = {self, "nothing", 0}, *none[] = {0};
	for (long i = 0; i < times; i++) {
		int status = run(self, words, none);
		if (status) say("FAIL at ", num(i), ": status ", num(status)), failed = 1;
	}
	say("repeated");
}

int main(int argc, char **argv, char **envp)
{
	self = (char *)*auxv(AT_EXECFN);
	if (argc == 2 && argv[1][0] >= '0' && argv[1][0] <= '9') return repeat(atoi(argv[1])), failed;
	if (argc > 1) return program(argc, argv, envp);
	check("arguments", RUN(self, "zero", "say", "", "two words", "x"), 5 << 8);
	check("environment", run(self, (char *[]){"zero", "say", 0}, (char *[]){"A=1", "B=", "=", 0}), 2 << 8);
	sys(dup2, 1, 10), sys(dup2, 1, 11);
	sys(fcntl, 11, F_SETFD, FD_CLOEXEC);
	check("descriptors", RUN(self, self, "files"), 3 << 8);
	sys(close, 10), sys(close, 11);
	check("forty in one process", RUN(self, self, "again", "40"), 33 << 8);
	check("no such file", RUN("./no-such-file", "x"), ENOENT << 8);
	check("a folder", RUN("/", "x"), EACCES << 8);
	check("no name", RUN("", "x"), ENOENT << 8);
	check("a bad name", sys(execve, (char *)8, 0, 0), -EFAULT);
	make("exec.tmp", "no program\n");
	check("not executable", RUN("./exec.tmp", "x"), EACCES << 8);
	sys(chmod, "exec.tmp", 0755);
	check("no program", RUN("./exec.tmp", "x"), ENOEXEC << 8);
	sys(unlink, "exec.tmp");
	make("exec.tmp", "#!");
	long fd = sys(open, "exec.tmp", O_WRONLY | O_APPEND);
	sys(write, fd, self, strlen(self)), sys(write, fd, " say\n", 5);
	sys(close, fd), sys(chmod, "exec.tmp", 0755);
	check("a script", RUN("./exec.tmp", "x", "y"), 4 << 8);
	sys(unlink, "exec.tmp");
	repeat(10);
	return failed;
}
