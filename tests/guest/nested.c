/* GNU C's nested functions: a pointer to one is code on the stack. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
	int compared = 0, sign = -1;
	int compare(const void *a, const void *b) {
		compared++;
		return sign * (*(const int *)a - *(const int *)b);
	}
	int list[100];
	for (int i = 0; i < 100; i++) list[i] = i * 37 % 100;
	qsort(list, 100, sizeof *list, compare);
	printf("%d %d %d\n", list[0], list[99], compared > 100);
	return 0;
}
