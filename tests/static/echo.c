/* Prints its arguments; -n leaves the newline out. */
#include "start.h"

int main(int argc, char **argv)
{
	int i = 1, newline = 1;
	if (argc > 1 && !strcmp(argv[1], "-n")) newline = 0, i++;
	for (; i < argc; i++) {
		put(1, argv[i], strlen(argv[i]));
		if (i + 1 < argc) put(1, " ", 1);
	}
	if (newline) put(1, "\n", 1);
	return 0;
}
