/** getrandom(2). */
import { EFAULT, EINVAL } from "../abi/errno.ts";
import { GRND_INSECURE, GRND_NONBLOCK, GRND_RANDOM } from "../abi/random.ts";
import type { UserPtr } from "../abi/types.ts";
import { MAX_RW_COUNT } from "../abi/uio.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

/** Most bytes crypto.getRandomValues gives at once. */
const STEP = 65536;

/** getrandom(2): the bytes written, fewer than asked for only at memory that cannot be. Errors: EINVAL, EFAULT. */
export function sysGetrandom(task: Task, buf: UserPtr, count: number, flags: number): SyscallResult {
  if ((flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) !== 0) return EINVAL;
  if ((flags & GRND_RANDOM) !== 0 && (flags & GRND_INSECURE) !== 0) return EINVAL;
  const length = Math.min(count, MAX_RW_COUNT);
  let done = 0;
  while (done < length) {
    const part = task.mm.span(buf + done, Math.min(length - done, STEP), true);
    if (part.length === 0) return done === 0 ? EFAULT : done;
    crypto.getRandomValues(part);
    done += part.length;
  }
  return done;
}
