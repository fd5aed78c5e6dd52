/* Protecting the stack from its lower end, as a dynamic linker does that is to make it executable. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, RWX = PROT_READ | PROT_WRITE | PROT_EXEC };

static const char *outcome(int result) {
	return result == 0 ? "done" : strerror(errno);
}

static int deep(int level) {
	volatile char room[PAGE];
	room[0] = level;
	return level == 0 ? 0 : deep(level - 1) + room[0];
}

int main(void) {
	char *page = (char *)((uintptr_t)__builtin_frame_address(0) & -PAGE);
	char *other = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("not the stack: %s\n", outcome(mprotect(other, PAGE, RWX | PROT_GROWSDOWN)));
	printf("upwards: %s\n", outcome(mprotect(page, PAGE, RWX | PROT_GROWSUP)));
	munmap(other, 4 * PAGE);
	printf("nothing there: %s\n", outcome(mprotect(other, PAGE, RWX | PROT_GROWSDOWN)));
	printf("unknown: %s\n", outcome(mprotect(page, PAGE, 0x800)));
	printf("the stack: %s\n", outcome(mprotect(page, PAGE, RWX | PROT_GROWSDOWN)));
	/* mov $5, %eax; ret: on a page that has grown since */
	printf("deep: %d\n", deep(100));
	volatile unsigned char code[] = { 0xb8, 5, 0, 0, 0, 0xc3 };
	printf("run: %d\n", ((int (*)(void))(uintptr_t)code)());
	printf("no more: %s\n", outcome(mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_GROWSDOWN)));
	return 0;
}
