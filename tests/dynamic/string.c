/* String functions, which the library chooses by processor when they are bound; lazily and through pointers. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

static char text[3000], copy[3000];
static void *(*volatile move)(void *, const void *, size_t) = memmove;

int main(void) {
	for (int i = 0; i < 2999; i++) text[i] = 'a' + i * 7 % 26;
	unsigned long sum = 0;
	for (size_t at = 0; at < 70; at += 3)
		for (size_t size = 1; size < 2900; size += size / 3 + 1) {
			memset(copy, '.', sizeof copy);
			memcpy(copy + at, text, size), sum = sum * 31 + strlen(copy + at);
			move(copy + at + 1, copy + at, size), sum = sum * 31 + (memcmp(copy + at + 1, text, size) == 0);
			const char *found = memchr(copy, 'z', at + size);
			sum = sum * 31 + (found ? found - copy : -1);
		}
	printf("%lx\n", sum & 0xffffffff);
	printf("%s %s %s\n", strchr("find me", 'm'), strrchr("a/b/c", '/'), strstr("needle in haystack", "in"));
	printf("%zu %zu %d %d\n", strspn("abcde", "abc"), strcspn("abcde", "de"), strcmp("a", "b") < 0, strcasecmp("ABC", "abd") < 0);
	char list[] = "one,two;;three", *rest = list;
	for (char *word; (word = strsep(&rest, ",;"));) printf("[%s]", word);
	char again[] = "four five", *state;
	for (char *word = strtok_r(again, " ", &state); word; word = strtok_r(NULL, " ", &state)) printf("<%s>", word);
	puts("");
	char *twin = strdup("twin");
	strncpy(copy, twin, 10), strcat(copy, "s");
	printf("%s %s %zu\n", copy, strerror(2), wcslen(L"wide"));
	return 0;
}
