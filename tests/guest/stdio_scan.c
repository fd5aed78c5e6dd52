/* scanf(3) and its kin, getline(3), ungetc(3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void numbers(void) {
	int i, n;
	unsigned u;
	long l;
	double d;
	float f;
	long double ld;
	char word[20], set[20], c;
	printf("%d ", sscanf("-42 0x1f 077 1.5e3 hello", "%d %x %li %lf %19s", &i, &u, &l, &d, word));
	printf("%d %u %ld %g %s\n", i, u, l, d, word);
	printf("%d ", sscanf("3.25 0x1.8p3 1e400", "%f %lf %Lf", &f, &d, &ld));
	printf("%g %g %Lg\n", f, d, ld);
	printf("%d ", sscanf("abc123;x rest", "%[a-z]%d%*[;]%c%n", set, &i, &c, &n));
	printf("%s %d %c %d\n", set, i, c, n);
	printf("%d\n", sscanf("nope", "%d", &i));
	printf("%d\n", sscanf("", "%d", &i));
	char *made = NULL;
	printf("%d ", sscanf("allocated by scanf", "%m[a-z ]", &made));
	printf("%s\n", made);
	free(made);
}

int main(void) {
	numbers();
	FILE *file = fopen("scan.txt", "w+");
	if (!file) return 1;
	for (int i = 0; i < 1000; i++) fprintf(file, "%d %.3f line%d\n", i, i / 7.0, i);
	rewind(file);
	long sum = 0;
	double total = 0, d;
	int i, lines = 0;
	char word[32];
	while (fscanf(file, "%d %lf %31s", &i, &d, word) == 3) sum += i + strlen(word), total += d, lines++;
	printf("%d %ld %.3f %d\n", lines, sum, total, feof(file) != 0);
	rewind(file);
	char *line = NULL;
	size_t room = 0;
	ssize_t length, longest = 0;
	for (lines = 0; (length = getline(&line, &room, file)) >= 0; lines++)
		if (length > longest) longest = length;
	printf("%d %zd\n", lines, longest);
	free(line);
	rewind(file);
	int first = getc(file);
	ungetc('Z', file);
	printf("%c %c", first, getc(file));
	printf(" %c\n", getc(file));
	fclose(file);
	/* What stdin holds, if anything. */
	for (lines = 0; fgets(word, sizeof word, stdin); lines++) printf("<%s>", word);
	printf("\n%d %d %d\n", lines, feof(stdin) != 0, ferror(stdin));
	return 0;
}
