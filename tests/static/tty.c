/* ioctl(2) of terminals on what is none. */
#include "start.h"
#include <linux/termios.h>

int main(void)
{
	char buf[256];
	enter("tty.tmp");
	long fd = sys(open, "f", O_CREAT | O_RDWR, 0644), dir = sys(open, ".", O_RDONLY);
	check("TCGETS of a file", sys(ioctl, fd, TCGETS, buf), -ENOTTY);
	check("TIOCGWINSZ of a file", sys(ioctl, fd, TIOCGWINSZ, buf), -ENOTTY);
	check("an unknown one", sys(ioctl, fd, 0x12345678, buf), -ENOTTY);
	check("TCGETS of a folder", sys(ioctl, dir, TCGETS, buf), -ENOTTY);
	check("TIOCGWINSZ of a folder", sys(ioctl, dir, TIOCGWINSZ, buf), -ENOTTY);
	check("TCGETS of nothing", sys(ioctl, 99, TCGETS, buf), -EBADF);
	sys(close, fd), sys(close, dir);
	sys(unlink, "f");
	leave("tty.tmp");
	return failed;
}
