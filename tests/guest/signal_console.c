/* What the console's keys send. Argument: "handle" or "default"; says when it is ready, and computes or waits. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t came;
static void handler(int signal) { came = signal; }

int main(int argc, char **argv) {
	if (argc < 2) return 0;
	if (strcmp(argv[1], "default") != 0) {
		static const int all[] = {SIGINT, SIGQUIT, SIGHUP};
		for (int i = 0; i < 3; i++) signal(all[i], handler);
	}
	int computes = argc > 2 && strcmp(argv[2], "compute") == 0;
	puts("ready");
	fflush(stdout);
	while (!came) if (!computes) pause();
	printf("signal %d\n", came);
	return 3;
}
