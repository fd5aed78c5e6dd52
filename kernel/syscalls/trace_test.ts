/** Every expected line was printed by strace 6.1 for the same call (addresses aside). */
import { type Abi, I386, X86_64 } from "../abi/abi.ts";
import * as errno from "../abi/errno.ts";
import { rlimit64 } from "../abi/resource.ts";
import { sigaction, sigaltstack } from "../abi/signal.ts";
import { stat64I386, statx, statX64 } from "../abi/stat.ts";
import { statfsX64 } from "../abi/statfs.ts";
import { sysinfo } from "../abi/sysinfo.ts";
import { timespec, timespec64 } from "../abi/time.ts";
import { winsize } from "../abi/termios.ts";
import { newUtsname } from "../abi/utsname.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeTask } from "../testing/fake_task.ts";
import { fetchArguments } from "./dispatch.ts";
import type { Outcome } from "./result.ts";
import { i386 } from "./table_i386.ts";
import { x86_64 } from "./table_x86_64.ts";
import { SEGV_MAPERR } from "../abi/signal.ts";
import { faultInfo } from "../signal/sig_info.ts";
import { formatSigInfo } from "./trace_signal.ts";

/** The line of a call whose memory `args` prepares as it is after the call. */
function trace(
  name: string,
  args: (fake: FakeTask) => readonly number[],
  outcome: Outcome,
  abi: Abi = X86_64,
): string {
  const fake = new FakeTask(abi, true);
  const table = abi === X86_64 ? x86_64 : i386;
  const number = table.rows.findIndex((row) => row?.name === name);
  const row = table.rows[number];
  assert(row !== undefined, name);
  fake.load(number, args(fake));
  const tracer = fake.kernel.tracer!;
  const call = tracer.enter(fake.task, row, number, fetchArguments(table, number, fake.registers));
  if (call !== undefined) tracer.leave(call, outcome);
  return fake.trace.join("\n");
}

const at = (fake: FakeTask, what: Uint8Array | string | number) => fake.memory.place(what);
const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const words = (fake: FakeTask, ...values: readonly number[]) =>
  at(fake, new Uint8Array(BigUint64Array.from(values, BigInt).buffer));
const NOWHERE = 0x7ffe_0000_1000;

Deno.test("trace: paths, flags and errors", () => {
  assertEquals(
    trace("openat", (f) => [-100, at(f, "/etc/x"), 0o2000000, 0], errno.ENOENT),
    'openat(AT_FDCWD, "/etc/x", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)',
  );
  assertEquals(
    trace("openat", (f) => [-100, at(f, "/tmp/tr.txt"), 0o3102, 0o640], 3),
    'openat(AT_FDCWD, "/tmp/tr.txt", O_RDWR|O_CREAT|O_TRUNC|O_APPEND, 0640) = 3',
  );
  assertEquals(
    trace("openat", (f) => [-100, at(f, "/etc/apt"), 0o200000, 0], 4),
    'openat(AT_FDCWD, "/etc/apt", O_RDONLY|O_DIRECTORY) = 4',
  );
  assertEquals(
    trace("access", (f) => [at(f, "/etc/passwd"), 5], errno.EACCES),
    'access("/etc/passwd", R_OK|X_OK)        = -1 EACCES (Permission denied)',
  );
  assertEquals(
    trace("unlinkat", (f) => [-100, at(f, "/tmp/zz"), 0x200], errno.ENOENT),
    'unlinkat(AT_FDCWD, "/tmp/zz", AT_REMOVEDIR) = -1 ENOENT (No such file or directory)',
  );
  assertEquals(
    trace("chmod", () => [0, 0o4755], errno.EFAULT),
    "chmod(NULL, 04755)                      = -1 EFAULT (Bad address)",
  );
  assertEquals(trace("umask", () => [0], 0o22), "umask(000)                              = 022");
  assertEquals(
    trace("mknod", (f) => [at(f, "/a/b"), 0o20600, 0x501], errno.ENOENT),
    'mknod("/a/b", S_IFCHR|0600, makedev(0x5, 0x1)) = -1 ENOENT (No such file or directory)',
  );
});

Deno.test("trace: buffers", () => {
  assertEquals(
    trace("write", (f) => [3, at(f, bytes('hello world\n\x01\x0012\xff"\\')), 19], 19),
    'write(3, "hello world\\n\\1\\00012\\377\\"\\\\", 19) = 19',
  );
  assertEquals(
    trace("write", (f) => [3, at(f, "a".repeat(100)), 100], 100),
    'write(3, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"..., 100) = 100',
  );
  assertEquals(
    trace("read", (f) => [3, at(f, bytes("llo , and more")), 40], 4),
    'read(3, "llo ", 40)                     = 4',
  );
  assertEquals(
    trace("read", () => [99, NOWHERE, 10], errno.EBADF),
    "read(99, 0x7ffe00001000, 10)            = -1 EBADF (Bad file descriptor)",
  );
  assertEquals(
    trace("read", () => [0, NOWHERE, -1], errno.EFAULT),
    "read(0, 0x7ffe00001000, 18446744073709551615) = -1 EFAULT (Bad address)",
  );
  assertEquals(
    trace("writev", (f) => [3, words(f, at(f, "ab"), 2, at(f, "cde"), 3), 2], 5),
    'writev(3, [{iov_base="ab", iov_len=2}, {iov_base="cde", iov_len=3}], 2) = 5',
  );
  assertEquals(
    trace("readv", (f) => [3, words(f, at(f, "hell"), 4, at(f, "o world"), 64), 2], 6),
    'readv(3, [{iov_base="hell", iov_len=4}, {iov_base="o ", iov_len=64}], 2) = 6',
  );
  assertEquals(
    trace("preadv2", (f) => [77, words(f, 0x47c02a, 2, 0x47c02d, 3), 2, 5, 0, 0], errno.EBADF),
    "preadv2(77, [{iov_base=0x47c02a, iov_len=2}, {iov_base=0x47c02d, iov_len=3}], 2, 5, 0) = -1 EBADF (Bad file descriptor)",
  );
  assertEquals(
    trace("getrandom", (f) => [at(f, bytes("\xcf\xac\x93")), 3, 1], 3),
    'getrandom("\\xcf\\xac\\x93", 3, GRND_NONBLOCK) = 3',
  );
});

Deno.test("trace: memory", () => {
  assertEquals(
    trace("mmap", () => [0, 8192, 3, 0x4022, -1, 0], 0x7f7b_d19f_b000),
    "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0) = 0x7f7bd19fb000",
  );
  assertEquals(
    trace("mmap", () => [0x7f4b_03a4_a000, 1400832, 5, 0x812, 3, 0x26000], 0x7f4b_03a4_a000),
    "mmap(0x7f4b03a4a000, 1400832, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, 0x26000) = 0x7f4b03a4a000",
  );
  assertEquals(
    trace("mmap2", () => [0, 4096, 1, 1, 3, 1], 0xf7fd_5000, I386),
    "mmap2(NULL, 4096, PROT_READ, MAP_SHARED, 3, 0x1000) = 0xf7fd5000",
  );
  assertEquals(trace("brk", () => [0], 0x3928_e000), "brk(NULL)                               = 0x3928e000");
  assertEquals(
    trace("mprotect", () => [0x7f7b_d19f_b000, 4096, 0], errno.ENOMEM),
    "mprotect(0x7f7bd19fb000, 4096, PROT_NONE) = -1 ENOMEM (Cannot allocate memory)",
  );
  assertEquals(
    trace("mremap", () => [0x7f7b_d19f_b000, 8192, 16384, 1, 0], errno.EFAULT),
    "mremap(0x7f7bd19fb000, 8192, 16384, MREMAP_MAYMOVE) = -1 EFAULT (Bad address)",
  );
  assertEquals(
    trace("msync", () => [0x7f7b_d19f_b000, 4096, 6], errno.ENOMEM),
    "msync(0x7f7bd19fb000, 4096, MS_SYNC|MS_INVALIDATE) = -1 ENOMEM (Cannot allocate memory)",
  );
  assertEquals(
    trace("arch_prctl", (f) => [0x1003, words(f, 0x3926_c380)], 0),
    "arch_prctl(ARCH_GET_FS, [0x3926c380])   = 0",
  );
});

Deno.test("trace: fcntl and ioctl", () => {
  assertEquals(
    trace("fcntl", () => [3, 3, 0], 0x8402),
    "fcntl(3, F_GETFL)                       = 0x8402 (flags O_RDWR|O_APPEND|O_LARGEFILE)",
  );
  assertEquals(
    trace("fcntl", () => [3, 1, 0], 1),
    "fcntl(3, F_GETFD)                       = 0x1 (flags FD_CLOEXEC)",
  );
  assertEquals(trace("fcntl", () => [3, 2, 1], 0), "fcntl(3, F_SETFD, FD_CLOEXEC)           = 0");
  assertEquals(
    trace("fcntl64", () => [3, 4, 0o4000], 0, I386),
    "fcntl64(3, F_SETFL, O_RDONLY|O_NONBLOCK) = 0",
  );
  assertEquals(
    trace("fcntl", () => [3, 9999, 5], errno.EINVAL),
    "fcntl(3, 0x270f /* F_??? */, 0x5)       = -1 EINVAL (Invalid argument)",
  );
  assertEquals(
    trace("fcntl", (f) => [3, 6, at(f, 32)], 0),
    "fcntl(3, F_SETLK, {l_type=F_RDLCK, l_whence=SEEK_SET, l_start=0, l_len=0}) = 0",
  );
  assertEquals(
    trace("ioctl", () => [3, 0x1234, 5], errno.ENOTTY),
    "ioctl(3, _IOC(_IOC_NONE, 0x12, 0x34, 0), 0x5) = -1 ENOTTY (Inappropriate ioctl for device)",
  );
  assertEquals(
    trace("ioctl", (f) => [1, 0x5413, at(f, winsize.encode({ ws_row: 24, ws_col: 80 }))], 0),
    "ioctl(1, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0",
  );
});

Deno.test("trace: stat and its kin", () => {
  assertEquals(
    trace(
      "newfstatat",
      (f) => [-100, at(f, "/dev/null"), at(f, statX64.encode({ st_mode: 0o20666, st_rdev: 0x103 })), 0x100],
      0,
    ),
    'newfstatat(AT_FDCWD, "/dev/null", {st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), ...}, AT_SYMLINK_NOFOLLOW) = 0',
  );
  assertEquals(
    trace("lstat", (f) => [at(f, "/tmp"), at(f, statX64.encode({ st_mode: 0o41777, st_size: 4096 }))], 0),
    'lstat("/tmp", {st_mode=S_IFDIR|S_ISVTX|0777, st_size=4096, ...}) = 0',
  );
  assertEquals(
    trace("fstat64", (f) => [1, at(f, stat64I386.encode({ st_mode: 0o100644, st_size: 351 }))], 0, I386),
    "fstat64(1, {st_mode=S_IFREG|0644, st_size=351, ...}) = 0",
  );
  assertEquals(
    trace("stat", (f) => [at(f, "/nope"), NOWHERE], errno.ENOENT),
    'stat("/nope", 0x7ffe00001000)           = -1 ENOENT (No such file or directory)',
  );
  const etc = statx.encode({ stx_mask: 0x17ff, stx_mode: 0o40755, stx_size: 4096 });
  assertEquals(
    trace("statx", (f) => [-100, at(f, "/etc"), 0x100, 0xfff, at(f, etc)], 0),
    'statx(AT_FDCWD, "/etc", AT_STATX_SYNC_AS_STAT|AT_SYMLINK_NOFOLLOW, STATX_ALL, ' +
      "{stx_mask=STATX_BASIC_STATS|STATX_MNT_ID, stx_attributes=0, stx_mode=S_IFDIR|0755, stx_size=4096, ...}) = 0",
  );
  const fs = statfsX64.encode({
    f_type: 0x01021994,
    f_bsize: 4096,
    f_fsid: [0x715be546, 0],
    f_flags: 0x1020,
  });
  assertEquals(
    trace("fstatfs", (f) => [3, at(f, fs)], 0),
    "fstatfs(3, {f_type=TMPFS_MAGIC, f_bsize=4096, f_blocks=0, f_bfree=0, f_bavail=0, f_files=0, f_ffree=0, " +
      "f_fsid={val=[0x715be546, 0]}, f_namelen=0, f_frsize=0, f_flags=ST_VALID|ST_RELATIME}) = 0",
  );
  assertEquals(
    trace("_llseek", (f) => [3, 1, 0, at(f, 8), 0], 0, I386),
    "_llseek(3, 4294967296, [0], SEEK_SET)   = 0",
  );
  const dirents = bytes("........".repeat(2) + "\x18\0" + "......" + "........".repeat(2) + "\x18\0......");
  assertEquals(
    trace("getdents64", (f) => [4, at(f, dirents), 4096], 48).replace(/0x\w+/, "0x0"),
    "getdents64(4, 0x0 /* 2 entries */, 4096) = 48",
  );
});

Deno.test("trace: time", () => {
  const second = (f: FakeTask, abi: Abi) =>
    at(f, timespec[abi.name].encode({ tv_sec: 2832, tv_nsec: 466261513 }));
  for (const abi of [X86_64, I386]) {
    assertEquals(
      trace("clock_gettime", (f) => [1, second(f, abi)], 0, abi),
      "clock_gettime(CLOCK_MONOTONIC, {tv_sec=2832, tv_nsec=466261513}) = 0",
    );
  }
  assertEquals(
    trace("clock_gettime", () => [99, NOWHERE], errno.EINVAL),
    "clock_gettime(0x63 /* CLOCK_??? */, 0x7ffe00001000) = -1 EINVAL (Invalid argument)",
  );
  assertEquals(
    trace("clock_nanosleep", (f) => [0, 1, at(f, timespec64.encode({ tv_nsec: 1000 })), 0], 0),
    "clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, {tv_sec=0, tv_nsec=1000}, NULL) = 0",
  );
  assertEquals(
    trace(
      "clock_nanosleep",
      (f) => [0, 0, at(f, timespec.i386.encode({ tv_nsec: -1 })), 0],
      errno.EINVAL,
      I386,
    ),
    "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=4294967295}, NULL) = -1 EINVAL (Invalid argument)",
  );
  assertEquals(
    trace("time", () => [0], 1795360730),
    "time(NULL)                              = 1795360730 (2026-11-22T15:18:50+0000)",
  );
  const time = 1795360730;
  assertEquals(
    trace("time", (f) => [words(f, time)], time),
    "time([1795360730 /* 2026-11-22T15:18:50+0000 */]) = 1795360730 (2026-11-22T15:18:50+0000)",
  );
  assertEquals(
    trace(
      "nanosleep",
      (f) => [at(f, timespec64.encode({ tv_sec: 1 })), at(f, timespec64.encode({ tv_nsec: 5 }))],
      errno.ERESTART_RESTARTBLOCK,
    ),
    "nanosleep({tv_sec=1, tv_nsec=0}, {tv_sec=0, tv_nsec=5}) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)",
  );
});

Deno.test("trace: signals", () => {
  const set = (f: FakeTask, mask: bigint) => at(f, new Uint8Array(BigUint64Array.of(mask).buffer));
  assertEquals(
    trace("rt_sigprocmask", (f) => [0, set(f, 0x2_0000_4002n), 0, 8], 0),
    "rt_sigprocmask(SIG_BLOCK, [INT TERM RT_2], NULL, 8) = 0",
  );
  assertEquals(
    trace("rt_sigprocmask", (f) => [1, 0, set(f, 0xffff_ffff_7ffb_feffn), 8], 0),
    "rt_sigprocmask(SIG_UNBLOCK, NULL, ~[KILL STOP RTMIN], 8) = 0",
  );
  assertEquals(
    trace("rt_sigprocmask", (f) => [2, set(f, 0n), 0, 8], 0),
    "rt_sigprocmask(SIG_SETMASK, [], NULL, 8) = 0",
  );
  const action = { sa_handler: 1, sa_flags: 0x1400_0004, sa_restorer: 0x409850 };
  assertEquals(
    trace("rt_sigaction", (f) => [10, at(f, sigaction.x86_64.encode(action)), 0, 8], 0),
    "rt_sigaction(SIGUSR1, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=SA_RESTORER|SA_RESTART|SA_SIGINFO, sa_restorer=0x409850}, NULL, 8) = 0",
  );
  assertEquals(
    trace(
      "rt_sigaction",
      (f) => [40, 0, at(f, sigaction.i386.encode({ sa_flags: 0x1000_0000 })), 8],
      0,
      I386,
    ),
    "rt_sigaction(SIGRT_8, NULL, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=SA_RESTART}, 8) = 0",
  );
  assertEquals(
    trace("sigaltstack", (f) => [0, at(f, sigaltstack.x86_64.encode({ ss_flags: 2 }))], 0),
    "sigaltstack(NULL, {ss_sp=NULL, ss_flags=SS_DISABLE, ss_size=0}) = 0",
  );
  assertEquals(trace("tgkill", () => [7, 7, 11], 0), "tgkill(7, 7, SIGSEGV)                   = 0");
  assertEquals(
    formatSigInfo(faultInfo(11, SEGV_MAPERR, 0)),
    "{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}",
  );
});

Deno.test("trace: the rest", () => {
  const stack = rlimit64.encode({ rlim_cur: 8 << 20, rlim_max: Infinity });
  assertEquals(
    trace("prlimit64", (f) => [0, 3, 0, at(f, stack)], 0),
    "prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0",
  );
  assertEquals(
    trace("uname", (f) => [at(f, newUtsname.encode({ sysname: "Linux", nodename: "vm" }))], 0),
    'uname({sysname="Linux", nodename="vm", ...}) = 0',
  );
  assertEquals(
    trace(
      "sysinfo",
      (f) => [at(f, sysinfo.x86_64.encode({ uptime: 9, loads: [1, 2, 3], procs: 161, mem_unit: 1 }))],
      0,
    ),
    "sysinfo({uptime=9, loads=[1, 2, 3], totalram=0, freeram=0, sharedram=0, bufferram=0, totalswap=0, " +
      "freeswap=0, procs=161, totalhigh=0, freehigh=0, mem_unit=1}) = 0",
  );
  assertEquals(trace("prctl", (f) => [15, at(f, "hello")], 0), 'prctl(PR_SET_NAME, "hello")             = 0');
  assertEquals(trace("prctl", () => [3], 1), "prctl(PR_GET_DUMPABLE)                  = 1 (SUID_DUMP_USER)");
  assertEquals(trace("prctl", () => [4, 1], 0), "prctl(PR_SET_DUMPABLE, SUID_DUMP_USER)  = 0");
  assertEquals(
    trace("prctl", () => [12345, 1, 2, 3, 4], errno.EINVAL),
    "prctl(0x3039 /* PR_??? */, 0x1, 0x2, 0x3, 0x4) = -1 EINVAL (Invalid argument)",
  );
  assertEquals(trace("prctl", () => [38, 1], 0), "prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  = 0");
  assertEquals(trace("setresuid", () => [-1, 0, -1], 0), "setresuid(-1, 0, -1)                    = 0");
  assertEquals(
    trace("getresuid", (f) => [at(f, 4), at(f, 4), at(f, 4)], 0),
    "getresuid([0], [0], [0])                = 0",
  );
  assertEquals(trace("getgroups", (f) => [64, at(f, 4)], 0), "getgroups(64, [])                       = 0");
  assertEquals(
    trace("sched_getaffinity", (f) => [0, 128, at(f, bytes("\x03"))], 8),
    "sched_getaffinity(0, 128, [0 1])        = 8",
  );
  assertEquals(
    trace("sched_getscheduler", () => [0], 0),
    "sched_getscheduler(0)                   = 0 (SCHED_OTHER)",
  );
  assertEquals(
    trace("personality", () => [0xffff_ffff], 0),
    "personality(0xffffffff)                 = 0 (PER_LINUX)",
  );
  assertEquals(
    trace("futex", () => [0x1000, 0x80, 0, 0, 0, 0], errno.EAGAIN),
    "futex(0x1000, FUTEX_WAIT_PRIVATE, 0, NULL) = -1 EAGAIN (Resource temporarily unavailable)",
  );
  assertEquals(
    trace("futex", () => [0x1000, 0x81, 1, 7, 8, 9], 0),
    "futex(0x1000, FUTEX_WAKE_PRIVATE, 1)    = 0",
  );
  assertEquals(
    trace("futex", () => [0x1000, 0x189, 0, 0, 0, -1], errno.EAGAIN),
    "futex(0x1000, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 0, NULL, FUTEX_BITSET_MATCH_ANY) = " +
      "-1 EAGAIN (Resource temporarily unavailable)",
  );
  assertEquals(
    trace("futex", () => [0x1000, 4, 1, 2, 0x2000, 5], errno.EAGAIN),
    "futex(0x1000, FUTEX_CMP_REQUEUE, 1, 2, 0x2000, 5) = -1 EAGAIN (Resource temporarily unavailable)",
  );
  assertEquals(
    trace("fadvise64", () => [77, 0, 0, 4], errno.EBADF),
    "fadvise64(77, 0, 0, POSIX_FADV_DONTNEED) = -1 EBADF (Bad file descriptor)",
  );
  assertEquals(
    trace("execve", (f) => [at(f, "./a"), words(f, at(f, "./a"), at(f, "x"), 0), words(f, 1, 2, 0)], 0)
      .replace(/0x\w+/, "0x0"),
    'execve("./a", ["./a", "x"], 0x0 /* 2 vars */) = 0',
  );
});

Deno.test("trace: through dispatch, with the end of the task", () => {
  const fake = new FakeTask(X86_64, true);
  fake.kernel.tracer?.started(fake.task, "./hw", ["./hw", "a b"], 0x7ffe_1000, 35);
  fake.call(999, 1, 2, 3);
  fake.call(102);
  fake.call(231, 7);
  assertEquals(fake.trace, [
    'execve("./hw", ["./hw", "a b"], 0x7ffe1000 /* 35 vars */) = 0',
    "syscall_0x3e7(0x1, 0x2, 0x3, 0, 0, 0)   = -1 ENOSYS (Function not implemented)",
    "getuid()                                = 0",
    "exit_group(7)                           = ?",
    "+++ exited with 7 +++",
  ]);
});

Deno.test("trace: a task's own fatal signal comes after its call", () => {
  const fake = new FakeTask(X86_64, true);
  fake.call(234, 1, 1, 6);
  assertEquals(fake.trace, [
    "tgkill(1, 1, SIGABRT)                   = 0",
    "--- SIGABRT {si_signo=SIGABRT, si_code=SI_TKILL, si_pid=1, si_uid=0} ---",
    "+++ killed by SIGABRT (core dumped) +++",
  ]);
  assertEquals(fake.resumed, []);
});

Deno.test("trace: a call that its task's end cuts short", () => {
  const fake = new FakeTask(X86_64, true);
  fake.call(34);
  fake.kernel.killTask(fake.task, 9);
  assertEquals(fake.trace, ["pause( <unfinished ...>) = ?", "+++ killed by SIGKILL +++"]);
});
