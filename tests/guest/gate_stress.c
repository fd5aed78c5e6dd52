/* Many system calls at random moments of sleep and wake on either side: every answer must be the one asked for.
   argv[1]: processes, argv[2]: calls in each. Run by hand and by the suite with small numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>

static unsigned rng;
static unsigned next(void) { return rng = rng * 1664525u + 1013904223u; }

static int stress(int seed, long calls) {
  rng = seed * 7919u + 1;
  pid_t me = getpid(), parent = getppid();
  int file = open("/dev/zero", O_RDONLY);
  char byte;
  for (long i = 0; i < calls; i++) {
    unsigned kind = next() >> 28;
    long got, want;
    switch (kind & 3) {
    case 0: got = syscall(SYS_getpid); want = me; break;
    case 1: got = syscall(SYS_getppid); want = parent; break;
    case 2: byte = 1; got = read(file, &byte, 1) + byte; want = 1; break;
    default: got = lseek(file, 0, 99); want = -1; break;
    }
    if (got != want) { fprintf(stderr, "FAIL call %ld kind %u: got %ld want %ld\n", i, kind & 3, got, want); return 1; }
    /* now and then long enough for either side to fall asleep */
    if ((next() >> 20) == 0) for (volatile unsigned k = next() >> 10; k; k--) ;
    if ((next() >> 18) == 0) usleep(next() >> 22);
  }
  return 0;
}

int main(int argc, char **argv) {
  int processes = argc > 1 ? atoi(argv[1]) : 3, failed = 0;
  long calls = argc > 2 ? atol(argv[2]) : 20000;
  for (int i = 0; i < processes; i++) {
    pid_t child = fork();
    if (child == 0) _exit(stress(i, calls));
    if (child < 0) { printf("FAIL fork\n"); return 1; }
  }
  for (int i = 0, status; i < processes; i++) {
    if (wait(&status) < 0 || status != 0) failed++;
  }
  printf("%d of %d processes failed\n", failed, processes);
  return failed != 0;
}
