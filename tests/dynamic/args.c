/* Arguments, the environment and what the dynamic linker was told, seen through the C library. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

extern char **environ;
extern char _end[], __ehdr_start[];

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* Under atratus there may be more, from the user. */
static int is_test_s(const char *variable) {
	static const char *const names[] = {"HOME=", "LC_ALL=", "PATH=", "TZ=", "TEST_"};
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (!strncmp(variable, names[i], strlen(names[i]))) return 1;
	return 0;
}

int main(int argc, char **argv, char **envp) {
	printf("a name: %d\n", strstr(argv[0], "args") != NULL);
	for (int i = 1; i < argc; i++) printf("argv[%d] = \"%s\"\n", i, argv[i]);
	printf("ends: %d %d\n", argv[argc] == NULL, envp == environ);
	int count = 0;
	while (environ[count]) count++;
	qsort(environ, count, sizeof *environ, compare);
	for (int i = 0; i < count; i++)
		if (is_test_s(environ[i])) printf("%s\n", environ[i]);
	const char *test = getenv("TEST_ONE");
	printf("TEST_ONE: %s\n", test ? test : "(none)");
	setenv("TEST_ONE", "changed", 1);
	printf("changed: %s\n", getenv("TEST_ONE"));

	unsigned long headers = getauxval(AT_PHDR), base = getauxval(AT_BASE), entry = getauxval(AT_ENTRY);
	printf("headers in the image: %d\n", headers > (unsigned long)__ehdr_start && headers < (unsigned long)_end);
	printf("entry in the image: %d\n", entry > (unsigned long)__ehdr_start && entry < (unsigned long)_end);
	printf("linker elsewhere: %d, on a page: %d\n", base != 0 && (base < (unsigned long)__ehdr_start || base > (unsigned long)_end),
		base % 4096 == 0);
	printf("linker is ELF: %d\n", base && !memcmp((char *)base, ELFMAG, SELFMAG));
	printf("page size %lu, secure %lu\n", getauxval(AT_PAGESZ), getauxval(AT_SECURE));
	return argc;
}
