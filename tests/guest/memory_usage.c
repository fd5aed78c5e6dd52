/* ru_maxrss of getrusage(2) and wait4(2): the most memory there has been, of the process and of its children. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB 1024

static void use(size_t mib) {
	char *p = mmap(NULL, mib << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(p, 1, mib << 20);
	munmap(p, mib << 20);
}

/* Whether it is about as much as was used: Linux counts roughly, and there is the program itself. */
static const char *about(long kib, long mib) {
	return kib < (mib - 4) * MIB ? "less" : kib > (mib + 24) * MIB ? "more" : "about that";
}

static long of(int who) {
	struct rusage usage;
	getrusage(who, &usage);
	return usage.ru_maxrss;
}

int main(int argc, char **argv) {
	if (argc > 1) {
		printf("executed: %s\n", about(of(RUSAGE_SELF), 48));
		return 0;
	}
	/* In a child: this process has the mark of who started it. */
	pid_t body = fork();
	if (body != 0) {
		int status = -1;
		waitpid(body, &status, 0);
		return status >> 8;
	}
	long first = of(RUSAGE_SELF);
	printf("at first: %d\n", first < 24 * MIB);
	printf("children at first: %ld\n", of(RUSAGE_CHILDREN));
	fflush(stdout);
	for (int mib = 96; mib >= 64; mib -= 32) {
		pid_t child = fork();
		if (child == 0) {
			use(mib);
			_exit(0);
		}
		struct rusage usage;
		wait4(child, NULL, 0, &usage);
		printf("a child with %d: %s\n", mib, about(usage.ru_maxrss, mib));
	}
	printf("children: %s\n", about(of(RUSAGE_CHILDREN), 96));
	printf("self after children: %d\n", of(RUSAGE_SELF) < 24 * MIB);
	use(48);
	printf("with 48: %s\n", about(of(RUSAGE_SELF), 48));
	use(32);
	printf("with 32 after it: %s\n", about(of(RUSAGE_SELF), 48));
	fflush(stdout);
	/* Another program in the same process has the mark of this one. */
	execl("/proc/self/exe", argv[0], "again", (char *)NULL);
	return 1;
}
