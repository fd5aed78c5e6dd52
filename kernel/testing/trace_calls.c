/* Calls whose arguments have names, for the comparison of --trace with strace. Run in an empty folder. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define call(name, ...) syscall(SYS_##name, __VA_ARGS__)

static char buf[4096];

static void files(void)
{
	call(openat, AT_FDCWD, "nope", O_RDONLY | O_CLOEXEC);
	call(openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	call(openat, AT_FDCWD, ".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
	call(openat, 77, "x", O_PATH | O_NOATIME | O_DSYNC);
	call(openat, 77, "x", O_SYNC | O_WRONLY | O_NOCTTY | O_DIRECT);
	call(open, "f", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0640);
	int fd = open("f", O_RDWR);
	call(write, fd, "hello", 5);
	call(lseek, fd, 0, SEEK_SET), call(lseek, fd, 0, SEEK_DATA), call(lseek, fd, -1, 99);
	call(read, fd, buf, 40), call(read, 99, buf, 10), call(read, fd, buf, -1);
	pread(fd, buf, 4, 1), pread(fd, buf, 4, 1LL << 40), pread(fd, buf, 4, -5);
	struct iovec v = { "ab", 2 };
	call(writev, fd, &v, 1), call(writev, 77, &v, 1), call(writev, fd, &v, -1), preadv2(77, &v, 1, 1LL << 33, 0);
	ftruncate(77, 1LL << 40), truncate("nope", 5), posix_fadvise(77, 1LL << 33, 1LL << 34, 4), readahead(77, 1LL << 35, 9);
	call(access, "f", R_OK | X_OK), call(access, "f", F_OK), call(access, "f", 64);
	call(faccessat2, AT_FDCWD, "f", W_OK, AT_EACCESS), call(faccessat, AT_FDCWD, "f", R_OK);
	int commands[] = { F_GETFL, F_GETFD, F_SETFD, F_GETFD, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC, F_GETOWN, F_GETSIG, 9999 };
	int values[] = { 0, 0, FD_CLOEXEC, 0, O_NONBLOCK, 20, 20, 0, 0, 5 };
	for (int i = 0; i < 10; i++) call(fcntl, fd, commands[i], values[i]);
	call(fcntl, 77, F_GETLK, buf);
	call(ioctl, fd, TIOCGWINSZ, buf), call(ioctl, fd, TCGETS, buf), call(ioctl, fd, 0x1234, 5), call(ioctl, fd, 0x80041234, 5);
	call(flock, fd, LOCK_EX | LOCK_NB), call(flock, 77, LOCK_UN), call(fsync, 77), call(dup, 77), call(dup2, 1, 51), call(dup3, 77, 50, O_CLOEXEC);
	call(umask, 022), call(umask, 0), call(mkdir, "d", 0755), call(chmod, "nope", 04755), call(chown, "nope", -1, 0);
	call(unlinkat, AT_FDCWD, "nope", AT_REMOVEDIR), call(renameat2, AT_FDCWD, "nope", AT_FDCWD, "b", RENAME_NOREPLACE);
	call(linkat, AT_FDCWD, "nope", AT_FDCWD, "b", AT_SYMLINK_FOLLOW);
	call(statx, AT_FDCWD, "f", AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, 0xfff, buf);
	call(statx, AT_FDCWD, "f", 0x2000, 0x7ff, buf), call(statx, AT_FDCWD, "f", 0, 3, buf);
	call(mknod, "no/pe", S_IFCHR | 0600, 0x501), call(mknod, "no/pe", S_IFIFO | S_ISUID | 0644, 0);
	call(stat, "nope", buf), call(statfs, "nope", buf), call(rmdir, "d"), call(unlink, "f"), call(close_range, 90, 100, 4);
	call(getdents64, 77, buf, 100), call(readlink, "nope", buf, 100), call(getcwd, buf, 1);
}

static void memory(void)
{
	char *p = mmap(0, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	mmap(p, 4096, PROT_NONE, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, 77, 1 << 20), mmap(0, 4096, 0x80, 0, 77, 0);
	mprotect(p, 4096, PROT_READ), mprotect(p, 4096, PROT_READ | PROT_GROWSDOWN);
	madvise(p, 4096, MADV_DONTNEED), madvise(p, 4096, 77), msync(p, 4096, MS_SYNC | MS_INVALIDATE);
	mremap(p + 8192, 4096, 8192, MREMAP_MAYMOVE), call(mremap, p, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, p);
	call(mlockall, 99), munmap(p, 8192), munmap(p + 1, 5), call(brk, 0);
}

static void others(void)
{
	struct timespec ts = { 0, 1000 };
	call(nanosleep, &ts, 0), call(nanosleep, &ts, &ts), call(clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &ts, 0);
	for (int i = 0; i < 12; i++) call(clock_getres, i, 0);
	call(clock_getres, 99, 0), call(clock_getres, (~1234 << 3) | 2, 0), call(clock_getres, (~55 << 3) | 6, 0);
	for (int i = 0; i <= 16; i++) call(prlimit64, 0, i, 0, 0);
	call(getrusage, RUSAGE_CHILDREN, buf), call(getrusage, 5, buf);
	call(prctl, PR_GET_DUMPABLE), call(prctl, PR_SET_DUMPABLE, 1), call(prctl, 12345, 1, 2, 3, 4), call(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	call(getrandom, buf, 0, GRND_NONBLOCK | GRND_RANDOM), call(getrandom, 0, 5, 0x10);
	call(setresuid, -1, 0, -1), call(setreuid, -1, -1), call(getgroups, 0, 0), call(setgroups, -1, 0);
	call(sched_getscheduler, 0), call(sched_get_priority_max, SCHED_FIFO), call(sched_get_priority_min, 77), call(getcpu, 0, 0, 0);
	int word = 1;
	call(futex, &word, 0x80, 0, 0), call(futex, &word, 0x81, 1), call(futex, &word, 0x189, 0, 0, 0, -1);
	call(futex, &word, 4, 1, 2, &word, 5), call(futex, &word, 3, 0, 0, &word), call(futex, &word, 0x8a, 1, 0, 0, 6);
	call(getpriority, PRIO_PROCESS, 0), call(setpriority, PRIO_USER, 99999, 5), call(getpgid, 0), call(setpgid, 99999, 0);
	call(rt_sigprocmask, SIG_BLOCK, 0, 0, 8), call(rt_sigprocmask, 77, 0, 0, 8), call(rt_sigaction, SIGUSR1, 0, 0, 8);
	call(rt_sigaction, 64, 0, 0, 8), call(rt_sigaction, 32, 0, 0, 8), call(kill, 99999, SIGTERM), call(tgkill, 1, 99999, SIGRTMIN + 3), call(tkill, 0, 77);
	call(sigaltstack, 0, 0), call(time, 0), call(times, 0), call(set_tid_address, 0), call(membarrier, 0, 0, 0);
	syscall(999, 1, 2, 3, 4, 5, 6);
}

int main(void)
{
	files();
	memory();
	others();
	return 3;
}
