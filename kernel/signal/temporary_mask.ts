/** The signal mask for the time of one call: ppoll(2), pselect6(2), epoll_pwait(2). */
import { EFAULT, EINVAL, Errno } from "../abi/errno.ts";
import { u64big } from "../abi/layout.ts";
import { SIGSET_SIZE } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyIn } from "../mm/user_memory.ts";
import type { SyscallResult } from "../syscalls/result.ts";
import type { Task } from "../task/task.ts";

/** The mask at `address`, undefined for NULL. Linux: set_user_sigmask. */
export function readMask(task: Task, address: UserPtr, size: number): bigint | undefined | Errno {
  if (address === 0) return undefined;
  if (size !== SIGSET_SIZE) return EINVAL;
  const raw = copyIn(task, address, SIGSET_SIZE);
  return raw instanceof Errno ? EFAULT : u64big.read(new DataView(raw.buffer, raw.byteOffset, raw.length), 0);
}

/** Makes the call under `mask`; the way out of the kernel puts the old one back (SignalState.setForCall). */
export function underMask(task: Task, mask: bigint | undefined, call: () => SyscallResult): SyscallResult {
  if (mask !== undefined) task.signals.setForCall(mask);
  return call();
}
