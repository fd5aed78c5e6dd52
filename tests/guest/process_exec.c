/* execve(2): what stays and what goes, #! scripts, argument limits, errors, vfork and posix_spawn. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static char *self;

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static int ends(pid_t pid) {
	int status;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int program(int argc, char **argv) {
	if (!strcmp(argv[1], "args")) {
		printf("%d:", argc);
		for (int i = 1; i < argc; i++) printf(" <%s>", argv[i]);
		puts("");
		for (char **e = environ; *e; e++) printf("  %s\n", *e);
		return 0;
	}
	if (!strcmp(argv[1], "length")) return printf("%d arguments, the last %d long\n", argc, (int)strlen(argv[argc - 1])), 0;
	if (!strcmp(argv[1], "state")) {
		struct sigaction action;
		sigset_t mask;
		sigprocmask(SIG_BLOCK, NULL, &mask);
		sigaction(SIGUSR1, NULL, &action);
		printf("handled is default: %d\n", action.sa_handler == SIG_DFL);
		sigaction(SIGUSR2, NULL, &action);
		printf("ignored stays: %d\n", action.sa_handler == SIG_IGN);
		printf("blocked stays: %d\n", sigismember(&mask, SIGTERM));
		sigpending(&mask);
		printf("pending stays: %d\n", sigismember(&mask, SIGTERM));
		stack_t stack;
		sigaltstack(NULL, &stack);
		printf("alternate stack is gone: %d\n", stack.ss_flags == SS_DISABLE);
		struct itimerval timer;
		getitimer(ITIMER_REAL, &timer);
		printf("alarm stays: %d\n", timer.it_value.tv_sec > 0);
		printf("nice: %d\n", getpriority(PRIO_PROCESS, 0));
		char name[16] = "", here[4096];
		prctl(PR_GET_NAME, name);
		printf("name: %s\n", name);
		printf("same pid: %d\n", getpid() == atoi(argv[2]));
		printf("umask: %o, folder: %s\n", umask(0), strrchr(getcwd(here, sizeof here), '/'));
		for (int fd = 3; fd < 9; fd++) printf("%d%s ", fd, fcntl(fd, F_GETFD) < 0 ? " closed" : "");
		puts("");
		int death = -1;
		prctl(PR_GET_PDEATHSIG, &death);
		printf("death signal: %d\n", death);
		return 0;
	}
	return atoi(argv[1]);
}

static void state(void) {
	pid_t pid = fork();
	if (pid) {
		printf("state: %d\n", ends(pid));
		return;
	}
	char number[20];
	sprintf(number, "%d", getpid());
	signal(SIGUSR1, exit);
	signal(SIGUSR2, SIG_IGN);
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	raise(SIGTERM);
	static char stack[65536];
	sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
	alarm(1000);
	nice(3);
	prctl(PR_SET_NAME, "another name");
	prctl(PR_SET_PDEATHSIG, SIGURG);
	umask(035);
	mkdir("folder", 0755);
	for (int fd = 3; fd < 9; fd++) close(fd);
	open("/dev/null", O_RDONLY);
	open("/dev/null", O_RDONLY | O_CLOEXEC);
	dup(3);
	fcntl(5, F_SETFD, FD_CLOEXEC);
	dup2(4, 6);
	dup3(4, 7, O_CLOEXEC);
	fcntl(3, F_DUPFD_CLOEXEC, 8);
	execl(self, "zero", "state", number, NULL);
	_exit(99);
}

static void run(const char *what, char **argv, char **env) {
	fflush(stdout);
	pid_t pid = fork();
	if (!pid) {
		execve(argv[0], argv, env);
		printf("%s: %s\n", what, strerror(errno));
		_exit(99);
	}
	printf("%s: %d\n", what, ends(pid));
}

#define RUN(what, ...) run(what, (char *[]){__VA_ARGS__, NULL}, (char *[]){NULL})

static void put_file(const char *name, const char *text, int mode) {
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, mode);
	write(fd, text, strlen(text));
	close(fd);
	chmod(name, mode);
}

static void scripts(void) {
	char line[4000];
	snprintf(line, sizeof line, "#!%s args\n", self);
	put_file("one", line, 0755);
	RUN("script", "./one", "a", "b c");
	snprintf(line, sizeof line, "#! \t%s   args with spaces \t\nmore", self);
	put_file("two", line, 0755);
	RUN("spaces", "./two", "a");
	put_file("three", "#!./one from three\n", 0755);
	RUN("script of a script", "./three", "a");
	snprintf(line, sizeof line, "#!%s args", self);
	put_file("four", line, 0755);
	RUN("no newline", "./four");
	put_file("five", "#!/not/there\n", 0755);
	RUN("no interpreter", "./five");
	put_file("six", "#!\n", 0755);
	RUN("empty line", "./six");
	put_file("seven", "echo hello\n", 0755);
	RUN("no program", "./seven");
	put_file("eight", "", 0755);
	RUN("empty", "./eight");
	put_file("nine", line, 0644);
	RUN("not executable", "./nine");
	for (char name[] = "l0"; name[1] < '7'; name[1]++) {
		char to[20];
		sprintf(to, "#!./l%c\n", name[1] - 1);
		if (name[1] == '0') put_file(name, line, 0755);
		else put_file(name, to, 0755);
	}
	RUN("four levels", "./l4");
	RUN("six levels", "./l6");
	put_file("loop", "#!./loop\n", 0755);
	RUN("itself", "./loop");
	memset(line, 'x', sizeof line);
	memcpy(line, "#!./", 4);
	line[3000] = 0;
	put_file("long", line, 0755);
	RUN("long line", "./long");
	for (const char *const *name = (const char *[]){"one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
		"l0", "l1", "l2", "l3", "l4", "l5", "l6", "loop", "long", NULL}; *name; name++) unlink(*name);
}

static void errors(void) {
	RUN("missing", "./missing");
	RUN("folder", "./folder");
	RUN("empty name", "");
	put_file("bad", "\177ELF\002\001\001", 0755);
	RUN("bad program", "./bad");
	RUN("below a file", "./bad/x");
	unlink("bad");
	show("bad pointer", syscall(SYS_execve, (char *)8, NULL, NULL));
	show("bad list", syscall(SYS_execve, self, (char **)8, NULL));
	show("bad argument", syscall(SYS_execve, self, (char *[]){self, (char *)8, NULL}, NULL));
	rmdir("folder");
}

static void arguments(void) {
	static char big[200000];
	memset(big, 'a', sizeof big);
	big[131071] = 0;
	RUN("the longest argument", self, "length", big);
	big[131071] = 'a', big[131072] = 0;
	RUN("one more", self, "length", big);
	big[1000] = 0;
	char **many = calloc(20003, sizeof *many);
	many[0] = self, many[1] = "length";
	for (int i = 2; i < 20002; i++) many[i] = i == 20001 ? big : "short";
	run("many", many, (char *[]){NULL});
	for (int i = 2; i < 20002; i++) many[i] = big;
	run("too much", many, (char *[]){NULL});
	free(many);
	run("environment", (char *[]){self, "args", NULL}, (char *[]){"A=1", "EMPTY=", "no value", NULL});
	fflush(stdout);
	pid_t pid = fork();
	if (!pid) _exit(syscall(SYS_execve, self, (char *[]){"any", "5", NULL}, NULL) < 0 ? 98 : 0);
	printf("no environment: %d\n", ends(pid));
	pid = fork();
	if (!pid) {
		int fd = open(self, O_RDONLY | O_CLOEXEC);
		fexecve(fd, (char *[]){"by descriptor", "6", NULL}, environ);
		_exit(97);
	}
	printf("by descriptor: %d\n", ends(pid));
}

static volatile int shared_word;

static void borrowed(void) {
	shared_word = 0;
	pid_t pid = vfork();
	if (!pid) {
		shared_word = 1;
		execl(self, self, "7", NULL);
		_exit(99);
	}
	printf("vfork and exec: %d, %d\n", shared_word, ends(pid));
	pid = vfork();
	if (!pid) {
		shared_word = 2;
		_exit(8);
	}
	printf("vfork and exit: %d, %d\n", shared_word, ends(pid));
	pid = vfork();
	if (!pid) {
		execl("./missing", self, NULL);
		shared_word = errno;
		_exit(9);
	}
	printf("vfork and failure: %s, %d\n", strerror(shared_word), ends(pid));
	pid = vfork();
	if (!pid) kill(getpid(), SIGKILL), _exit(0);
	printf("vfork and death: %d\n", ends(pid));
	pid = 0;
	show("spawn", posix_spawn(&pid, self, NULL, NULL, (char *[]){self, "10", NULL}, environ));
	printf("spawned: %d\n", ends(pid));
	show("spawn nothing", posix_spawn(&pid, "./missing", NULL, NULL, (char *[]){self, "10", NULL}, environ) == ENOENT);
	for (int i = 0; i < 5; i++) {
		posix_spawn(&pid, self, NULL, NULL, (char *[]){self, "11", NULL}, environ);
		if (ends(pid) != 11) printf("bad at %d\n", i);
	}
}

/* A child that shares descriptors gets its own when it executes a program. */
static void unshared(void) {
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pid_t pid = syscall(SYS_clone, 0x400 | SIGCHLD, 0, 0, 0, 0);
	if (!pid) execl(self, self, "0", NULL), _exit(99);
	printf("unshared: %d, open: %d\n", ends(pid), fcntl(fd, F_GETFD) >= 0);
	close(fd);
}

int main(int argc, char **argv) {
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 1) return program(argc, argv);
	self = realpath(argv[0], NULL);
	mkdir("work", 0755);
	chdir("work");
	state();
	scripts();
	errors();
	arguments();
	borrowed();
	unshared();
	chdir("..");
	rmdir("work");
	return 0;
}
