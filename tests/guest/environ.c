/* environ(7), getenv(3), setenv(3), putenv(3), unsetenv(3), clearenv(3), arguments. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static const char *get(const char *name) {
	const char *value = getenv(name);
	return value ? value : "(none)";
}

int main(int argc, char **argv) {
	for (int i = 1; i < argc; i++) printf("%d <%s>\n", i, argv[i]);
	printf("%d %d\n", argc, argv[argc] == NULL);
	int count = 0;
	for (char **e = environ; *e; e++) count += strncmp(*e, "TEST_", 5) == 0;
	printf("%d %s %s %s\n", count, get("TEST_ONE"), get("TEST_EMPTY"), get("TEST_NONE"));
	setenv("TEST_NEW", "new", 1);
	setenv("TEST_ONE", "kept", 0);
	printf("%s %s\n", get("TEST_NEW"), get("TEST_ONE"));
	setenv("TEST_ONE", "replaced", 1);
	putenv("TEST_PUT=put");
	unsetenv("TEST_NEW");
	printf("%s %s %s\n", get("TEST_ONE"), get("TEST_PUT"), get("TEST_NEW"));
	printf("%d", setenv("bad=name", "x", 1));
	printf(" %d\n", errno == EINVAL);
	char name[20];
	for (int i = 0; i < 500; i++) sprintf(name, "MANY_%d", i), setenv(name, name + 5, 1);
	printf("%s\n", get("MANY_499"));
	clearenv();
	printf("%s %d\n", get("PATH"), environ == NULL || *environ == NULL);
	setenv("LAST", "1", 1);
	printf("%s %s\n", environ[0], get("LAST"));
	return 0;
}
