/** eventfd(2). */
import { EINVAL } from "../abi/errno.ts";
import { EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE } from "../abi/eventfd.ts";
import { O_RDWR } from "../abi/fcntl.ts";
import { EventFile } from "../fs/eventfd.ts";
import type { Task } from "../task/task.ts";
import { installOrRelease } from "./pipe.ts";
import type { SyscallResult } from "./result.ts";

export function sysEventfd(task: Task, count: number): SyscallResult {
  return sysEventfd2(task, count, 0);
}

/** eventfd2(2). Errors: EINVAL, EMFILE. */
export function sysEventfd2(task: Task, count: number, flags: number): SyscallResult {
  if ((flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK)) !== 0) return EINVAL;
  const inode = task.kernel.anonInodes.anon(task.credentials);
  const file = new EventFile(O_RDWR | flags & EFD_NONBLOCK, count, (flags & EFD_SEMAPHORE) !== 0, inode);
  return installOrRelease(task, file, (flags & EFD_CLOEXEC) !== 0);
}
