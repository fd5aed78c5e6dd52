/* stdio: standard streams, files, memory streams, buffering, scanning, pipes to a shell. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
	printf("%d %5.2f %-6s| %#x %c %lld %zu %e\n", -42, 3.14159, "left", 255, 'x', 1LL << 40, sizeof(int), 12345.678);
	FILE *file = fopen("stdio.txt", "w+");
	for (int i = 0; i < 1000; i++) fprintf(file, "line %d\n", i);
	printf("size: %ld\n", ftell(file));
	fseek(file, 5000, SEEK_SET);
	char line[100];
	fgets(line, sizeof line, file);
	fgets(line, sizeof line, file);
	printf("in the middle: %s", line);
	ungetc('Q', file);
	printf("pushed back: %c\n", fgetc(file));
	rewind(file);
	int number, count = 0;
	while (fscanf(file, "line %d\n", &number) == 1) count++;
	printf("scanned: %d, the last %d\n", count, number);
	fclose(file);
	file = fopen("stdio.txt", "a");
	fputs("more\n", file);
	printf("appended, at %ld\n", ftell(file));
	fclose(file);
	remove("stdio.txt");
	printf("gone: %d\n", fopen("stdio.txt", "r") == NULL && errno == ENOENT);
	char *text;
	size_t size;
	file = open_memstream(&text, &size);
	fprintf(file, "%s-%03d", "memory", 7);
	fclose(file);
	printf("%s %zu\n", text, size);
	free(text);
	perror("to stderr");
	fflush(stdout);
	FILE *shell = popen("echo from the shell; exit 3", "r");
	while (shell && fgets(line, sizeof line, shell)) printf("read: %s", line);
	printf("status: %d\n", pclose(shell));
	return ferror(stdout);
}
