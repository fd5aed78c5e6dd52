/** timer_create(2), timer_settime(2), timer_gettime(2), timer_getoverrun(2), timer_delete(2). */
import { EINVAL, EOPNOTSUPP, Errno } from "../abi/errno.ts";
import { type Field, i32 } from "../abi/layout.ts";
import { SIGALRM, SIGEV_NONE, SIGEV_SIGNAL, SIGEV_THREAD, SIGEV_THREAD_ID, sigevent } from "../abi/signal.ts";
import {
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_REALTIME_COARSE,
  type Itimerspec,
  itimerspec,
  itimerspec64,
  TIMER_ABSTIME,
} from "../abi/time.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOut, copyOutStruct, type StructCodec } from "../mm/user_memory.ts";
import { isSignal } from "../signal/numbers.ts";
import type { Task } from "../task/task.ts";
import { fromMilliseconds, isValid } from "../time/clock.ts";
import type { Interval } from "../time/itimer.ts";
import { type Notification, PosixTimer } from "../time/posix_timer.ts";
import type { SyscallResult } from "./result.ts";
import { clockOf } from "./time.ts";

type Layout = Field<Itimerspec> & StructCodec<Itimerspec>;

/** timer_create(2). Errors: EFAULT, EINVAL, EOPNOTSUPP: the clock has no timers. */
export function sysTimerCreate(task: Task, clock: number, event: UserPtr, to: UserPtr): SyscallResult {
  const known = clockOf(task, clock);
  if (known instanceof Errno || task.kernel.clock.read(known, task) instanceof Errno) return EINVAL;
  if (WITHOUT_TIMERS.has(clock)) return EOPNOTSUPP;
  const { timers } = task.signals.process;
  let id = 0;
  while (timers.has(id)) id++;
  const notification = event === 0
    ? { how: SIGEV_SIGNAL, signal: SIGALRM, value: id, target: task }
    : copyInNotification(task, event);
  if (notification instanceof Errno) return notification;
  const raw = new Uint8Array(4);
  i32.write(new DataView(raw.buffer), 0, id);
  const stored = copyOut(task, to, raw);
  if (stored !== 0) return stored;
  timers.set(id, new PosixTimer(task, id, known, notification));
  return 0;
}

const WITHOUT_TIMERS: ReadonlySet<number> = new Set([
  CLOCK_MONOTONIC_RAW,
  CLOCK_REALTIME_COARSE,
  CLOCK_MONOTONIC_COARSE,
]);

/** Linux: good_sigevent. */
function copyInNotification(task: Task, from: UserPtr): Notification | Errno {
  const given = copyInStruct(task, sigevent[task.abi.name], from);
  if (given instanceof Errno) return given;
  const { sigev_notify: how, sigev_signo: signal, sigev_value: value } = given;
  if (how === SIGEV_NONE) return { how, signal, value, target: task };
  if (how !== SIGEV_SIGNAL && how !== SIGEV_THREAD && how !== SIGEV_THREAD_ID) return EINVAL;
  if (!isSignal(signal)) return EINVAL;
  if (how !== SIGEV_THREAD_ID) return { how, signal, value, target: task };
  const target = [...task.kernel.tasks.values()].find((other) =>
    other.tid === given.sigev_notify_thread_id && other.signals.process === task.signals.process
  );
  return target === undefined ? EINVAL : { how, signal, value, target };
}

/** timer_settime(2). Errors: EFAULT, EINVAL. */
export function sysTimerSettime(
  task: Task,
  id: number,
  flags: number,
  value: UserPtr,
  old: UserPtr,
): SyscallResult {
  return setTime(task, itimerspec[task.abi.name], id, flags, value, old);
}

/** timer_settime64 of i386. */
export function sysTimerSettime64(
  task: Task,
  id: number,
  flags: number,
  value: UserPtr,
  old: UserPtr,
): SyscallResult {
  return setTime(task, itimerspec64, id, flags, value, old);
}

function setTime(
  task: Task,
  layout: Layout,
  id: number,
  flags: number,
  value: UserPtr,
  old: UserPtr,
): SyscallResult {
  if (value === 0) return EINVAL;
  const given = copyInStruct(task, layout, value);
  if (given instanceof Errno) return given;
  const { it_value, it_interval } = given;
  if (!isValid(it_value) || !isValid(it_interval)) return EINVAL;
  const timer = task.signals.process.timers.get(id);
  if (timer === undefined) return EINVAL;
  const before = timer.get();
  timer.set(task, it_value, it_interval, (flags & TIMER_ABSTIME) !== 0);
  return old === 0 ? 0 : copyOutTime(task, layout, old, before);
}

/** timer_gettime(2). Errors: EFAULT, EINVAL. */
export function sysTimerGettime(task: Task, id: number, value: UserPtr): SyscallResult {
  const timer = task.signals.process.timers.get(id);
  return timer === undefined ? EINVAL : copyOutTime(task, itimerspec[task.abi.name], value, timer.get());
}

/** timer_gettime64 of i386. */
export function sysTimerGettime64(task: Task, id: number, value: UserPtr): SyscallResult {
  const timer = task.signals.process.timers.get(id);
  return timer === undefined ? EINVAL : copyOutTime(task, itimerspec64, value, timer.get());
}

/** timer_getoverrun(2). Errors: EINVAL. */
export function sysTimerGetoverrun(task: Task, id: number): SyscallResult {
  return task.signals.process.timers.get(id)?.overrun ?? EINVAL;
}

/** timer_delete(2). Errors: EINVAL. */
export function sysTimerDelete(task: Task, id: number): SyscallResult {
  const { timers } = task.signals.process;
  const timer = timers.get(id);
  if (timer === undefined) return EINVAL;
  timer.disarm();
  timers.delete(id);
  return 0;
}

/** In milliseconds: rounds where fromMilliseconds cuts off. */
const HALF_NANOSECOND = 5e-7;

function copyOutTime(task: Task, layout: Layout, to: UserPtr, { value, interval }: Interval): 0 | Errno {
  return copyOutStruct(task, layout, to, {
    it_interval: fromMilliseconds(interval + HALF_NANOSECOND),
    it_value: fromMilliseconds(value + HALF_NANOSECOND),
  });
}
