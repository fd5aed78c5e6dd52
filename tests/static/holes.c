/* A write past the end leaves zeros in between, as does truncation to more. */
#include "start.h"

static char buf[4 * PAGE];

int main(void)
{
	enter("holes.tmp");
	long fd = sys(open, "h", O_CREAT | O_RDWR, 0644);
	check("a start", sys(write, fd, "start", 5), 5);
	check("lseek past the end", seek(fd, 1 << 20, SEEK_SET), 1 << 20);
	Stat st;
	sys(fstat64, fd, &st);
	check("makes nothing yet", st.st_size, 5);
	check("write there", sys(write, fd, "end", 3), 3);
	sys(fstat64, fd, &st);
	check("the size", st.st_size, (1 << 20) + 3);
	memset(buf, 'x', sizeof buf);
	check("read the start of the hole", sys(pread64, fd, buf, sizeof buf, OFF(0)), sizeof buf);
	yes("zeros", !memcmp(buf, "start", 5) && all(buf + 5, 0, sizeof buf - 5));
	memset(buf, 'x', sizeof buf);
	check("read the end of the hole", sys(pread64, fd, buf, 100, OFF((1 << 20) - 50)), 53);
	yes("zeros", all(buf, 0, 50) && !memcmp(buf + 50, "end", 3));
	check("pwrite64 past the end", sys(pwrite64, fd, "!", 1, OFF(2 << 20)), 1);
	check("read between", sys(pread64, fd, buf, 8, OFF((2 << 20) - 4)), 5);
	yes("zeros", all(buf, 0, 4) && buf[4] == '!');
	/* What was cut off must not come back. */
	check("cut", sys(ftruncate64, fd, OFF(3)), 0);
	check("and stretch", sys(ftruncate64, fd, OFF(100)), 0);
	check("read all", sys(pread64, fd, buf, 200, OFF(0)), 100);
	yes("zeros", !memcmp(buf, "sta", 3) && all(buf + 3, 0, 97));
	sys(close, fd);
	sys(unlink, "h");
	leave("holes.tmp");
	return failed;
}
