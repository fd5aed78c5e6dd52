/** setitimer(2), getitimer(2), alarm(2). */
import { EINVAL, Errno } from "../abi/errno.ts";
import { ITIMER_PROF, ITIMER_REAL, itimerval, type Timeval } from "../abi/time.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOutStruct } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { type Interval, IntervalTimer } from "../time/itimer.ts";
import type { SyscallResult } from "./result.ts";

const USEC_PER_SEC = 1_000_000;

/** setitimer(2). Errors: EFAULT, EINVAL. */
export function sysSetitimer(task: Task, which: number, value: UserPtr, old: UserPtr): SyscallResult {
  const layout = itimerval[task.abi.name];
  // Linux takes NULL for zeroes, and says that this will not stay.
  let wanted: Interval = { value: 0, interval: 0 };
  if (value !== 0) {
    const given = copyInStruct(task, layout, value);
    if (given instanceof Errno) return given;
    if (!isValid(given.it_value) || !isValid(given.it_interval)) return EINVAL;
    wanted = { value: toMilliseconds(given.it_value), interval: toMilliseconds(given.it_interval) };
  }
  if (which < ITIMER_REAL || which > ITIMER_PROF) return EINVAL;
  const timer = timerOf(task, which);
  const before = timer.get();
  timer.set(wanted);
  return old === 0 ? 0 : copyOutInterval(task, old, before);
}

/** getitimer(2). Errors: EFAULT, EINVAL. */
export function sysGetitimer(task: Task, which: number, value: UserPtr): SyscallResult {
  if (which < ITIMER_REAL || which > ITIMER_PROF) return EINVAL;
  return copyOutInterval(task, value, timerOf(task, which).get());
}

/** alarm(2): the seconds that were left of the one before. Linux: alarm_setitimer. */
export function sysAlarm(task: Task, seconds: number): SyscallResult {
  const timer = timerOf(task, ITIMER_REAL);
  const { value } = timer.get();
  timer.set({ value: seconds * 1000, interval: 0 });
  return value > 0 && value < 500 ? 1 : Math.round(value / 1000);
}

function timerOf(task: Task, which: number): IntervalTimer {
  const { intervals } = task.signals.process;
  return intervals[which] ??= new IntervalTimer(task, which);
}

function isValid({ tv_sec, tv_usec }: Timeval): boolean {
  return tv_sec >= 0 && tv_usec >= 0 && tv_usec < USEC_PER_SEC;
}

function toMilliseconds({ tv_sec, tv_usec }: Timeval): number {
  return tv_sec * 1000 + tv_usec / 1000;
}

function copyOutInterval(task: Task, to: UserPtr, { value, interval }: Interval): 0 | Errno {
  return copyOutStruct(task, itimerval[task.abi.name], to, {
    it_interval: fromMilliseconds(interval),
    it_value: fromMilliseconds(value),
  });
}

function fromMilliseconds(milliseconds: number): Timeval {
  const usec = Math.round(milliseconds * 1000);
  return { tv_sec: Math.floor(usec / USEC_PER_SEC), tv_usec: usec % USEC_PER_SEC };
}
