/* malloc(3) and its kin under load: blocks of all sizes keep what was written to them. */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 2000, ROUNDS = 60000 };

static struct { unsigned char *at; size_t size; unsigned char fill; } blocks[BLOCKS];
static uint32_t state = 12345;
static unsigned bad;

static uint32_t next(void) {
	state ^= state << 13, state ^= state >> 17, state ^= state << 5;
	return state;
}

static size_t any_size(void) {
	uint32_t kind = next() % 1000;
	return kind < 900 ? next() % 500 : kind < 995 ? next() % 20000 : next() % 600000;
}

static void check(int i, size_t size) {
	for (size_t j = 0; j < size; j++) bad += blocks[i].at[j] != blocks[i].fill;
}

int main(void) {
	uint64_t bytes = 0;
	for (int round = 0; round < ROUNDS; round++) {
		int i = next() % BLOCKS;
		size_t size = any_size(), old = blocks[i].size;
		if (!blocks[i].at || next() % 3) {
			check(i, old);
			free(blocks[i].at);
			if (next() % 2) blocks[i].at = malloc(size + 1);
			else {
				blocks[i].at = calloc(1, size + 1);
				for (size_t j = 0; j < size; j++) bad += blocks[i].at[j] != 0;
			}
		} else {
			blocks[i].at = realloc(blocks[i].at, size + 1);
			check(i, size < old ? size : old);
		}
		if (!blocks[i].at) return 1;
		bad += malloc_usable_size(blocks[i].at) < size + 1 || (uintptr_t)blocks[i].at % (2 * sizeof(void *));
		blocks[i].size = size;
		memset(blocks[i].at, blocks[i].fill = next(), size);
		bytes += size;
	}
	for (int i = 0; i < BLOCKS; i++) check(i, blocks[i].size), free(blocks[i].at);
	printf("%llu bytes, %u bad\n", (unsigned long long)bytes, bad);
	return bad != 0;
}
