/* Streams on files: modes, seeking, buffering, freopen(3), tmpfile(3), memory streams. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show(const char *name) {
	char text[200];
	FILE *file = fopen(name, "r");
	size_t size = file ? fread(text, 1, sizeof text, file) : 0;
	if (file) fclose(file);
	printf("%s: %zu ", name, size);
	for (size_t i = 0; i < size; i++) printf(text[i] >= ' ' ? "%c" : "\\%o", text[i]);
	printf("\n");
}

int main(void) {
	printf("%d", fopen("missing", "r") == NULL);
	printf(" %d\n", errno == ENOENT);
	FILE *file = fopen("f", "w+");
	fputs("0123456789", file);
	fseek(file, 3, SEEK_SET);
	printf("%c", getc(file));
	printf(" %ld\n", ftell(file));
	fseek(file, -2, SEEK_END);
	fputs("xyz", file);
	printf("%ld\n", ftell(file));
	fseek(file, -1, SEEK_CUR);
	printf("%c\n", getc(file));
	fpos_t position;
	rewind(file);
	getc(file);
	fgetpos(file, &position);
	getc(file);
	fsetpos(file, &position);
	printf("%c\n", getc(file));
	fclose(file);
	show("f");

	file = fopen("f", "a+");
	fputs("appended", file);
	rewind(file);
	printf("%c\n", getc(file));
	fseek(file, 0, SEEK_SET);
	fputs("!", file);
	fclose(file);
	show("f");
	file = fopen("f", "r+");
	fwrite("\0\1\2", 1, 3, file);
	fclose(file);
	show("f");
	errno = 0;
	printf("%d", fopen("f", "wx") == NULL);
	printf(" %d\n", errno == EEXIST);

	/* Buffering: what another descriptor sees before and after a flush. */
	static const int modes[] = {_IOFBF, _IOLBF, _IONBF};
	for (int i = 0; i < 3; i++) {
		file = fopen("b", "w");
		setvbuf(file, NULL, modes[i], 64);
		fputs("line\nrest", file);
		show("b");
		fflush(file);
		show("b");
		for (int j = 0; j < 100; j++) putc('a' + j % 26, file);
		fclose(file);
		show("b");
	}
	file = tmpfile();
	for (int i = 0; i < 100000; i++) fwrite(&i, sizeof i, 1, file);
	int value;
	fseek(file, 77777L * sizeof value, SEEK_SET);
	printf("%zu ", fread(&value, sizeof value, 1, file));
	printf("%d\n", value);
	fclose(file);

	char *text, buffer[32] = "";
	size_t size;
	file = open_memstream(&text, &size);
	for (int i = 0; i < 300; i++) fprintf(file, "%d,", i);
	fclose(file);
	printf("%zu %.20s %s\n", size, text, text + size - 8);
	free(text);
	file = fmemopen(buffer, sizeof buffer, "w");
	fprintf(file, "in %s", "memory");
	fclose(file);
	printf("%s\n", buffer);

	printf("%d", rename("f", "g"));
	printf(" %d", access("f", F_OK));
	printf(" %d\n", remove("g"));
	printf("%d\n", remove("g"));
	fflush(stdout);
	if (freopen("out", "w", stdout) == NULL) return 1;
	printf("to the file\n");
	fprintf(stderr, "to stderr\n");
	return fclose(stdout);
}
