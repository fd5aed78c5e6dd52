/* A library's file mapped by hand in ways no dynamic linker does, and its text written to. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096 };
static unsigned long base;
static const ElfW(Phdr) *text;

static int find(struct dl_phdr_info *info, size_t size, void *name) {
	(void)size;
	if (!strstr(info->dlpi_name, name)) return 0;
	base = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) text = &info->dlpi_phdr[i];
	return 1;
}

int main(void) {
	void *handle = dlopen("libtls.so", RTLD_NOW);
	long (*call)(void) = (long (*)(void))dlsym(handle, "tls_syscall");
	dl_iterate_phdr(find, "libtls.so");
	printf("a call of its own: %d\n", call() == getpid());
	unsigned long offset = (unsigned long)call - base - text->p_vaddr + text->p_offset;
	int fd = open("libtls.so", O_RDONLY);
	struct stat info;
	fstat(fd, &info);
	size_t size = (info.st_size + PAGE - 1) / PAGE * PAGE;

	/* Read as a file it is as it was. */
	unsigned char *plain = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	unsigned char *bytes = malloc(info.st_size);
	pread(fd, bytes, info.st_size, 0);
	printf("as the file: %d\n", memcmp(plain, bytes, info.st_size));

	/* All of it executable, then only the page of a function, then that page at a fixed place between others. */
	unsigned char *whole = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	printf("all executable: %d\n", ((long (*)(void))(whole + offset))() == getpid());
	unsigned long page = offset / PAGE * PAGE;
	unsigned char *one = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, page);
	printf("one page: %d\n", ((long (*)(void))(one + offset - page))() == getpid());
	unsigned char *room = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(room, 1, 64 * PAGE);
	one = mmap(room + 30 * PAGE, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, page);
	printf("between others: %d, which are there: %d %d\n", ((long (*)(void))(one + offset - page))() == getpid(),
		room[30 * PAGE - 1], room[31 * PAGE]);

	/* Made executable later, after a change: mov $1, %eax; ret */
	unsigned char *late = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	mprotect(late, size, PROT_READ | PROT_EXEC);
	printf("made executable: %d\n", ((long (*)(void))(late + offset))() == getpid());
	mprotect(late, size, PROT_READ | PROT_WRITE);
	printf("and writable again, as the file: %d\n", memcmp(late, bytes, info.st_size));

	/* The library's own text, written to. */
	unsigned char *start = (unsigned char *)(base + text->p_vaddr / PAGE * PAGE);
	size_t length = (text->p_vaddr % PAGE + text->p_memsz + PAGE - 1) / PAGE * PAGE;
	static const unsigned char other[] = { 0xb8, 77, 0, 0, 0, 0xc3 };
	printf("mprotect: %d\n", mprotect(start, length, PROT_READ | PROT_WRITE));
	printf("the guest's own bytes: %d\n", memcmp(start, bytes + text->p_offset / PAGE * PAGE, length > (size_t)info.st_size ? 64 : text->p_filesz));
	memcpy((void *)call, other, sizeof other);
	mprotect(start, length, PROT_READ | PROT_EXEC);
	int (*next)(void) = (int (*)(void))dlsym(handle, "tls_next");
	printf("changed: %ld, the rest: %d\n", call(), next());
	printf("other views: %d %d\n", ((long (*)(void))(whole + offset))() == getpid(), ((long (*)(void))(one + offset - page))() == getpid());
	munmap(whole, size), munmap(plain, size), munmap(late, size), munmap(room, 64 * PAGE);
	dlclose(handle);
	handle = dlopen("libtls.so", RTLD_NOW);
	call = (long (*)(void))dlsym(handle, "tls_syscall");
	printf("loaded again: %d\n", call() == getpid());
	return 0;
}
