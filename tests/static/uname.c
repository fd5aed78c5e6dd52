/* uname(2): the two fields that are the same everywhere. A 64-bit kernel says so to 32-bit programs, too. */
#include "start.h"
#include <linux/utsname.h>

int main(void)
{
	struct new_utsname u;
	check("uname", sys(uname, &u), 0);
	say(u.sysname, " ", u.machine);
	yes("release", u.release[0] >= '2' && u.release[0] <= '9');
	yes("version and nodename", u.version[0] && u.nodename[0]);
	return failed;
}
