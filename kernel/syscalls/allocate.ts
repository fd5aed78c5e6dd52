/** fallocate(2). */
import { EBADF, EFBIG, EINVAL, EISDIR, ENODEV, EOPNOTSUPP, ESPIPE } from "../abi/errno.ts";
import { FALLOC_FL_KEEP_SIZE } from "../abi/falloc.ts";
import { S_IFDIR, S_IFIFO, S_IFREG } from "../abi/stat.ts";
import type { Fd } from "../abi/types.ts";
import { Stat } from "../fs/stat.ts";
import type { Task } from "../task/task.ts";
import { mayResize } from "./file_limit.ts";
import type { SyscallResult } from "./result.ts";

/**
 * Makes the file long enough; the space itself is found when it is written to. Linux: vfs_fallocate, whose order of
 * checks this keeps.
 */
export function sysFallocate(
  task: Task,
  fd: Fd,
  mode: number,
  offset: number,
  length: number,
): SyscallResult {
  const file = task.files.get(fd);
  if (file === undefined) return EBADF;
  if (offset < 0 || length <= 0) return EINVAL;
  if ((mode & ~FALLOC_FL_KEEP_SIZE) !== 0) return EOPNOTSUPP;
  if (!file.writable) return EBADF;
  if (file.type === S_IFIFO) return ESPIPE;
  if (file.type === S_IFDIR) return EISDIR;
  if (file.type !== S_IFREG) return ENODEV;
  const end = offset + length;
  if (end > Number.MAX_SAFE_INTEGER) return EFBIG;
  if ((mode & FALLOC_FL_KEEP_SIZE) !== 0) return 0;
  const stat = new Stat();
  const failure = file.stat(stat);
  if (failure !== 0 || end <= stat.size) return failure;
  return mayResize(task, end, () => stat.size) || file.truncate(end);
}
