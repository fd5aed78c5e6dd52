/* Memory that mremap(2) moves: over the borders of what was mapped at once, inaccessible, executable, of a file. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, RW = PROT_READ | PROT_WRITE };

static unsigned char *pages(int count, int prot) {
	return mmap(NULL, count * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void fill(unsigned char *at, int count) {
	for (int i = 0; i < count * PAGE; i++) at[i] = i / PAGE * 31 + i % 251;
}

static int holds(const unsigned char *at, int count) {
	for (int i = 0; i < count * PAGE; i++)
		if (at[i] != (unsigned char)(i / PAGE * 31 + i % 251)) return 0;
	return 1;
}

int main(void) {
	/* Growing past a neighbour again and again, by sizes that are no round ones. */
	unsigned char *p = pages(1, RW);
	fill(p, 1);
	int count = 1, moved = 0;
	for (int round = 0; round < 14; round++) {
		unsigned char *guard = mmap(p + count * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		int larger = count + round * 7 + 1;
		unsigned char *next = mremap(p, count * PAGE, larger * PAGE, MREMAP_MAYMOVE);
		if (next == MAP_FAILED) return puts("no room"), 1;
		moved += next != p;
		if (!holds(next, count)) printf("round %d: lost\n", round);
		for (int i = count * PAGE; i < larger * PAGE; i++)
			if (next[i]) { printf("round %d: not zero\n", round); break; }
		p = next, count = larger;
		fill(p, count);
		if (guard != MAP_FAILED && round % 3 == 0) munmap(guard, PAGE);
	}
	printf("grown to %d pages: %d\n", count, holds(p, count));
	munmap(p, count * PAGE);

	/* Inaccessible for now. */
	p = pages(3, RW);
	fill(p, 3);
	mprotect(p, 3 * PAGE, PROT_NONE);
	unsigned char *other = pages(40, PROT_NONE);
	unsigned char *next = mremap(p, 3 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, other + 5 * PAGE);
	printf("where it was to go: %d\n", next == other + 5 * PAGE);
	mprotect(next, 3 * PAGE, PROT_READ);
	printf("inaccessible: %d\n", holds(next, 3));
	munmap(other, 40 * PAGE);

	/* Code, run before and after: mov $77, %eax; ret */
	p = pages(1, RW);
	memcpy(p, "\xb8\x4d\0\0\0\xc3", 6);
	mprotect(p, PAGE, PROT_READ | PROT_EXEC);
	int before = ((int (*)(void))p)();
	next = mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, pages(2, RW));
	printf("code: %d %d\n", before, ((int (*)(void))next)());
	munmap(next, 2 * PAGE);

	/* A file's, with changes of its own. */
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char text[PAGE];
	for (int i = 0; i < 4; i++) memset(text, 'a' + i, PAGE), write(fd, text, PAGE);
	p = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, PAGE);
	p[0] = 'X';
	next = mremap(p, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, pages(3, RW));
	printf("file: %c%c %c %c\n", next[0], next[1], next[PAGE], next[2 * PAGE]);
	madvise(next, PAGE, MADV_DONTNEED);
	printf("again: %c\n", next[0]);

	/* Much, out of the middle of a mapping: what lies beside it stays, and a child gets its own. */
	p = pages(400, RW);
	fill(p, 400);
	unsigned char *to = pages(500, RW);
	next = mremap(p + 100 * PAGE, 200 * PAGE, 300 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 50 * PAGE);
	int intact = holds(p, 100), same = 1, zero = 1;
	for (int i = 100 * PAGE; i < 300 * PAGE; i++) same &= next[i - 100 * PAGE] == (unsigned char)(i / PAGE * 31 + i % 251);
	for (int i = 300 * PAGE; i < 400 * PAGE; i++) intact &= p[i] == (unsigned char)(i / PAGE * 31 + i % 251);
	for (int i = 200 * PAGE; i < 300 * PAGE; i++) zero &= next[i] == 0;
	printf("much: %d %d %d\n", intact, same, zero);
	char vector;
	printf("gone from where it was: %d\n", mincore(p + 150 * PAGE, PAGE, (unsigned char *)&vector));
	memset(p, 1, 100 * PAGE);
	p[350 * PAGE] = 2;
	fill(next, 300);
	pid_t child = fork();
	if (child == 0) {
		int good = holds(next, 300) && p[99 * PAGE] == 1 && p[350 * PAGE] == 2;
		memset(next, 0, 300 * PAGE);
		_exit(good);
	}
	int status;
	waitpid(child, &status, 0);
	printf("child: %d, parent: %d\n", WEXITSTATUS(status), holds(next, 300));
	/* And once more, by one page at a time, then back into the hole. */
	for (int i = 0; i < 5; i++) {
		mmap(next + (300 + i) * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		next = mremap(next, (300 + i) * PAGE, (301 + i) * PAGE, MREMAP_MAYMOVE);
	}
	next = mremap(next, 305 * PAGE, 200 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + 100 * PAGE);
	printf("back: %d %d, beside: %d %d\n", next == p + 100 * PAGE, holds(next, 200), p[99 * PAGE], p[350 * PAGE]);
	munmap(p, 400 * PAGE);
	p = pages(400, RW);
	int left = 0;
	for (int i = 0; i < 400 * PAGE; i++) left |= p[i];
	printf("left over: %d\n", left);
	return 0;
}
