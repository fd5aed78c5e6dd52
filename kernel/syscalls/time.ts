/** Clocks: time(2), gettimeofday(2), clock_gettime(2), times(2), getrusage(2) and their kin. */
import { EINVAL, EPERM, Errno } from "../abi/errno.ts";
import type { Field } from "../abi/layout.ts";
import { rusage, RUSAGE_CHILDREN, RUSAGE_SELF, RUSAGE_THREAD } from "../abi/resource.ts";
import {
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_THREAD_CPUTIME_ID,
  type Timespec,
  timespec,
  timespec64,
  timeT,
  timeval,
  timezone,
  tms,
  USER_HZ,
} from "../abi/time.ts";
import type { Pid, UserPtr } from "../abi/types.ts";
import { copyOut, copyOutStruct, type StructCodec } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { rusageFields, usageOf } from "../task/usage.ts";
import type { SyscallResult } from "./result.ts";

/** time(2): seconds since the epoch. Errors: EFAULT. */
export function sysTime(task: Task, out: UserPtr): SyscallResult {
  const { tv_sec } = task.kernel.clock.realtime();
  if (out === 0) return tv_sec;
  const stored = copyOutValue(task, timeT[task.abi.name], out, tv_sec);
  return stored instanceof Errno ? stored : tv_sec;
}

/** gettimeofday(2). The time zone is UTC. Errors: EFAULT. */
export function sysGettimeofday(task: Task, tv: UserPtr, tz: UserPtr): SyscallResult {
  if (tv !== 0) {
    const { tv_sec, tv_nsec } = task.kernel.clock.realtime();
    const time = { tv_sec, tv_usec: Math.floor(tv_nsec / 1000) };
    const stored = copyOutStruct(task, timeval[task.abi.name], tv, time);
    if (stored instanceof Errno) return stored;
  }
  return tz === 0 ? 0 : copyOutStruct(task, timezone, tz, { tz_minuteswest: 0, tz_dsttime: 0 });
}

/** settimeofday(2), stime(2), clock_settime(2), adjtimex(2): the host's clock is not the guest's to set. EPERM. */
export function sysSettimeofday(_task: Task): SyscallResult {
  return EPERM;
}

/** clock_gettime(2). Errors: EINVAL, EFAULT. */
export function sysClockGettime(task: Task, clock: number, out: UserPtr): SyscallResult {
  return storeClock(task, timespec[task.abi.name], clock, out);
}

/** clock_gettime64 of i386. */
export function sysClockGettime64(task: Task, clock: number, out: UserPtr): SyscallResult {
  return storeClock(task, timespec64, clock, out);
}

function storeClock(task: Task, layout: TimespecLayout, clock: number, out: UserPtr): 0 | Errno {
  const known = clockOf(task, clock);
  if (known instanceof Errno) return known;
  const time = task.kernel.clock.read(known, task);
  return time instanceof Errno ? time : copyOutStruct(task, layout, out, time);
}

/** clock_getres(2). Errors: EINVAL, EFAULT. */
export function sysClockGetres(task: Task, clock: number, out: UserPtr): SyscallResult {
  return storeResolution(task, timespec[task.abi.name], clock, out);
}

/** clock_getres_time64 of i386. */
export function sysClockGetres64(task: Task, clock: number, out: UserPtr): SyscallResult {
  return storeResolution(task, timespec64, clock, out);
}

function storeResolution(task: Task, layout: TimespecLayout, clock: number, out: UserPtr): 0 | Errno {
  const known = clockOf(task, clock);
  if (known instanceof Errno) return known;
  const resolution = task.kernel.clock.resolution(known, task);
  if (resolution instanceof Errno) return resolution;
  return out === 0 ? 0 : copyOutStruct(task, layout, out, resolution);
}

/** clock_settime(2). Errors: EINVAL, EPERM. */
export function sysClockSettime(_task: Task, clock: number, _time: UserPtr): SyscallResult {
  return clock === CLOCK_REALTIME ? EPERM : EINVAL;
}

/**
 * Resolves the processor-time clock of a process or thread (a negative id: ~id << 3 with flags below) when it is the
 * task's own; EINVAL for any other. Linux: posix-cpu-timers.c:pid_for_clock.
 */
export function clockOf(task: Task, clock: number): number | Errno {
  if (clock >= 0) return clock;
  const id: Pid = ~(clock >> 3);
  const ofThread = (clock & 4) !== 0;
  if ((clock & 3) === 3) return EINVAL;
  if (id !== 0 && id !== (ofThread ? task.tid : task.pid)) return EINVAL;
  return ofThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID;
}

/** times(2): ticks of 10 ms since the machine started. Errors: EFAULT. */
export function sysTimes(task: Task, out: UserPtr): SyscallResult {
  const tick = 1000 / USER_HZ;
  const clock = task.kernel.clock;
  if (out !== 0) {
    const { user, system } = clock.cpuTime(task);
    const { childrenUsage } = task.family;
    const stored = copyOutStruct(task, tms[task.abi.name], out, {
      tms_utime: Math.floor(user / tick),
      tms_stime: Math.floor(system / tick),
      tms_cutime: Math.floor(childrenUsage.user / tick),
      tms_cstime: Math.floor(childrenUsage.system / tick),
    });
    if (stored instanceof Errno) return stored;
  }
  return Math.floor(clock.now() / tick);
}

/** getrusage(2). Errors: EINVAL, EFAULT. */
export function sysGetrusage(task: Task, who: number, out: UserPtr): SyscallResult {
  if (who !== RUSAGE_SELF && who !== RUSAGE_CHILDREN && who !== RUSAGE_THREAD) return EINVAL;
  const usage = who === RUSAGE_CHILDREN ? task.family.childrenUsage : usageOf(task);
  return copyOutStruct(task, rusage[task.abi.name], out, rusageFields(usage));
}

type TimespecLayout = StructCodec<Timespec>;

function copyOutValue<T>(task: Task, field: Field<T>, to: UserPtr, value: T): 0 | Errno {
  const raw = new Uint8Array(field.size);
  field.write(new DataView(raw.buffer), 0, value);
  return copyOut(task, to, raw);
}
