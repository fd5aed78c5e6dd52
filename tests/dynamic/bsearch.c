/* bsearch(3), lfind(3), tsearch(3) and qsort(3), whose comparisons the library calls back. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[] = { "ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibex", "jay" };
enum { COUNT = sizeof words / sizeof *words };
static int calls;

static int compare(const void *key, const void *element) {
	calls++;
	return strcmp(key, *(const char *const *)element);
}

static int descending(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }
static int numbers(const void *a, const void *b) { return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b); }

static void visit(const void *node, VISIT order, int depth) {
	(void)depth;
	if (order == postorder || order == leaf) printf(" %d", **(int *const *)node);
}

int main(void) {
	static const char *const keys[] = { "ant", "jay", "fox", "elk", "", "zebra" };
	for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *const *found = bsearch(keys[i], words, COUNT, sizeof *words, compare);
		printf("%s: %ld\n", keys[i], found ? (long)(found - words) : -1L);
	}
	printf("few calls: %d\n", calls > 6 && calls < 30);
	int list[200];
	for (int i = 0; i < 200; i++) list[i] = i * 7919 % 211;
	qsort(list, 200, sizeof *list, descending);
	int sorted = 1;
	for (int i = 1; i < 200; i++) sorted &= list[i - 1] >= list[i];
	printf("sorted: %d, %d to %d\n", sorted, list[0], list[199]);
	size_t length = 200;
	int wanted = list[77], *at = lfind(&wanted, list, &length, sizeof *list, numbers);
	printf("lfind: %ld\n", (long)(at - list));
	void *tree = NULL;
	for (int i = 0; i < 20; i++) tsearch(&list[i * 9], &tree, numbers);
	twalk(tree, visit);
	puts("");
	return 0;
}
