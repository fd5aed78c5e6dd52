/* Large, growing, aligned and impossible allocations. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
	/* Growing to 64 MiB goes through brk, mmap and mremap. */
	size_t size = 1000;
	uint32_t *block = malloc(size);
	for (size_t i = 0; i < size / 4; i++) block[i] = i;
	while (size < 64 << 20) {
		size_t old = size;
		block = realloc(block, size *= 2);
		if (!block) return 1;
		for (size_t i = old / 4; i < size / 4; i += 1024) block[i] = i;
		for (size_t i = 0; i < 250; i++) if (block[i] != i) return 2;
	}
	unsigned bad = 0;
	for (size_t i = 0; i < 250; i++) bad += block[i] != i;
	block = realloc(block, 100);
	printf("%zu %u %u\n", size, bad, block[24]);
	free(block);

	for (size_t align = sizeof(void *); align <= 1 << 21; align *= 2) {
		void *at = NULL;
		int status = posix_memalign(&at, align, align + 10);
		if (at) memset(at, 1, align + 10);
		printf("%zu:%d%d ", align, status, (uintptr_t)at % align == 0);
		free(at);
	}
	void *at = NULL;
	printf("\n%d\n", posix_memalign(&at, 3, 10) == EINVAL);
	at = aligned_alloc(4096, 8192);
	printf("%d\n", (uintptr_t)at % 4096 == 0);
	free(at);

	char *zero = calloc(1 << 20, 20);
	for (size_t i = 0; i < 20u << 20; i += 511) bad += zero[i];
	free(zero);
	errno = 0;
	volatile size_t huge = SIZE_MAX / 2 + 1, half = SIZE_MAX / 2;
	printf("%u %d", bad, malloc(huge) == NULL);
	printf(" %d", errno == ENOMEM);
	errno = 0;
	printf(" %d", calloc(half, 4) == NULL);
	printf(" %d\n", errno == ENOMEM);

	/* Many large blocks at once, freed in another order. */
	enum { N = 50 };
	unsigned char *many[N];
	for (int i = 0; i < N; i++) memset(many[i] = malloc(300000 + i * 1000), i, 300000 + i * 1000);
	for (int i = 0; i < N; i++) bad += many[i][299999] != i;
	for (int i = 0; i < N; i += 2) free(many[i]);
	for (int i = 1; i < N; i += 2) bad += many[i][0] != i, free(many[i]);
	printf("%u\n", bad);
	return 0;
}
