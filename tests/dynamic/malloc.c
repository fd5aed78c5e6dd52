/* The library's allocator: small and large blocks, alignment, growth, what the heap and mappings give and take. */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 500 };
static unsigned char *blocks[BLOCKS];
static size_t sizes[BLOCKS];
static unsigned seed = 1;

static unsigned next(void) { return seed = seed * 1103515245 + 12345, seed >> 8; }

static int holds(int i) {
	for (size_t at = 0; at < sizes[i]; at += 97)
		if (blocks[i][at] != (unsigned char)(i + at)) return 0;
	return 1;
}

static void fill(int i) {
	for (size_t at = 0; at < sizes[i]; at += 97) blocks[i][at] = i + at;
}

int main(void) {
	int intact = 1;
	for (int round = 0; round < 4000; round++) {
		int i = next() % BLOCKS;
		if (blocks[i]) intact &= holds(i);
		if (blocks[i] && next() % 2) {
			free(blocks[i]), blocks[i] = NULL;
			continue;
		}
		size_t size = next() % 16 ? next() % 3000 : next() % 400000;
		size_t kept = blocks[i] ? sizes[i] < size ? sizes[i] : size : 0;
		blocks[i] = realloc(blocks[i], size + 1);
		sizes[i] = kept, intact &= holds(i);
		sizes[i] = size, fill(i);
	}
	for (int i = 0; i < BLOCKS; i++) {
		if (blocks[i]) intact &= holds(i);
		free(blocks[i]);
	}
	printf("intact: %d\n", intact);
	char *zero = calloc(1000, 1000);
	int clean = 1;
	for (int i = 0; i < 1000000; i += 100) clean &= zero[i] == 0;
	printf("calloc: %d\n", clean);
	free(zero);
	for (size_t alignment = 16; alignment <= 1 << 20; alignment *= 8) {
		void *p = NULL;
		int error = posix_memalign(&p, alignment, 100);
		printf("aligned: %d %d\n", error, (uintptr_t)p % alignment == 0);
		free(p);
	}
	printf("usable: %d\n", malloc_usable_size(zero = malloc(100)) >= 100);
	free(zero);
	char *top = sbrk(0);
	printf("sbrk: %d", sbrk(8192) == top);
	memset(top, 1, 8192);
	printf(" %d\n", sbrk(-8192) == top + 8192);
	volatile size_t half = (size_t)-1 / 2 + 1;
	printf("too much: %d\n", malloc(half) == NULL);
	return 0;
}
