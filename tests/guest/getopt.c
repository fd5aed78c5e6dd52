/* getopt(3) and getopt_long(3) on our arguments. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>

int main(int argc, char **argv) {
	static const struct option options[] = {{"alpha", no_argument, NULL, 'a'}, {"beta", required_argument, NULL, 'b'},
		{"gamma", optional_argument, NULL, 1000}, {NULL, 0, NULL, 0}};
	for (int c, which = -1; (c = getopt_long(argc, argv, "ab:c::v", options, &which)) != -1; which = -1)
		printf("%d %d %s\n", c, which, optarg ? optarg : "(none)");
	for (; optind < argc; optind++) printf("rest %s\n", argv[optind]);
	optind = 0;
	for (int c; (c = getopt(argc, argv, "+:ab:")) != -1;) printf("%c %c %d\n", c, optopt ? optopt : '-', optind);
	return 0;
}
