/** Resource limits and priorities: getrlimit(2), prlimit(2), getpriority(2), nice(2). */
import { EACCES, EINVAL, EPERM, Errno, ESRCH } from "../abi/errno.ts";
import type { TypeOf } from "../abi/layout.ts";
import {
  PRIO_PGRP,
  PRIO_PROCESS,
  PRIO_USER,
  rlimit,
  rlimit64,
  RLIMIT_AS,
  RLIMIT_CPU,
  RLIMIT_DATA,
  RLIMIT_FSIZE,
  RLIMIT_NOFILE,
  RLIMIT_STACK,
} from "../abi/resource.ts";
import type { Pid, UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOutStruct, type StructCodec } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { limitCpu } from "../time/cpu_limit.ts";
import type { SyscallResult } from "./result.ts";

type Rlimit = TypeOf<typeof rlimit64>;
type Layout = StructCodec<Rlimit>;

/** getrlimit(2), ugetrlimit of i386. Errors: EINVAL, EFAULT. */
export function sysGetrlimit(task: Task, resource: number, out: UserPtr): SyscallResult {
  return store(task, task, rlimit[task.abi.name], resource, out);
}

/** The first getrlimit of i386: what does not fit a signed long shows as its maximum. Errors: EINVAL, EFAULT. */
export function sysOldGetrlimit(task: Task, resource: number, out: UserPtr): SyscallResult {
  const limit = task.limits.get(resource);
  if (limit === undefined) return EINVAL;
  const LONG_MAX = 0x7fff_ffff;
  return copyOutStruct(task, rlimit[task.abi.name], out, {
    rlim_cur: Math.min(limit.cur, LONG_MAX),
    rlim_max: Math.min(limit.max, LONG_MAX),
  });
}

/** setrlimit(2). Errors: EINVAL, EPERM, EFAULT. */
export function sysSetrlimit(task: Task, resource: number, limit: UserPtr): SyscallResult {
  return load(task, task, rlimit[task.abi.name], resource, limit);
}

/** prlimit(2). Errors: EINVAL, EPERM, EFAULT, ESRCH. */
export function sysPrlimit64(
  task: Task,
  pid: Pid,
  resource: number,
  limit: UserPtr,
  old: UserPtr,
): SyscallResult {
  const target = pid === 0 ? task : task.kernel.tasks.get(pid);
  if (target === undefined) return ESRCH;
  const before = target.limits.get(resource);
  if (before === undefined) return EINVAL;
  if (limit !== 0) {
    const changed = load(task, target, rlimit64, resource, limit);
    if (changed instanceof Errno) return changed;
  }
  return old === 0 ? 0 : copyOutStruct(task, rlimit64, old, { rlim_cur: before.cur, rlim_max: before.max });
}

function store(task: Task, target: Task, layout: Layout, resource: number, out: UserPtr): 0 | Errno {
  const limit = target.limits.get(resource);
  if (limit === undefined) return EINVAL;
  return copyOutStruct(task, layout, out, { rlim_cur: limit.cur, rlim_max: limit.max });
}

function load(task: Task, target: Task, layout: Layout, resource: number, from: UserPtr): 0 | Errno {
  const wanted = copyInStruct(task, layout, from);
  if (wanted instanceof Errno) return wanted;
  const limit = { cur: wanted.rlim_cur, max: wanted.rlim_max };
  const changed = target.limits.set(resource, limit, task.credentials.privileged);
  if (changed !== 0) return changed;
  if (resource === RLIMIT_CPU) limitCpu(target);
  if (resource === RLIMIT_FSIZE) target.files.endLoans();
  if (resource === RLIMIT_DATA || resource === RLIMIT_AS) target.mm.heap.stop();
  if (resource === RLIMIT_NOFILE) target.files.limit = limit.cur;
  // A vforked child has only borrowed its memory.
  if (resource === RLIMIT_STACK && target.lender === undefined) target.mm.stack.limit(limit.cur);
  return changed;
}

/** getpriority(2): 20 - nice, 1 to 40. Errors: EINVAL, ESRCH. */
export function sysGetpriority(task: Task, which: number, who: number): SyscallResult {
  const targets = prioritized(task, which, who);
  if (targets instanceof Errno) return targets;
  return Math.max(...targets.map((target) => 20 - target.settings.nice));
}

/** setpriority(2). Remembered only. Errors: EINVAL, ESRCH, EACCES, EPERM. */
export function sysSetpriority(task: Task, which: number, who: number, nice: number): SyscallResult {
  const targets = prioritized(task, which, who);
  if (targets instanceof Errno) return targets;
  const value = Math.max(-20, Math.min(19, nice));
  for (const target of targets) {
    if (!task.credentials.privileged) {
      if (target.credentials.uid !== task.credentials.euid) return EPERM;
      if (value < target.settings.nice) return EACCES;
    }
    target.settings.nice = value;
  }
  return 0;
}

/** nice of i386. Errors: EPERM. */
export function sysNice(task: Task, increment: number): SyscallResult {
  const value = Math.max(-20, Math.min(19, task.settings.nice + increment));
  if (value < task.settings.nice && !task.credentials.privileged) return EPERM;
  task.settings.nice = value;
  return 0;
}

function prioritized(task: Task, which: number, who: number): readonly Task[] | Errno {
  const all = [...task.kernel.tasks.values()];
  const found = (() => {
    switch (which) {
      case PRIO_PROCESS:
        return who === 0 ? [task] : all.filter((other) => other.pid === who);
      case PRIO_PGRP:
        return all.filter((other) => other.pgid === (who === 0 ? task.pgid : who));
      case PRIO_USER:
        return all.filter((other) => other.credentials.uid === (who === 0 ? task.credentials.uid : who));
      default:
        return EINVAL;
    }
  })();
  return found instanceof Errno || found.length > 0 ? found : ESRCH;
}
