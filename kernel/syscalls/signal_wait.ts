/** rt_sigtimedwait(2): takes a signal without a handler. */
import { EAGAIN, EFAULT, EINTR, EINVAL, Errno } from "../abi/errno.ts";
import { type Timespec, timespec, timespec64 } from "../abi/time.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOut } from "../mm/user_memory.ts";
import { UNBLOCKABLE } from "../signal/sets.ts";
import { encodeSigInfo } from "../signal/sig_info.ts";
import type { Task } from "../task/task.ts";
import { isValid, toMilliseconds } from "../time/clock.ts";
import type { Outcome, SyscallResult } from "./result.ts";
import { copyInSet } from "./signal_sets.ts";

/** rt_sigtimedwait(2). Errors: EAGAIN, EFAULT, EINTR, EINVAL. */
export function sysRtSigtimedwait(
  task: Task,
  set: UserPtr,
  info: UserPtr,
  timeout: UserPtr,
  setSize: number,
): SyscallResult {
  return timedWait(task, set, info, setSize, timeout && copyInStruct(task, timespec[task.abi.name], timeout));
}

/** rt_sigtimedwait_time64 of i386. */
export function sysRtSigtimedwait64(
  task: Task,
  set: UserPtr,
  info: UserPtr,
  timeout: UserPtr,
  setSize: number,
): SyscallResult {
  return timedWait(task, set, info, setSize, timeout && copyInStruct(task, timespec64, timeout));
}

/** `timeout` is 0 for none. Linux: do_sigtimedwait. */
function timedWait(
  task: Task,
  set: UserPtr,
  info: UserPtr,
  setSize: number,
  timeout: Timespec | Errno | 0,
): SyscallResult {
  const given = copyInSet(task, set, setSize);
  if (given instanceof Errno) return given;
  if (timeout instanceof Errno) return timeout;
  if (timeout !== 0 && !isValid(timeout)) return EINVAL;
  const wanted = given & ~UNBLOCKABLE;
  const now = take(task, wanted, info);
  if (now !== undefined) return now;
  const milliseconds = timeout === 0 ? Infinity : toMilliseconds(timeout);
  return milliseconds === 0 ? EAGAIN : wait(task, wanted, info, task.kernel.clock.now() + milliseconds);
}

async function wait(task: Task, wanted: bigint, info: UserPtr, deadline: number): Promise<Outcome> {
  const { signals } = task;
  signals.awaited = wanted;
  try {
    using pending = task.beginWait([], deadline);
    const reason = await pending.reason;
    return take(task, wanted, info) ?? (reason === "timeout" ? EAGAIN : EINTR);
  } finally {
    signals.awaited = 0n;
  }
}

/** The number of a signal that has come; its siginfo goes to `to`. */
function take(task: Task, wanted: bigint, to: UserPtr): number | Errno | undefined {
  const next = task.signals.next(~wanted);
  if (next === undefined) return undefined;
  const taken = task.signals.take(next);
  if (to !== 0 && copyOut(task, to, encodeSigInfo(taken, task.abi)) !== 0) return EFAULT;
  return taken.signal;
}
