/*
 * What every guest program here stands on: start code, raw system calls for both ABIs, and printing.
 * No libc and no libgcc (so no 64-bit division on i386). A program includes this once and defines main().
 *
 * Output must be the same on every Linux: verdicts, never process ids, addresses, times or absolute paths.
 */
#include <stdarg.h>
#include <stddef.h>
#include <asm/unistd.h>
#include <asm/stat.h>
#include <linux/auxvec.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/uio.h>

#define STR_(x) #x
#define STR(x) STR_(x)
#define LEN(a) (sizeof(a) / sizeof *(a))
#define PAGE 4096UL

/* System calls: sys(read, fd, buf, n) is the result, or minus the error number. */

static inline __attribute__((always_inline)) long sys6(long nr, long a, long b, long c, long d, long e, long f)
{
	long ret;
#ifdef __x86_64__
	register long r10 asm("r10") = d, r8 asm("r8") = e, r9 asm("r9") = f;
	asm volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
		: "rcx", "r11", "memory");
#else
	asm volatile("pushl %7; push %%ebp; mov 4(%%esp), %%ebp; int $0x80; pop %%ebp; add $4, %%esp"
		: "=a"(ret) : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e), "g"(f) : "memory");
#endif
	return ret;
}

#define sys(...) SYS(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYS(name, ...) sysnr(__NR_##name, __VA_ARGS__)
#define sysnr(...) SYSNR(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYSNR(nr, a, b, c, d, e, f, ...) \
	sys6(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* A 64-bit offset is one argument on x86-64 and two on i386, where the calls that take one end in 64. */
#ifdef __x86_64__
#define OFF(x) (x)
#define __NR_stat64 __NR_stat
#define __NR_lstat64 __NR_lstat
#define __NR_fstat64 __NR_fstat
#define __NR_fstatat64 __NR_newfstatat
#define __NR_truncate64 __NR_truncate
#define __NR_ftruncate64 __NR_ftruncate
#define __NR_fcntl64 __NR_fcntl
typedef struct stat Stat;
#else
#define OFF(x) (long)(x), (long)((long long)(x) >> 32)
typedef struct stat64 Stat;
#endif

static inline char *map(void *at, size_t len, int prot, int flags, int fd, size_t off)
{
#ifdef __x86_64__
	return (char *)sys(mmap, at, len, prot, flags, fd, off);
#else
	return (char *)sys(mmap2, at, len, prot, flags, fd, off / PAGE);
#endif
}

static inline long long seek(int fd, long long off, int whence)
{
#ifdef __x86_64__
	return sys(lseek, fd, off, whence);
#else
	long long pos;
	long ret = sys(_llseek, fd, off >> 32, off, &pos, whence);
	return ret < 0 ? ret : pos;
#endif
}

/* Whether the kernel can read a string, or write, here: a look that cannot fault. */
static inline int readable(const void *p) { return sys(access, p, 0) != -EFAULT; }
static inline int writable(void *p) { return sys(clock_getres, 1, p) != -EFAULT; }

static inline int bad(const void *p) { return (unsigned long)p > -4096UL; }

/* Strings. gcc calls the mem functions by itself. */

void *memset(void *to, int c, size_t n)
{
	for (char *t = to; n--; ) *t++ = c;
	return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
	const char *f = from;
	for (char *t = to; n--; ) *t++ = *f++;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	for (; n--; x++, y++) if (*x != *y) return *x - *y;
	return 0;
}

static inline int all(const char *p, char c, size_t n)
{
	while (n--) if (*p++ != c) return 0;
	return 1;
}

static inline size_t strlen(const char *s)
{
	size_t n = 0;
	while (s[n]) n++;
	return n;
}

static inline int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

static inline char *strcpy(char *to, const char *from) { return memcpy(to, from, strlen(from) + 1); }

static inline const char *basename(const char *path)
{
	const char *base = path;
	for (; *path; path++) if (*path == '/') base = path + 1;
	return base;
}

static inline long atoi(const char *s)
{
	long n = 0, minus = *s == '-';
	for (s += minus; *s >= '0' && *s <= '9'; s++) n = n * 10 + *s - '0';
	return minus ? -n : n;
}

/* Printing. num() is good for four numbers at a time. */

static inline const char *num(long v)
{
	static char bufs[4][24];
	static int turn;
	char *s = bufs[turn++ % 4] + 23;
	unsigned long u = v < 0 ? -(unsigned long)v : (unsigned long)v;
	*s = 0;
	do *--s = '0' + u % 10; while (u /= 10);
	if (v < 0) *--s = '-';
	return s;
}

static inline void put(int fd, const char *s, size_t n)
{
	while (n) {
		long did = sys(write, fd, s, n);
		if (did <= 0) sys(exit_group, 99);
		s += did, n -= did;
	}
}

/* say("a", "b") prints the line "ab", in one write unless it is long. */
#define say(...) say_(1, __VA_ARGS__, (char *)0)
#define complain(...) say_(2, __VA_ARGS__, (char *)0)

static inline void say_(int fd, const char *s, ...)
{
	char line[512];
	size_t n = 0;
	va_list more;
	va_start(more, s);
	for (; s; s = va_arg(more, const char *)) {
		for (; *s; s++) {
			if (n == sizeof line - 1) put(fd, line, n), n = 0;
			line[n++] = *s;
		}
	}
	va_end(more);
	line[n++] = '\n';
	put(fd, line, n);
}

/* Checks. main() returns failed. */

static int failed __attribute__((unused));

#define check(what, got, want) check_(what, __LINE__, (long)(got), (long)(want))
#define yes(what, truth) check(what, !!(truth), 1)

static inline int check_(const char *what, int line, long got, long want)
{
	if (got == want) return say("ok ", what), 1;
	say("FAIL ", what, " (line ", num(line), "): got ", num(got), " want ", num(want));
	failed = 1;
	return 0;
}

/* A folder of the program's own in the current one; the leaver must have emptied it. */

static inline void enter(const char *dir)
{
	long ret = sys(mkdir, dir, 0755);
	if (ret == -EEXIST) ret = 0;
	check("scratch folder made", ret ? ret : sys(chdir, dir), 0);
}

static inline void leave(const char *dir)
{
	check("scratch folder left", sys(chdir, ".."), 0);
	check("scratch folder was empty", sys(rmdir, dir), 0);
}

/* Makes a file holding text; returns minus an error, else its size. */
static inline long make(const char *name, const char *text)
{
	long fd = sys(open, name, O_CREAT | O_TRUNC | O_WRONLY, 0644);
	if (fd < 0) return fd;
	long n = sys(write, fd, text, strlen(text));
	sys(close, fd);
	return n;
}

/* What a file holds, as a string of at most 63 bytes, or "?". */
static inline const char *contents(const char *name)
{
	static char buf[64];
	long fd = sys(open, name, O_RDONLY), n = fd < 0 ? -1 : sys(read, fd, buf, 63);
	if (fd >= 0) sys(close, fd);
	if (n < 0) return "?";
	buf[n] = 0;
	return buf;
}

/* Start: the initial stack holds argc, argv, NULL, envp, NULL, auxv. */

static long *initial_stack;
int main(); /* of whatever it wants to be told */

static inline const unsigned long *auxv(unsigned long type)
{
	const long *p = initial_stack + initial_stack[0] + 2;
	while (*p++);
	for (; *p; p += 2) if ((unsigned long)*p == type) return (const unsigned long *)p + 1;
	return 0;
}

__attribute__((used, visibility("hidden"), noreturn)) void start(long *sp)
{
	initial_stack = sp;
	long status = main(*sp, (char **)sp + 1, (char **)sp + *sp + 2);
	for (;;) sys(exit_group, status);
}

#ifdef __x86_64__
asm(".text; .globl _start; _start: xor %ebp, %ebp; mov %rsp, %rdi; and $-16, %rsp; call start; hlt");
#else
asm(".text; .globl _start; _start: xor %ebp, %ebp; mov %esp, %eax; and $-16, %esp; sub $12, %esp;"
	"push %eax; call start; hlt");
#endif
