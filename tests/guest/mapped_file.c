/* Files read through mmap(2): private and shared, with an offset, to the end of the last page. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, SIZE = 3 * PAGE + 100 };

static uint32_t sum(const uint8_t *at, size_t size) {
	uint32_t total = 1;
	while (size--) total = total * 31 + *at++;
	return total;
}

int main(void) {
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644);
	uint8_t bytes[SIZE];
	for (int i = 0; i < SIZE; i++) bytes[i] = i * 13 >> 3;
	printf("%zd\n", write(fd, bytes, SIZE));
	uint8_t *all = mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE, fd, 0);
	if (all == MAP_FAILED) return 1;
	printf("%d %u\n", sum(all, SIZE) == sum(bytes, SIZE), sum(all + SIZE, PAGE - 100));
	uint8_t *part = mmap(NULL, PAGE + 50, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 2 * PAGE);
	printf("%d\n", memcmp(part, bytes + 2 * PAGE, PAGE + 50));
	memset(part, 'x', PAGE);
	uint8_t byte = 0;
	pread(fd, &byte, 1, 2 * PAGE);
	printf("%d\n", byte == bytes[2 * PAGE] && all[2 * PAGE] == byte);
	uint8_t *shared = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	printf("%d\n", shared != MAP_FAILED && sum(shared, SIZE) == sum(bytes, SIZE));
	close(fd);
	printf("%u\n", (unsigned)all[SIZE - 1]);
	printf("%d", munmap(all, SIZE));
	printf(" %d\n", munmap(part + PAGE, PAGE));
	printf("%c\n", part[PAGE - 1]);
	errno = 0;
	fd = open("data", O_RDONLY);
	printf("%d", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 100) == MAP_FAILED);
	printf(" %d", errno == EINVAL);
	printf(" %d", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED);
	printf(" %d", errno == EBADF);
	printf(" %d", mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
	printf(" %d\n", errno == EACCES);
	/* At an address of our choice, over another mapping. */
	uint8_t *room = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(room, 7, 4 * PAGE);
	uint8_t *fixed = mmap(room + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, PAGE);
	printf("%d %d %d %d\n", fixed == room + PAGE, room[PAGE - 1], room[2 * PAGE], memcmp(fixed, bytes + PAGE, PAGE));
	return 0;
}
