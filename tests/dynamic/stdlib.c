/* Of stdlib.h: conversions, random numbers, processes, and the order of what happens at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void first(void) { puts("first registered"); }
static void second(void) { puts("second registered"); }

int main(void) {
	printf("%d %ld %lld %g\n", atoi("42x"), strtol("-0x1f", NULL, 0), strtoll("777", NULL, 8), strtod("1e-3", NULL));
	char *end;
	unsigned long large = strtoul("99999999999999999999", &end, 10);
	printf("%d %d\n", large == (unsigned long)-1, *end);
	div_t parts = div(-17, 5);
	printf("%d %d %d\n", parts.quot, parts.rem, abs(-5));
	srand(42);
	int a = rand(), b = rand();
	srand(42);
	int same = rand() == a;
	printf("same again: %d %d\n", same, rand() == b);
	unsigned short state[3] = { 1, 2, 3 };
	printf("%ld %ld\n", nrand48(state), jrand48(state));
	fflush(stdout);
	printf("system: %d\n", WEXITSTATUS(system("exit 7")));
	char name[] = "tempXXXXXX";
	int fd = mkstemp(name);
	printf("mkstemp: %d %d\n", fd >= 0, unlink(name));
	printf("realpath: %s\n", realpath("/usr/../usr/./bin", NULL));
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		atexit(first);
		exit(5);
	}
	int status;
	waitpid(child, &status, 0);
	printf("child: %d\n", WEXITSTATUS(status));
	fflush(stdout);
	child = vfork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", "echo executed; exit 9", (char *)NULL);
		_exit(1);
	}
	waitpid(child, &status, 0);
	printf("executed: %d\n", WEXITSTATUS(status));
	atexit(first);
	atexit(second);
	exit(6);
}
