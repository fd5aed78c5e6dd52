/* A dynamic program that starts itself again in all ways, with memory of both in use. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static int data = 5, zero;

static int wait_for(pid_t child) {
	int status;
	if (child < 0 || waitpid(child, &status, 0) != child) return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int grandchild(int depth) {
	char text[20];
	if (depth == 0) return 40;
	pid_t child = fork();
	if (child == 0) {
		sprintf(text, "%d", depth - 1);
		execl("./again", "again", text, (char *)NULL);
		_exit(99);
	}
	return wait_for(child) + 1;
}

int main(int argc, char **argv) {
	if (argc > 1 && !strcmp(argv[1], "where")) {
		/* Once without randomness two runs agree. */
		printf("%p %p\n", (void *)&data, (void *)puts);
		return 0;
	}
	if (argc > 1) return grandchild(atoi(argv[1]));
	symlink(argv[0], "again");
	printf("generations: %d\n", grandchild(4));
	data = 6, zero = 7;
	fflush(stdout);
	pid_t child = vfork();
	if (child == 0) {
		data = 8;
		execl("./again", "again", "0", (char *)NULL);
		_exit(99);
	}
	printf("vfork: %d, shared: %d %d\n", wait_for(child), data, zero);
	char *words[] = { "again", "1", NULL };
	int error = posix_spawn(&child, "./again", NULL, NULL, words, environ);
	printf("posix_spawn: %d %d\n", error, wait_for(child));
	printf("missing: %d\n", posix_spawn(&child, "./missing", NULL, NULL, words, environ) == ENOENT);
	personality(ADDR_NO_RANDOMIZE);
	char lines[2][100] = { "", "x" };
	for (int i = 0; i < 2; i++) {
		FILE *out = popen("./again where", "r");
		fgets(lines[i], sizeof lines[i], out);
		pclose(out);
	}
	printf("without randomness: %d\n", !strcmp(lines[0], lines[1]));
	unlink("again");
	return 0;
}
