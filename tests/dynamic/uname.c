/* uname(2) and what the library makes of it. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void) {
	struct utsname name;
	printf("%d %s\n", uname(&name), name.sysname);
	printf("machine known: %d\n", !strcmp(name.machine, "x86_64") || !strcmp(name.machine, "i686"));
	int major = 0, minor = 0;
	int parts = sscanf(name.release, "%d.%d", &major, &minor);
	printf("release: %d, recent: %d\n", parts, major >= 4);
	char host[100];
	printf("host name: %d\n", gethostname(host, sizeof host) == 0 && !strcmp(host, name.nodename));
	printf("page %ld, processors %d\n", sysconf(_SC_PAGESIZE), sysconf(_SC_NPROCESSORS_ONLN) > 0);
	return 0;
}
