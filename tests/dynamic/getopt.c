/* getopt(3): its variables live in the library and, by copy relocations, in the program. */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
	opterr = 0;
	for (int option; (option = getopt(argc, argv, "ab:c::")) != -1;)
		printf("%c %s (optind %d, optopt %c)\n", option, optarg ? optarg : "-", optind, optopt ? optopt : '-');
	for (int i = optind; i < argc; i++) printf("rest: %s\n", argv[i]);
	return 0;
}
