/** Extended attributes, xattr(7): no file system here has any. */
import { EBADF, EOPNOTSUPP, Errno } from "../abi/errno.ts";
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW } from "../abi/fcntl.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { Task } from "../task/task.ts";
import { targetAt } from "./path_args.ts";
import type { SyscallResult } from "./result.ts";

/** getxattr(2), setxattr(2), removexattr(2): EOPNOTSUPP for a file that is there. */
export function sysXattr(task: Task, path: UserPtr): SyscallResult {
  return refusal(targetAt(task, AT_FDCWD, path, 0));
}
export function sysLxattr(task: Task, path: UserPtr): SyscallResult {
  return refusal(targetAt(task, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW));
}
export function sysFxattr(task: Task, fd: Fd): SyscallResult {
  return refusal(task.files.get(fd) ?? EBADF);
}

/** listxattr(2): an empty list. */
export function sysListxattr(task: Task, path: UserPtr): SyscallResult {
  return empty(targetAt(task, AT_FDCWD, path, 0));
}
export function sysLlistxattr(task: Task, path: UserPtr): SyscallResult {
  return empty(targetAt(task, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW));
}
export function sysFlistxattr(task: Task, fd: Fd): SyscallResult {
  return empty(task.files.get(fd) ?? EBADF);
}

function refusal(target: ReturnType<typeof targetAt>): Errno {
  return target instanceof Errno ? target : EOPNOTSUPP;
}
function empty(target: ReturnType<typeof targetAt>): SyscallResult {
  return target instanceof Errno ? target : 0;
}
