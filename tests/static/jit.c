/* Code written at run time, made executable, written again; it makes calls of its own. And code from a file. */
#include "start.h"

static const unsigned char code[] = { 0xb8, 0, 0, 0, 0, /* mov $0, %eax */
#ifdef __x86_64__
	0x0f, 0x05,
#else
	0xcd, 0x80,
#endif
	0xc3 };

static void emit(char *to, char nr)
{
	memcpy(to, code, sizeof code);
	to[1] = nr;
}

static long run(char *at) { return ((long (*)(void))at)(); }

int main(void)
{
	enum { RW = PROT_READ | PROT_WRITE, RX = PROT_READ | PROT_EXEC };
	long pid = sys(getpid), parent = sys(getppid);
	char *p = map(0, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	emit(p, __NR_getpid);
	check("mprotect to executable", sys(mprotect, p, 2 * PAGE, RX), 0);
	check("run", run(p), pid);
	check("mprotect to writable", sys(mprotect, p, 2 * PAGE, RW), 0);
	emit(p, __NR_getppid), emit(p + PAGE - 6, __NR_getpid), emit(p + 2 * PAGE - sizeof code, __NR_getpid);
	check("mprotect to executable", sys(mprotect, p, 2 * PAGE, RX), 0);
	check("written over", run(p), parent);
	check("across the pages", run(p + PAGE - 6), pid);
	check("at the very end", run(p + 2 * PAGE - sizeof code), pid);
	check("munmap", sys(munmap, p, 2 * PAGE), 0);

	enter("jit.tmp");
	char text[sizeof code];
	emit(text, __NR_getpid);
	long fd = sys(open, "code", O_CREAT | O_RDWR, 0755);
	sys(write, fd, text, sizeof text);
	p = map(0, PAGE, RX, MAP_PRIVATE, fd, 0);
	check("from a file", run(p), pid);
	sys(munmap, p, PAGE);
	char back[sizeof code];
	sys(pread64, fd, back, sizeof back, OFF(0));
	check("the file is as it was", memcmp(text, back, sizeof text), 0);
	sys(close, fd), sys(unlink, "code");
	leave("jit.tmp");
	return failed;
}
