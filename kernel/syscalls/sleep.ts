/** nanosleep(2), clock_nanosleep(2), pause(2). */
import { EFAULT, EINVAL, EOPNOTSUPP, ERESTARTNOHAND, Errno } from "../abi/errno.ts";
import {
  CLOCK_BOOTTIME,
  CLOCK_BOOTTIME_ALARM,
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  CLOCK_REALTIME_ALARM,
  CLOCK_TAI,
  TIMER_ABSTIME,
  type Timespec,
  timespec,
  timespec64,
} from "../abi/time.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOutStruct, type StructCodec } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { fromMilliseconds, isValid, toMilliseconds } from "../time/clock.ts";
import type { Outcome, SyscallResult } from "./result.ts";

/** nanosleep(2). Errors: EINVAL, EFAULT, EINTR with the time left in `remaining`. */
export function sysNanosleep(task: Task, request: UserPtr, remaining: UserPtr): SyscallResult {
  return sleep(task, timespec[task.abi.name], CLOCK_MONOTONIC, 0, request, remaining);
}

/** clock_nanosleep(2). Errors: EINVAL, EOPNOTSUPP, EFAULT, EINTR. */
export function sysClockNanosleep(
  task: Task,
  clock: number,
  flags: number,
  request: UserPtr,
  remaining: UserPtr,
): SyscallResult {
  return sleep(task, timespec[task.abi.name], clock, flags, request, remaining);
}

/** clock_nanosleep_time64 of i386. */
export function sysClockNanosleep64(
  task: Task,
  clock: number,
  flags: number,
  request: UserPtr,
  remaining: UserPtr,
): SyscallResult {
  return sleep(task, timespec64, clock, flags, request, remaining);
}

type Layout = StructCodec<Timespec>;

function sleep(
  task: Task,
  layout: Layout,
  clock: number,
  flags: number,
  request: UserPtr,
  remaining: UserPtr,
): SyscallResult {
  const kernel = task.kernel;
  if (kernel.clock.read(clock, task) instanceof Errno) return EINVAL;
  if (!canSleepOn(clock)) return EOPNOTSUPP;
  const time = copyInStruct(task, layout, request);
  if (time instanceof Errno) return time;
  if (!isValid(time)) return EINVAL;
  const absolute = (flags & TIMER_ABSTIME) !== 0;
  const now = kernel.clock.now();
  const deadline = absolute ? kernel.clock.deadline(clock, time, task) : now + toMilliseconds(time);
  if (deadline instanceof Errno || deadline <= now) return deadline instanceof Errno ? deadline : 0;
  return wait(deadline);

  async function wait(deadline: number): Promise<Outcome> {
    using pending = task.beginWait([], deadline);
    if (await pending.reason === "timeout") return 0;
    const left = deadline - kernel.clock.now();
    if (left <= 0) return 0;
    if (absolute) return ERESTARTNOHAND;
    if (remaining !== 0 && copyOutStruct(task, layout, remaining, fromMilliseconds(left)) !== 0) {
      return EFAULT;
    }
    return task.signals.restartWith(() => deadline <= kernel.clock.now() ? 0 : wait(deadline));
  }
}

function canSleepOn(clock: number): boolean {
  return clock === CLOCK_REALTIME || clock === CLOCK_MONOTONIC || clock === CLOCK_BOOTTIME ||
    clock === CLOCK_TAI || clock === CLOCK_REALTIME_ALARM || clock === CLOCK_BOOTTIME_ALARM;
}

/** pause(2): EINTR once a signal has come. */
export async function sysPause(task: Task): Promise<Outcome> {
  using pending = task.beginWait([], Infinity);
  await pending.reason;
  return ERESTARTNOHAND;
}
