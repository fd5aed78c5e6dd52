/* mmap(2), munmap(2), mprotect(2), mremap(2), madvise(2). */
#include "start.h"

enum { RW = PROT_READ | PROT_WRITE, ANON = MAP_PRIVATE | MAP_ANONYMOUS };

static char *anon(void *at, size_t pages, int prot, int flags)
{
	return map(at, pages * PAGE, prot, ANON | flags, -1, 0);
}

static void basics(void)
{
	char *p = anon(0, 8, RW, 0);
	yes("anonymous", !bad(p) && !((long)p & (PAGE - 1)));
	yes("zero", all(p, 0, 8 * PAGE));
	memset(p, 'a', 8 * PAGE);

	check("a hole in the middle", sys(munmap, p + 2 * PAGE, 2 * PAGE), 0);
	p[2 * PAGE - 1] = 0;
	yes("below is there", readable(p + 2 * PAGE - 1) && p[0] == 'a');
	yes("the hole is not", !readable(p + 2 * PAGE) && !readable(p + 4 * PAGE - 1));
	yes("above is there", p[4 * PAGE] == 'a' && p[8 * PAGE - 1] == 'a');
	check("munmap of a hole", sys(munmap, p + 2 * PAGE, 2 * PAGE), 0);
	check("mprotect over a hole", sys(mprotect, p, 8 * PAGE, RW), -ENOMEM);

	check("the hole filled again, as a hint", anon(p + 2 * PAGE, 2, RW, 0), p + 2 * PAGE);
	yes("with zeros", all(p + 2 * PAGE, 0, 2 * PAGE));
	char *q = anon(p, 1, RW, 0);
	yes("a hint that is taken gives another place", !bad(q) && q != p && p[0] == 'a');
	check("MAP_FIXED over it", anon(p + PAGE, 2, RW, MAP_FIXED), p + PAGE);
	yes("replaces", p[PAGE - 1] == 'a' && all(p + PAGE, 0, 2 * PAGE));
	check("MAP_FIXED_NOREPLACE", anon(p, 1, RW, MAP_FIXED_NOREPLACE), -EEXIST);
	check("munmap of all", sys(munmap, p, 8 * PAGE), 0);
	yes("gone", !readable(p) && !readable(p + 7 * PAGE));
	check("munmap rounds up", sys(munmap, q, 1), 0);
	yes("gone", !readable(q));

	check("no length", map(0, 0, RW, ANON, -1, 0), -EINVAL);
	check("neither private nor shared", map(0, PAGE, RW, MAP_ANONYMOUS, -1, 0), -EINVAL);
	check("fixed and unaligned", map((void *)0x10000001, PAGE, RW, ANON | MAP_FIXED, -1, 0), -EINVAL);
	check("munmap unaligned", sys(munmap, 0x10000001, PAGE), -EINVAL);
	check("munmap of nothing", sys(munmap, 0x10000000, 0), -EINVAL);
	check("mprotect unaligned", sys(mprotect, 0x10000001, PAGE, RW), -EINVAL);
	check("too much", map(0, -PAGE, RW, ANON, -1, 0), -ENOMEM);
#ifdef __x86_64__
	check("an offset that is no page's", map(0, PAGE, RW, ANON, -1, 1), -EINVAL);
#else
	long arg[6] = { 0, 2 * PAGE, RW, ANON, -1, 0 };
	p = (char *)sys(mmap, arg);
	yes("the old mmap", !bad(p) && all(p, 0, 2 * PAGE));
	sys(munmap, p, 2 * PAGE);
#endif
}

static void protection(void)
{
	char *p = anon(0, 4, RW, 0);
	memset(p, 0, 4 * PAGE);
	p[PAGE] = 'p';
	check("mprotect to read", sys(mprotect, p + PAGE, PAGE, PROT_READ), 0);
	yes("readable only", p[PAGE] == 'p' && !writable(p + PAGE));
	yes("neighbours are as before", writable(p) && writable(p + 2 * PAGE));
	check("mprotect to none", sys(mprotect, p + PAGE, 2 * PAGE, PROT_NONE), 0);
	yes("nothing", !readable(p + PAGE) && !readable(p + 2 * PAGE));
	check("and back", sys(mprotect, p + PAGE, 2 * PAGE, RW), 0);
	yes("contents kept", p[PAGE] == 'p' && writable(p + PAGE));
	sys(munmap, p, 4 * PAGE);

	size_t much = 65536; /* 256 MiB */
	p = anon(0, much, PROT_NONE, MAP_NORESERVE);
	yes("a large reservation", !bad(p) && !readable(p));
	check("a part of it made usable", sys(mprotect, p + much / 2 * PAGE, 3 * PAGE, RW), 0);
	memset(p + much / 2 * PAGE, 'r', 3 * PAGE);
	yes("the rest is not", !readable(p + (much / 2 - 1) * PAGE) && !readable(p + (much / 2 + 3) * PAGE));
	check("given back", sys(munmap, p, much * PAGE), 0);
}

static void remap(void)
{
	char *p = anon(0, 8, RW, 0);
	sys(munmap, p + 4 * PAGE, 4 * PAGE); /* so there is room to grow into */
	memset(p, 'm', 4 * PAGE);
	check("shrink", sys(mremap, p, 4 * PAGE, 2 * PAGE, 0), p);
	yes("the tail is gone", p[2 * PAGE - 1] == 'm' && !readable(p + 2 * PAGE));
	check("grow in place", sys(mremap, p, 2 * PAGE, 6 * PAGE, 0), p);
	yes("with zeros", all(p, 'm', 2 * PAGE) && all(p + 2 * PAGE, 0, 4 * PAGE));

	anon(p + 6 * PAGE, 1, RW, MAP_FIXED);
	check("no room", sys(mremap, p, 6 * PAGE, 7 * PAGE, 0), -ENOMEM);
	char *q = (char *)sys(mremap, p, 6 * PAGE, 300 * PAGE, MREMAP_MAYMOVE);
	yes("moved", !bad(q) && q != p && !readable(p));
	yes("with what it held", all(q, 'm', 2 * PAGE) && all(q + 2 * PAGE, 0, 298 * PAGE));

	char *to = anon(0, 4, RW, 0);
	memset(to, 't', 4 * PAGE);
	check("to a fixed place",
		sys(mremap, q + PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + PAGE), to + PAGE);
	yes("between what was there", to[PAGE - 1] == 't' && all(to + PAGE, 'm', PAGE) && all(to + 2 * PAGE, 0, PAGE)
		&& to[3 * PAGE] == 't');
	yes("from the middle", !readable(q + PAGE) && !readable(q + 2 * PAGE) && writable(q) && writable(q + 3 * PAGE));

	check("of nothing mapped", sys(mremap, p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), -EFAULT);
	check("unaligned", sys(mremap, to + 1, PAGE, PAGE, 0), -EINVAL);
	check("to no length", sys(mremap, to, PAGE, 0, 0), -EINVAL);
	check("fixed, but may not move", sys(mremap, to, PAGE, PAGE, MREMAP_FIXED, q), -EINVAL);
	sys(munmap, q, 300 * PAGE), sys(munmap, to, 4 * PAGE), sys(munmap, p + 6 * PAGE, PAGE);
}

static void file(void)
{
	enum { SIZE = 2 * 4096 + 100 };
	static char data[SIZE];
	for (int i = 0; i < SIZE; i++) data[i] = i % 251;
	long fd = sys(open, "f", O_CREAT | O_RDWR, 0644);
	check("the file written", sys(write, fd, data, SIZE), SIZE);

	char *p = map(0, SIZE, RW, MAP_PRIVATE, fd, 0);
	yes("a file, whole", !bad(p) && !memcmp(p, data, SIZE));
	yes("zeros after its end", all(p + SIZE, 0, 3 * PAGE - SIZE));
	char *q = map(0, PAGE, RW, MAP_PRIVATE, fd, PAGE);
	yes("from its second page", !bad(q) && !memcmp(q, data + PAGE, PAGE));
	p[PAGE] = 'X', q[1] = 'Y';
	char back[2];
	check("read back", sys(pread64, fd, back, 2, OFF(4096)), 2);
	yes("the file does not see it", back[0] == data[PAGE] && back[1] == data[PAGE + 1]);
	yes("nor do others", q[0] == data[PAGE] && p[PAGE + 1] == data[PAGE + 1]);
	check("over part of another, fixed", map(p, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 2 * PAGE), p);
	yes("both seen", !memcmp(p, data + 2 * PAGE, 100) && all(p + 100, 0, PAGE - 100) && p[PAGE] == 'X');
	yes("protected as asked", !writable(p) && writable(p + PAGE));
	sys(close, fd);
	yes("lives on when closed", q[1] == 'Y' && !memcmp(q + 2, data + PAGE + 2, PAGE - 2));
	check("MADV_DONTNEED", sys(madvise, q, PAGE, MADV_DONTNEED), 0);
	yes("is the file's again", !memcmp(q, data + PAGE, PAGE));
	sys(munmap, p, SIZE), sys(munmap, q, PAGE);

	check("of no file", map(0, PAGE, PROT_READ, MAP_PRIVATE, 99, 0), -EBADF);
	fd = sys(open, "f", O_WRONLY);
	check("of one not open for reading", map(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), -EACCES);
	sys(close, fd);
	fd = sys(open, ".", O_RDONLY);
	check("of a folder", map(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), -ENODEV);
	sys(close, fd);
	check("unlink", sys(unlink, "f"), 0);
}

static void advice(void)
{
	char *p = anon(0, 4, RW, 0);
	memset(p, 'd', 4 * PAGE);
	check("MADV_DONTNEED", sys(madvise, p + PAGE, 2 * PAGE, MADV_DONTNEED), 0);
	yes("zeros there only", p[PAGE - 1] == 'd' && all(p + PAGE, 0, 2 * PAGE) && p[3 * PAGE] == 'd');
	check("MADV_NORMAL", sys(madvise, p, 4 * PAGE, MADV_NORMAL), 0);
	check("MADV_WILLNEED", sys(madvise, p, 4 * PAGE, MADV_WILLNEED), 0);
	check("unaligned", sys(madvise, p + 1, PAGE, MADV_DONTNEED), -EINVAL);
	check("unknown advice", sys(madvise, p, PAGE, 9999), -EINVAL);
	sys(munmap, p + PAGE, PAGE);
	check("over a hole", sys(madvise, p, 4 * PAGE, MADV_DONTNEED), -ENOMEM);
	yes("done around it all the same", all(p, 0, PAGE) && all(p + 2 * PAGE, 0, 2 * PAGE));
	sys(munmap, p, 4 * PAGE);
}

int main(void)
{
	enter("mmap.tmp");
	basics();
	protection();
	remap();
	file();
	advice();
	leave("mmap.tmp");
	return failed;
}
