/* Every function guards its frame (-fstack-protector-all). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned fibonacci(unsigned n) {
	volatile char room[16] = {0};
	return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2) + room[n % 16];
}

static unsigned hash(const char *text) {
	char copy[64];
	unsigned h = 5381;
	strncpy(copy, text, sizeof copy - 1);
	copy[sizeof copy - 1] = 0;
	for (char *c = copy; *c; c++) h = h * 33 ^ *c;
	return h;
}

static int compare(const void *a, const void *b) {
	char x[20], y[20];
	snprintf(x, sizeof x, "%d", *(const int *)a);
	snprintf(y, sizeof y, "%d", *(const int *)b);
	return strcmp(x, y);
}

static double average(int count, ...) {
	__builtin_va_list list;
	__builtin_va_start(list, count);
	double sum = 0;
	for (int i = 0; i < count; i++) sum += __builtin_va_arg(list, double);
	__builtin_va_end(list);
	return sum / count;
}

int main(void) {
	printf("%u\n", fibonacci(25));
	unsigned h = 0;
	for (int i = 0; i < 100000; i++) h = h * 7 + hash(i % 2 ? "odd text" : "another text, somewhat longer");
	printf("%u\n", h);
	int list[2000];
	for (int i = 0; i < 2000; i++) list[i] = i * 7919 % 2000;
	qsort(list, 2000, sizeof *list, compare);
	printf("%d %d %d\n", list[0], list[1], list[1999]);
	printf("%g\n", average(4, 1.0, 2.0, 3.0, 4.5));
	return 0;
}
