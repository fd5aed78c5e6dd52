/* qsort(3), bsearch(3), tsearch(3), hsearch(3), lfind(3). */
#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state = 1;
static unsigned compared;

static uint32_t next(void) { return state = state * 1664525 + 1013904223; }

static int by_number(const void *a, const void *b) {
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int by_word(const void *a, const void *b) { return compared++, strcmp(a, b); }

static void visit(const void *node, VISIT order, int depth) {
	(void)depth;
	if (order == postorder || order == leaf) printf("%s ", *(char *const *)node);
}

int main(void) {
	enum { N = 200000 };
	uint32_t *numbers = malloc(N * sizeof *numbers), sum = 0;
	for (int i = 0; i < N; i++) sum += numbers[i] = next();
	qsort(numbers, N, sizeof *numbers, by_number);
	unsigned bad = 0, found = 0;
	for (int i = 1; i < N; i++) bad += numbers[i - 1] > numbers[i], sum -= numbers[i];
	for (int i = 0; i < N; i += 97) found += bsearch(&numbers[i], numbers, N, sizeof *numbers, by_number) != NULL;
	printf("%u %u %u %u\n", bad, found, sum - numbers[0], numbers[N / 2]);
	free(numbers);

	const char *words[] = {"pear", "apple", "fig", "cherry", "banana", "elder", "date", "grape"};
	qsort(words, 8, sizeof *words, by_name);
	for (int i = 0; i < 8; i++) printf("%s ", words[i]);
	struct { char c[3]; } odd[] = {{"zz"}, {"b"}, {"yy"}, {"a"}, {"c"}};
	qsort(odd, 5, 3, by_word);
	for (int i = 0; i < 5; i++) printf("%s ", odd[i].c);
	printf("\n");

	void *root = NULL;
	for (int i = 0; i < 8; i++) tsearch(words[i * 3 % 8], &root, by_word);
	tdelete("fig", &root, by_word);
	twalk(root, visit);
	printf("%d %d\n", tfind("date", &root, by_word) != NULL, tfind("fig", &root, by_word) != NULL);

	hcreate(100);
	for (intptr_t i = 0; i < 8; i++) hsearch((ENTRY){(char *)words[i], (void *)i}, ENTER);
	ENTRY *entry = hsearch((ENTRY){"grape", NULL}, FIND);
	printf("%d %d\n", (int)(intptr_t)entry->data, hsearch((ENTRY){"kiwi", NULL}, FIND) == NULL);
	hdestroy();
	size_t count = 8;
	const char *wanted = "elder";
	printf("%d\n", (int)((const char **)lfind(&wanted, words, &count, sizeof *words, by_name) - words));
	return 0;
}
