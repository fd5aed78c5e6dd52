/* Memory that brk(2) and munmap(2) take back is zero when it is had again, gone until then, and costs no register. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, SIZE = 256 * PAGE, RW = PROT_READ | PROT_WRITE };

static sigjmp_buf out;

static void on_fault(int signal) {
	siglongjmp(out, signal);
}

static const char *touch(volatile unsigned char *at) {
	int signal = sigsetjmp(out, 1);
	if (signal) return signal == SIGSEGV ? "SIGSEGV" : "another signal";
	return *at ? "dirty" : "zero";
}

static const char *state(const unsigned char *at, size_t size) {
	for (size_t i = 0; i < size; i++)
		if (at[i]) return "dirty";
	return "zero";
}

/* brk(2) with vector registers full of what must still be there afterwards. */
static char *brk_with_vectors(char *to, int *kept) {
	unsigned char in[32], after[32];
	for (int i = 0; i < 32; i++) in[i] = i * 7 + 1;
#ifdef __x86_64__
	long result = SYS_brk;
	__asm__ volatile("movdqu (%2), %%xmm0; movdqu 16(%2), %%xmm5; syscall; movdqu %%xmm0, (%3); movdqu %%xmm5, 16(%3)"
		: "+a"(result) : "D"(to), "r"(in), "r"(after) : "rcx", "r11", "xmm0", "xmm5", "memory");
#else
	long result = SYS_brk;
	__asm__ volatile("movdqu (%2), %%xmm0; movdqu 16(%2), %%xmm5; int $0x80; movdqu %%xmm0, (%3); movdqu %%xmm5, 16(%3)"
		: "+a"(result) : "b"(to), "S"(in), "D"(after) : "xmm0", "xmm5", "memory");
#endif
	*kept = memcmp(in, after, 32) == 0;
	return (char *)result;
}

static void heap(void) {
	int kept;
	char *start = (char *)(((unsigned long)syscall(SYS_brk, 0) + PAGE - 1) & -PAGE);
	for (int round = 0; round < 3; round++) {
		int grown = brk_with_vectors(start + SIZE, &kept) == start + SIZE;
		printf("heap %d: grown %d, registers %d, %s\n", round, grown, kept, state((unsigned char *)start, SIZE));
		memset(start, 0xa5, SIZE);
		int shrunk = brk_with_vectors(start + PAGE + 100, &kept) == start + PAGE + 100;
		printf("heap %d: shrunk %d, registers %d, ", round, shrunk, kept);
		printf("%s behind, %d left\n", touch((unsigned char *)start + 2 * PAGE), start[2 * PAGE - 1] == (char)0xa5);
		fflush(stdout);
		if (fork() == 0) {
			syscall(SYS_brk, start + SIZE);
			printf("child: %s\n", state((unsigned char *)start + 2 * PAGE, SIZE - 2 * PAGE));
			fflush(stdout);
			_exit(0);
		}
		wait(NULL);
		syscall(SYS_brk, start);
	}
}

static unsigned char *map(void *at, size_t size) {
	return mmap(at, size, RW, MAP_PRIVATE | MAP_ANONYMOUS | (at ? MAP_FIXED : 0), -1, 0);
}

/* The middle goes, with pages in it that were not writable any more, or not accessible at all. */
static void mappings(void) {
	unsigned char *all = map(NULL, 3 * SIZE);
	for (int round = 0; round < 4; round++) {
		unsigned char *middle = all + SIZE;
		memset(all, 0x5a, 3 * SIZE);
		if (round == 1) mprotect(middle + 10 * PAGE, 20 * PAGE, PROT_READ);
		if (round == 2) mprotect(middle + 10 * PAGE, 20 * PAGE, PROT_NONE);
		if (round == 3) munmap(middle + 10 * PAGE, 20 * PAGE);
		munmap(middle, SIZE);
		printf("middle %d: %s, neighbours %d", round, touch(middle + 12 * PAGE), middle[-1] == 0x5a && middle[SIZE] == 0x5a);
		map(middle, SIZE);
		printf(", again %s\n", state(middle, SIZE));
	}
	/* What the kernel writes at once into pages that it has just taken back stays. */
	int fd = memfd_create("data", 0);
	ftruncate(fd, SIZE);
	memset(all, 0x33, SIZE);
	pwrite(fd, all, SIZE, 0);
	unsigned char *over = mmap(all + SIZE, SIZE, RW, MAP_PRIVATE | MAP_FIXED, fd, 0);
	printf("over: %d\n", over == all + SIZE && memcmp(over, all, SIZE) == 0);
}

/* A process that is killed while it gives memory back leaves nothing to the next one. */
static void killed(void) {
	for (int round = 0; round < 12; round++) {
		pid_t child = fork();
		if (child == 0)
			for (;;) {
				unsigned char *at = map(NULL, SIZE);
				memset(at, 0xee, SIZE);
				munmap(at, SIZE);
			}
		usleep(round * 700);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		child = fork();
		if (child == 0) _exit(strcmp(state(map(NULL, 2 * SIZE), 2 * SIZE), "zero") != 0);
		int status;
		waitpid(child, &status, 0);
		if (status != 0) printf("round %d: %x\n", round, status);
	}
	printf("killed ones left nothing\n");
}

int main(void) {
	signal(SIGSEGV, on_fault);
	heap();
	mappings();
	killed();
	return 0;
}
