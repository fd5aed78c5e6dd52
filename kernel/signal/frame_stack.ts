/** uc_stack of a frame. Linux: save_altstack_ex, restore_altstack. */
import { MINSIGSTKSZ, SS_AUTODISARM, SS_DISABLE, SS_ONSTACK } from "../abi/signal.ts";
import { RSP } from "../abi/registers.ts";
import { EINVAL, ENOMEM, EPERM, type Errno } from "../abi/errno.ts";
import type { Task } from "../task/task.ts";
import { type AlternateStack, DISARMED_STACK, disarms, isOnStack } from "./alternate_stack.ts";

export interface StackFields {
  ss_sp: number;
  ss_flags: number;
  ss_size: number;
}

export function saveStack(task: Task): StackFields {
  const stack = task.signals.alternateStack;
  if (disarms(stack)) task.signals.alternateStack = DISARMED_STACK;
  return { ss_sp: stack.sp, ss_flags: stack.flags | 0, ss_size: stack.size };
}

/** A stack that cannot be set is no reason to end the task. */
export function restoreStack(task: Task, fields: StackFields): void {
  setStack(task, fields);
}

/** Linux: do_sigaltstack. Errors: EPERM while it is in use, EINVAL, ENOMEM: too small. */
export function setStack(task: Task, { ss_sp, ss_flags, ss_size }: StackFields): 0 | Errno {
  const before = task.signals.alternateStack;
  if (isOnStack(before, task.thread.registers.get(RSP))) return EPERM;
  const flags = ss_flags >>> 0;
  const mode = (flags & ~SS_AUTODISARM) >>> 0;
  if (mode !== SS_DISABLE && mode !== SS_ONSTACK && mode !== 0) return EINVAL;
  const wanted: AlternateStack = mode === SS_DISABLE
    ? { sp: 0, flags, size: 0 }
    : { sp: ss_sp, flags, size: ss_size };
  if (wanted.sp === before.sp && wanted.size === before.size && wanted.flags === before.flags) return 0;
  if (mode !== SS_DISABLE && ss_size < MINSIGSTKSZ) return ENOMEM;
  task.signals.alternateStack = wanted;
  return 0;
}
