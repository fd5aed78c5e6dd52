/* GNU indirect functions: our own resolvers, and the C library's choices for strings and memory. */
#include <stdio.h>
#include <string.h>

static int plain(int x) { return x + 1; }
static int other(int x) { return x + 2; }

static int (*choose(void))(int) {
	__builtin_cpu_init();
	return __builtin_cpu_supports("sse2") ? other : plain;
}

int chosen(int) __attribute__((ifunc("choose")));

static int (*pointer)(int) = chosen;

__attribute__((target_clones("avx2", "sse4.2", "default"))) static long sum(const int *list, int n) {
	long total = 0;
	for (int i = 0; i < n; i++) total += list[i] * 3 ^ i;
	return total;
}

int main(void) {
	printf("%d %d\n", chosen(40), pointer(50));
	static int list[1003];
	for (int i = 0; i < 1003; i++) list[i] = i * i;
	printf("%ld\n", sum(list, 1003));
	static char a[5000], b[5000];
	unsigned long check = 0;
	for (volatile size_t size = 0; size < 4000; size += size / 7 + 1)
		for (int shift = 0; shift < 3; shift++) {
			memset(a, 'a' + size % 26, size), a[size] = 0;
			memcpy(b + shift, a, size + 1);
			memmove(b + shift + 1, b + shift, size + 1);
			check = check * 31 + strlen(b + shift) + (strcmp(a, b + shift + 1) == 0) + (memcmp(a, b + shift, size) == 0);
			check += strchr(a, 'z') ? 1 : 0;
			check += strrchr(a, 'b') ? 2 : 0;
			check += (memchr(a, 'c', size) != NULL) + strspn(a, "abc") + strcspn(a, "xyz") + strnlen(a, size / 2);
		}
	printf("%lu\n", check & 0xffffffff);
	return 0;
}
