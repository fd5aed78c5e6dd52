/** Sets of signals in guest memory. */
import { EINVAL, Errno } from "../abi/errno.ts";
import { u32, u64big } from "../abi/layout.ts";
import { SIGSET_SIZE } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";

/** Errors: EINVAL for another size than the kernel's, EFAULT. */
export function copyInSet(task: Task, from: UserPtr, size = SIGSET_SIZE): bigint | Errno {
  if (size !== SIGSET_SIZE) return EINVAL;
  const raw = copyIn(task, from, SIGSET_SIZE);
  return raw instanceof Errno ? raw : u64big.read(new DataView(raw.buffer, raw.byteOffset, SIGSET_SIZE), 0);
}

/** old_sigset_t of i386: the first 32 signals. */
export function copyInOldSet(task: Task, from: UserPtr): bigint | Errno {
  const raw = copyIn(task, from, 4);
  return raw instanceof Errno ? raw : BigInt(u32.read(new DataView(raw.buffer, raw.byteOffset, 4), 0));
}

/** The first `size` bytes of the set. */
export function copyOutSet(task: Task, to: UserPtr, set: bigint, size: number): 0 | Errno {
  const raw = new Uint8Array(SIGSET_SIZE);
  u64big.write(new DataView(raw.buffer), 0, set);
  return copyOut(task, to, raw.subarray(0, size));
}
