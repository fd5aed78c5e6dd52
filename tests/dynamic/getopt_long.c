/* getopt_long(3) and getopt_long_only(3). */
#include <getopt.h>
#include <stdio.h>

static int flag;
static const struct option options[] = {
	{ "alpha", no_argument, NULL, 'a' },   { "beta", required_argument, NULL, 'b' },
	{ "gamma", optional_argument, NULL, 'g' }, { "delta", no_argument, &flag, 7 }, { NULL, 0, NULL, 0 },
};

static void run(const char *name, int (*get)(int, char *const *, const char *, const struct option *, int *), int argc, char **argv) {
	printf("%s\n", name);
	optind = 1, opterr = 0, flag = 0;
	for (int option, index = -1; (option = get(argc, argv, "ab:", options, &index)) != -1; index = -1)
		printf("%d %s %s flag %d\n", option, index < 0 ? "-" : options[index].name, optarg ? optarg : "-", flag);
	for (int i = optind; i < argc; i++) printf("rest: %s\n", argv[i]);
}

int main(int argc, char **argv) {
	run("long", getopt_long, argc, argv);
	run("long only", getopt_long_only, argc, argv);
	return 0;
}
