/** Scheduling (sched(7)). Threads are the host's to schedule: policies are remembered and have no effect. */
import { EINVAL, EPERM, Errno, ESRCH } from "../abi/errno.ts";
import {
  SCHED_BATCH,
  SCHED_FIFO,
  SCHED_IDLE,
  SCHED_OTHER,
  SCHED_RESET_ON_FORK,
  SCHED_RR,
  schedParam,
} from "../abi/sched.ts";
import { timespec, timespec64 } from "../abi/time.ts";
import { RLIMIT_RTPRIO } from "../abi/resource.ts";
import type { Pid, UserPtr } from "../abi/types.ts";
import { copyIn, copyInStruct, copyOut, copyOutStruct } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

/** sched_yield(2). */
export function sysSchedYield(_task: Task): SyscallResult {
  return 0;
}

function find(task: Task, pid: Pid): Task | Errno {
  if (pid < 0) return EINVAL;
  return pid === 0 || pid === task.tid ? task : task.kernel.tasks.get(pid) ?? ESRCH;
}

/** sched_getaffinity(2): every processor; the bytes written. Errors: EINVAL, ESRCH, EFAULT. */
export function sysSchedGetaffinity(task: Task, pid: Pid, length: number, mask: UserPtr): SyscallResult {
  const target = find(task, pid);
  if (target instanceof Errno) return target;
  const processors = task.kernel.system.processors;
  const word = task.abi.word;
  if (length * 8 < processors || length % word !== 0) return EINVAL;
  const bits = new Uint8Array(Math.min(length, Math.ceil(processors / (8 * word)) * word));
  for (let cpu = 0; cpu < processors; cpu++) bits[cpu >> 3]! |= 1 << (cpu & 7);
  const stored = copyOut(task, mask, bits);
  return stored instanceof Errno ? stored : bits.length;
}

/** sched_setaffinity(2): no effect. Errors: EINVAL without any existing processor, ESRCH, EFAULT. */
export function sysSchedSetaffinity(task: Task, pid: Pid, length: number, mask: UserPtr): SyscallResult {
  const target = find(task, pid);
  if (target instanceof Errno) return target;
  const processors = task.kernel.system.processors;
  const raw = copyIn(task, mask, Math.min(length, Math.ceil(processors / 8)));
  if (raw instanceof Errno) return raw;
  const any = raw.some((byte, i) => (byte & (2 ** Math.min(8, processors - i * 8) - 1)) !== 0);
  return any ? 0 : EINVAL;
}

/** sched_getscheduler(2): the policy with SCHED_RESET_ON_FORK. Errors: EINVAL, ESRCH. */
export function sysSchedGetscheduler(task: Task, pid: Pid): SyscallResult {
  const target = find(task, pid);
  if (target instanceof Errno) return target;
  const { policy, resetOnFork } = target.settings.scheduling;
  return policy | (resetOnFork ? SCHED_RESET_ON_FORK : 0);
}

/** sched_setscheduler(2). Errors: EINVAL, ESRCH, EPERM for real-time policies, EFAULT. */
export function sysSchedSetscheduler(task: Task, pid: Pid, policy: number, param: UserPtr): SyscallResult {
  const target = find(task, pid);
  if (target instanceof Errno) return target;
  if (param === 0 || policy < 0) return EINVAL;
  const resetOnFork = (policy & SCHED_RESET_ON_FORK) !== 0;
  return schedule(task, target, policy & ~SCHED_RESET_ON_FORK, resetOnFork, param);
}

/** sched_getparam(2). Errors: EINVAL, ESRCH, EFAULT. */
export function sysSchedGetparam(task: Task, pid: Pid, param: UserPtr): SyscallResult {
  const target = find(task, pid);
  if (target instanceof Errno) return target;
  if (param === 0) return EINVAL;
  return copyOutStruct(task, schedParam, param, { sched_priority: target.settings.scheduling.priority });
}

/** sched_setparam(2). Errors: EINVAL, ESRCH, EPERM, EFAULT. */
export function sysSchedSetparam(task: Task, pid: Pid, param: UserPtr): SyscallResult {
  const target = find(task, pid);
  if (target instanceof Errno) return target;
  const { policy, resetOnFork } = target.settings.scheduling;
  return param === 0 ? EINVAL : schedule(task, target, policy, resetOnFork, param);
}

/** Linux: __sched_setscheduler. */
function schedule(
  task: Task,
  target: Task,
  policy: number,
  resetOnFork: boolean,
  from: UserPtr,
): 0 | Errno {
  const param = copyInStruct(task, schedParam, from);
  if (param instanceof Errno) return param;
  const { sched_priority: priority } = param;
  const [low, high] = priorities(policy) ?? [1, 0];
  if (priority < low || priority > high) return EINVAL;
  const { settings, limits } = target;
  if (!task.credentials.privileged) {
    if (task.credentials.euid !== target.credentials.uid) return EPERM;
    if (priority > settings.scheduling.priority && priority > limits.current(RLIMIT_RTPRIO)) return EPERM;
  }
  settings.scheduling = { policy, priority, resetOnFork };
  return 0;
}

/** Lowest and highest static priority of a policy; undefined for a number that is none. */
function priorities(policy: number): readonly [number, number] | undefined {
  switch (policy) {
    case SCHED_OTHER:
    case SCHED_BATCH:
    case SCHED_IDLE:
      return [0, 0];
    case SCHED_FIFO:
    case SCHED_RR:
      return [1, 99];
    default:
      return undefined;
  }
}

/** sched_get_priority_min(2). Errors: EINVAL. */
export function sysSchedGetPriorityMin(_task: Task, policy: number): SyscallResult {
  return priorities(policy)?.[0] ?? EINVAL;
}

/** sched_get_priority_max(2). Errors: EINVAL. */
export function sysSchedGetPriorityMax(_task: Task, policy: number): SyscallResult {
  return priorities(policy)?.[1] ?? EINVAL;
}

/** sched_rr_get_interval(2): a time slice of 4 ms. Errors: EINVAL, ESRCH, EFAULT. */
export function sysSchedRrGetInterval(task: Task, pid: Pid, out: UserPtr): SyscallResult {
  const target = find(task, pid);
  if (target instanceof Errno) return target;
  return copyOutStruct(task, timespec[task.abi.name], out, { tv_sec: 0, tv_nsec: 4_000_000 });
}

/** sched_rr_get_interval_time64 of i386. */
export function sysSchedRrGetInterval64(task: Task, pid: Pid, out: UserPtr): SyscallResult {
  const target = find(task, pid);
  if (target instanceof Errno) return target;
  return copyOutStruct(task, timespec64, out, { tv_sec: 0, tv_nsec: 4_000_000 });
}
