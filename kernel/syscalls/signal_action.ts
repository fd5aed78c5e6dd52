/** rt_sigaction(2) and its elders. */
import { EINVAL, Errno } from "../abi/errno.ts";
import {
  oldSigaction,
  SA_NODEFER,
  SA_RESETHAND,
  sigaction,
  SIGKILL,
  SIGSET_SIZE,
  SIGSTOP,
} from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOutStruct } from "../mm/user_memory.ts";
import type { SignalAction } from "../signal/actions.ts";
import { isSignal } from "../signal/numbers.ts";
import { signalBit, UNBLOCKABLE } from "../signal/sets.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

/** rt_sigaction(2). Errors: EINVAL, EFAULT. */
export function sysRtSigaction(
  task: Task,
  signal: number,
  action: UserPtr,
  old: UserPtr,
  setSize: number,
): SyscallResult {
  if (setSize !== SIGSET_SIZE) return EINVAL;
  const layout = sigaction[task.abi.name];
  let wanted: SignalAction | undefined;
  if (action !== 0) {
    const given = copyInStruct(task, layout, action);
    if (given instanceof Errno) return given;
    wanted = {
      handler: given.sa_handler,
      flags: given.sa_flags,
      restorer: given.sa_restorer,
      mask: given.sa_mask & ~UNBLOCKABLE,
    };
  }
  const before = exchangeAction(task, signal, wanted);
  if (before instanceof Errno || old === 0) return before instanceof Errno ? before : 0;
  return copyOutStruct(task, layout, old, {
    sa_handler: before.handler,
    sa_flags: before.flags,
    sa_restorer: before.restorer,
    sa_mask: before.mask,
  });
}

/** sigaction of i386. Errors: EINVAL, EFAULT. */
export function sysSigaction(task: Task, signal: number, action: UserPtr, old: UserPtr): SyscallResult {
  let wanted: SignalAction | undefined;
  if (action !== 0) {
    const given = copyInStruct(task, oldSigaction, action);
    if (given instanceof Errno) return given;
    wanted = {
      handler: given.sa_handler,
      flags: given.sa_flags,
      restorer: given.sa_restorer,
      mask: BigInt(given.sa_mask) & ~UNBLOCKABLE,
    };
  }
  const before = exchangeAction(task, signal, wanted);
  if (before instanceof Errno || old === 0) return before instanceof Errno ? before : 0;
  return copyOutStruct(task, oldSigaction, old, {
    sa_handler: before.handler,
    sa_flags: before.flags,
    sa_restorer: before.restorer,
    sa_mask: Number(before.mask & 0xffff_ffffn),
  });
}

/** signal of i386: the old handler. Errors: EINVAL. */
export function sysSignal(task: Task, signal: number, handler: UserPtr): SyscallResult {
  const flags = SA_RESETHAND + SA_NODEFER;
  const before = exchangeAction(task, signal, { handler, flags, restorer: 0, mask: 0n });
  return before instanceof Errno ? before : before.handler;
}

/** The action before. Linux: do_sigaction. */
function exchangeAction(task: Task, signal: number, action: SignalAction | undefined): SignalAction | Errno {
  if (!isSignal(signal)) return EINVAL;
  if (action !== undefined && (signal === SIGKILL || signal === SIGSTOP)) return EINVAL;
  const { actions } = task.signals;
  const before = actions.get(signal);
  if (action !== undefined) {
    actions.set(signal, action);
    if (actions.ignores(signal)) task.signals.discard(signalBit(signal));
  }
  return before;
}
