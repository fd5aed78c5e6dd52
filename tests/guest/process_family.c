/* Parents and children: orphans, zombies, subreapers, PR_SET_PDEATHSIG, process groups, sessions, priorities. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void pause_ms(int ms) { nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL); }

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static int ends(pid_t pid) {
	int status;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void tell(int fd, long value) { write(fd, &value, sizeof value); }
static long told(int fd) {
	long value = -1;
	read(fd, &value, sizeof value);
	return value;
}

static void orphans(void) {
	int ends_of[2], go[2];
	pipe(ends_of), pipe(go);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	int is = 0;
	prctl(PR_GET_CHILD_SUBREAPER, &is);
	printf("subreaper: %d\n", is);
	pid_t self = getpid(), child = fork();
	if (!child) {
		prctl(PR_GET_CHILD_SUBREAPER, &is);
		if (!fork()) {
			close(go[1]);
			told(go[0]);
			tell(ends_of[1], getppid() == self);
			_exit(9);
		}
		_exit(is);
	}
	printf("inherited: %d\n", ends(child));
	close(go[1]);
	printf("the orphan's parent: %ld\n", told(ends_of[0]));
	printf("waited for: %d\n", ends(-1));
	/* A zombie that its parent leaves behind is the reaper's to wait for. */
	child = fork();
	if (!child) {
		pid_t zombie = fork();
		if (!zombie) _exit(11);
		siginfo_t info;
		waitid(P_PID, zombie, &info, WEXITED | WNOWAIT);
		tell(ends_of[1], kill(zombie, 0));
		tell(ends_of[1], getpgid(zombie) == getpgrp());
		_exit(0);
	}
	ends(child);
	printf("a zombie can be signalled: %ld, ", told(ends_of[0]));
	printf("has its group: %ld, ", told(ends_of[0]));
	printf("and is inherited: %d\n", ends(-1));
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static volatile sig_atomic_t got;
static void on_signal(int signal) { got = signal; }

static void parent_death(void) {
	int pipe_ends[2], go[2];
	pipe(pipe_ends), pipe(go);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t child = fork();
	if (!child) {
		if (!fork()) {
			int old = -1;
			prctl(PR_GET_PDEATHSIG, &old);
			prctl(PR_SET_PDEATHSIG, SIGUSR1);
			signal(SIGUSR1, on_signal);
			pid_t inner = fork();
			if (!inner) {
				int inherited = -1;
				prctl(PR_GET_PDEATHSIG, &inherited);
				_exit(inherited);
			}
			tell(pipe_ends[1], old);
			tell(pipe_ends[1], ends(inner));
			while (!got) pause_ms(5);
			tell(pipe_ends[1], got);
			_exit(0);
		}
		told(go[0]);
		_exit(0);
	}
	printf("death signal at first: %ld, ", told(pipe_ends[0]));
	printf("in a child: %ld\n", told(pipe_ends[0]));
	tell(go[1], 0);
	ends(child);
	printf("got it: %d\n", told(pipe_ends[0]) == SIGUSR1);
	ends(-1);
	show("bad signal", prctl(PR_SET_PDEATHSIG, 65));
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static void groups(void) {
	pid_t child = fork();
	if (!child) {
		int good = getpgrp() == getpgid(getppid());
		good += setpgid(0, 0) == 0 && getpgrp() == getpid();
		pid_t inner = fork();
		if (!inner) for (;;) pause();
		good += getpgid(inner) == getpid();
		good += setpgid(inner, inner) == 0 && getpgid(inner) == inner;
		good += setpgid(inner, getpid()) == 0 && getpgid(inner) == getpid();
		good += setpgid(inner, 1000000) < 0 && errno == EPERM;
		good += setpgid(inner, -1) < 0 && errno == EINVAL;
		good += setpgid(getppid(), 0) < 0 && errno == ESRCH;
		signal(SIGTERM, SIG_IGN);
		good += kill(0, SIGTERM) == 0 && ends(inner) == 128 + SIGTERM;
		good += kill(-getpid(), 0) == 0;
		good += kill(-1000000, 0) < 0 && errno == ESRCH;
		good += setsid() < 0 && errno == EPERM;
		_exit(good);
	}
	printf("groups: %d of 12\n", ends(child));
	child = fork();
	if (!child) {
		int good = setsid() == getpid() && getsid(0) == getpid() && getpgrp() == getpid();
		good += setpgid(0, 0) < 0 && errno == EPERM;
		pid_t inner = fork();
		if (!inner) _exit(getsid(0) == getppid());
		good += ends(inner) == 1;
		good += getsid(getppid()) != getpid();
		good += getsid(1000000) < 0 && errno == ESRCH;
		inner = fork();
		if (!inner) {
			setsid();
			for (;;) pause();
		}
		while (getsid(inner) != inner) pause_ms(1);
		good += setpgid(inner, 0) < 0 && errno == EPERM;
		kill(inner, SIGKILL);
		ends(inner);
		_exit(good);
	}
	printf("sessions: %d of 6\n", ends(child));
}

/* The group's last keeper ends while a member is stopped. */
static void orphaned_group(void) {
	int pipe_ends[2];
	pipe(pipe_ends);
	pid_t leader = fork();
	if (!leader) {
		setsid();
		if (!fork()) {
			setpgid(0, 0);
			pid_t inner = fork();
			if (!inner) {
				signal(SIGHUP, on_signal);
				raise(SIGSTOP);
				while (!got) pause_ms(5);
				tell(pipe_ends[1], got);
				_exit(0);
			}
			int status;
			waitpid(inner, &status, WUNTRACED);
			tell(pipe_ends[1], 0);
			_exit(0); /* an orphaned stopped process of a group whose keeper goes, too */
		}
		told(pipe_ends[0]);
		pause_ms(50);
		_exit(0);
	}
	ends(leader);
	printf("hung up: %ld\n", told(pipe_ends[0]));
	pid_t child = fork();
	if (!child) {
		setsid();
		raise(SIGTSTP);
		_exit(4);
	}
	printf("an orphaned group does not stop: %d\n", ends(child));
}

static void priorities(void) {
	pid_t child = fork();
	if (!child) {
		errno = 0;
		printf("at first: %d %d\n", getpriority(PRIO_PROCESS, 0), errno);
		show("set", setpriority(PRIO_PROCESS, 0, 7));
		show("get", getpriority(PRIO_PROCESS, getpid()));
		show("raw", syscall(SYS_getpriority, PRIO_PROCESS, 0));
		show("nice", nice(5));
		show("nice", nice(100));
		pid_t inner = fork();
		if (!inner) _exit(getpriority(PRIO_PROCESS, 0));
		printf("inherited: %d\n", ends(inner));
		show("set too much", setpriority(PRIO_PROCESS, 0, 1000));
		show("get", getpriority(PRIO_PROCESS, 0));
		show("bad kind", getpriority(7, 0));
		show("nobody", getpriority(PRIO_PROCESS, 1000000));
		show("bad kind", setpriority(7, 0, 0));
		setpgid(0, 0);
		show("group", setpriority(PRIO_PGRP, 0, 19));
		show("group", getpriority(PRIO_PGRP, getpid()));
		struct sched_param param = {.sched_priority = 1};
		show("policy", syscall(SYS_sched_getscheduler, 0));
		show("bad priority", syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &param));
		param.sched_priority = 0;
		show("batch", syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &param));
		show("policy", syscall(SYS_sched_getscheduler, 0));
		inner = fork();
		if (!inner) _exit(syscall(SYS_sched_getscheduler, 0));
		printf("inherited: %d\n", ends(inner));
		show("not reset", syscall(SYS_sched_setscheduler, 0, SCHED_IDLE | SCHED_RESET_ON_FORK, &param));
		printf("policy: %lx\n", syscall(SYS_sched_getscheduler, 0));
		inner = fork();
		if (!inner) _exit(syscall(SYS_sched_getscheduler, 0));
		printf("inherited: %d\n", ends(inner));
		show("bad policy", syscall(SYS_sched_setscheduler, 0, 77, &param));
		printf("ranges: %d %d %d\n", sched_get_priority_max(SCHED_FIFO), sched_get_priority_min(SCHED_RR),
			sched_get_priority_max(SCHED_OTHER));
		_exit(0);
	}
	ends(child);
}

/* clone(2) with what processes may share. */
static void shared(void) {
	pid_t pid = syscall(SYS_clone, 0x400 /* CLONE_FILES */ | SIGCHLD, 0, 0, 0, 0);
	if (!pid) {
		close(0);
		_exit(0);
	}
	ends(pid);
	printf("shared descriptors: %d\n", dup(0) < 0 && errno == EBADF);
	pid = syscall(SYS_clone, 0x200 /* CLONE_FS */ | SIGCHLD, 0, 0, 0, 0);
	if (!pid) {
		umask(012);
		_exit(chdir("/"));
	}
	ends(pid);
	char here[10];
	printf("shared folder and umask: %s %o\n", getcwd(here, sizeof here), umask(022));
	pid = syscall(SYS_clone, 0x8000 /* CLONE_PARENT */ | SIGCHLD, 0, 0, 0, 0);
	if (!pid) _exit(0);
	show("a sister is no child", waitpid(pid, NULL, 0));
}

int main(void) {
	setvbuf(stdout, NULL, _IONBF, 0);
	/* The first process of a run is special everywhere. */
	pid_t pid = fork();
	if (pid) {
		int status = ends(pid);
		while (wait(NULL) > 0) ;
		return status;
	}
	orphans();
	parent_death();
	groups();
	orphaned_group();
	priorities();
	shared();
	return 0;
}
