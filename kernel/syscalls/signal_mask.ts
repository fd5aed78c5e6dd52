/** sigprocmask(2), sigpending(2), sigsuspend(2), sigaltstack(2), and the elders of i386. */
import { EFAULT, EINVAL, ERESTARTNOHAND, Errno } from "../abi/errno.ts";
import {
  SIG_BLOCK,
  SIG_SETMASK,
  SIG_UNBLOCK,
  sigaltstack,
  SIGSET_SIZE,
  SS_AUTODISARM,
} from "../abi/signal.ts";
import { RSP } from "../abi/registers.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOut, copyOutStruct } from "../mm/user_memory.ts";
import { stackMode } from "../signal/alternate_stack.ts";
import { setStack } from "../signal/frame_stack.ts";
import type { Task } from "../task/task.ts";
import type { Outcome, SyscallResult } from "./result.ts";
import { copyInOldSet, copyInSet, copyOutSet } from "./signal_sets.ts";
import { intBytes } from "./words.ts";

const UPPER = ~0xffff_ffffn;

/** rt_sigprocmask(2). Errors: EINVAL, EFAULT. */
export function sysRtSigprocmask(
  task: Task,
  how: number,
  set: UserPtr,
  old: UserPtr,
  setSize: number,
): SyscallResult {
  if (setSize !== SIGSET_SIZE) return EINVAL;
  const before = task.signals.blocked;
  if (set !== 0) {
    const given = copyInSet(task, set);
    if (given instanceof Errno) return given;
    const changed = changeMask(task, how, given);
    if (changed instanceof Errno) return changed;
  }
  return old === 0 ? 0 : copyOutSet(task, old, before, SIGSET_SIZE);
}

/** sigprocmask of i386: the first 32 signals. Errors: EINVAL, EFAULT. */
export function sysSigprocmask(task: Task, how: number, set: UserPtr, old: UserPtr): SyscallResult {
  const before = task.signals.blocked;
  if (set !== 0) {
    const given = copyInOldSet(task, set);
    if (given instanceof Errno) return given;
    const upper = how === SIG_SETMASK ? before & UPPER : 0n;
    const changed = changeMask(task, how, given | upper);
    if (changed instanceof Errno) return changed;
  }
  return old === 0 ? 0 : copyOut(task, old, intBytes(Number(before & 0xffff_ffffn)));
}

/** sgetmask of i386. */
export function sysSgetmask(task: Task): SyscallResult {
  return Number(task.signals.blocked & 0xffff_ffffn);
}

/** ssetmask of i386: the old mask. The upper signals are unblocked, as on Linux. */
export function sysSsetmask(task: Task, mask: number): SyscallResult {
  const before = Number(task.signals.blocked & 0xffff_ffffn);
  task.signals.blocked = BigInt(mask >>> 0);
  return before;
}

function changeMask(task: Task, how: number, set: bigint): 0 | Errno {
  const { signals } = task;
  switch (how) {
    case SIG_BLOCK:
      signals.blocked |= set;
      return 0;
    case SIG_UNBLOCK:
      signals.blocked &= ~set;
      return 0;
    case SIG_SETMASK:
      signals.blocked = set;
      return 0;
    default:
      return EINVAL;
  }
}

/** rt_sigpending(2). Errors: EINVAL, EFAULT. */
export function sysRtSigpending(task: Task, set: UserPtr, setSize: number): SyscallResult {
  if (setSize > SIGSET_SIZE) return EINVAL;
  return copyOutSet(task, set, task.signals.pending & task.signals.blocked, setSize);
}

/** sigpending of i386. Errors: EFAULT. */
export function sysSigpending(task: Task, set: UserPtr): SyscallResult {
  return copyOutSet(task, set, task.signals.pending & task.signals.blocked, 4);
}

/** rt_sigsuspend(2). Errors: EINVAL, EFAULT, EINTR. */
export function sysRtSigsuspend(task: Task, set: UserPtr, setSize: number): SyscallResult {
  const mask = copyInSet(task, set, setSize);
  return mask instanceof Errno ? mask : suspend(task, mask);
}

/** sigsuspend of i386, of which only the third argument counts. Errors: EINTR. */
export function sysSigsuspend(task: Task, mask: number): SyscallResult {
  return suspend(task, BigInt(mask >>> 0));
}

async function suspend(task: Task, mask: bigint): Promise<Outcome> {
  task.signals.setForCall(mask);
  using pending = task.beginWait([], Infinity);
  await pending.reason;
  return ERESTARTNOHAND;
}

/** sigaltstack(2). Errors: EFAULT, EINVAL, ENOMEM, EPERM when in use. */
export function sysSigaltstack(task: Task, stack: UserPtr, old: UserPtr): SyscallResult {
  const layout = sigaltstack[task.abi.name];
  const before = task.signals.alternateStack;
  const mode = stackMode(before, task.thread.registers.get(RSP));
  if (stack !== 0) {
    const given = copyInStruct(task, layout, stack);
    if (given instanceof Errno) return given;
    const set = setStack(task, given);
    if (set !== 0) return set;
  }
  if (old === 0) return 0;
  const stored = copyOutStruct(task, layout, old, {
    ss_sp: before.sp,
    ss_flags: mode | before.flags & SS_AUTODISARM,
    ss_size: before.size,
  });
  return stored instanceof Errno ? EFAULT : 0;
}
