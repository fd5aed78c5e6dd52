/** Scheduling and clone (uapi/linux/sched.h). */
import { i32, struct, u64 } from "./layout.ts";

export const SCHED_OTHER = 0;
export const SCHED_FIFO = 1;
export const SCHED_RR = 2;
export const SCHED_BATCH = 3;
export const SCHED_IDLE = 5;
export const SCHED_DEADLINE = 6;
export const SCHED_RESET_ON_FORK = 0x4000_0000;

export const CSIGNAL = 0x0000_00ff;
export const CLONE_VM = 0x0000_0100;
export const CLONE_FS = 0x0000_0200;
export const CLONE_FILES = 0x0000_0400;
export const CLONE_SIGHAND = 0x0000_0800;
export const CLONE_PIDFD = 0x0000_1000;
export const CLONE_PTRACE = 0x0000_2000;
export const CLONE_VFORK = 0x0000_4000;
export const CLONE_PARENT = 0x0000_8000;
export const CLONE_THREAD = 0x0001_0000;
export const CLONE_NEWNS = 0x0002_0000;
export const CLONE_SYSVSEM = 0x0004_0000;
export const CLONE_SETTLS = 0x0008_0000;
export const CLONE_PARENT_SETTID = 0x0010_0000;
export const CLONE_CHILD_CLEARTID = 0x0020_0000;
export const CLONE_DETACHED = 0x0040_0000;
export const CLONE_UNTRACED = 0x0080_0000;
export const CLONE_CHILD_SETTID = 0x0100_0000;
export const CLONE_NEWCGROUP = 0x0200_0000;
export const CLONE_NEWUTS = 0x0400_0000;
export const CLONE_NEWIPC = 0x0800_0000;
export const CLONE_NEWUSER = 0x1000_0000;
export const CLONE_NEWPID = 0x2000_0000;
export const CLONE_NEWNET = 0x4000_0000;
export const CLONE_IO = 0x8000_0000;
/** Of clone3(2) alone. */
export const CLONE_CLEAR_SIGHAND = 0x1_0000_0000;
export const CLONE_INTO_CGROUP = 0x2_0000_0000;

/** struct clone_args, 88 bytes; the first had 64. `stack` is its lowest byte. */
export const cloneArgs = struct("clone_args", 88, {
  flags: u64,
  pidfd: u64,
  child_tid: u64,
  parent_tid: u64,
  exit_signal: u64,
  stack: u64,
  stack_size: u64,
  tls: u64,
  set_tid: u64,
  set_tid_size: u64,
  cgroup: u64,
});
export const CLONE_ARGS_SIZE_VER0 = 64;

/** struct sched_param, 4 bytes. */
export const schedParam = struct("sched_param", 4, { sched_priority: i32 });
