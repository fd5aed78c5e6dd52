/** Advice about files, which nothing here needs: checked, without effect. */
import { EBADF, EINVAL } from "../abi/errno.ts";
import type { Fd } from "../abi/types.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

/** POSIX_FADV_NOREUSE, the last one. */
const LAST_ADVICE = 5;
/** SYNC_FILE_RANGE_WAIT_BEFORE, _WRITE and _WAIT_AFTER. */
const SYNC_FILE_RANGE_FLAGS = 7;

/** posix_fadvise(2). Errors: EBADF, EINVAL. */
export function sysFadvise64(
  task: Task,
  fd: Fd,
  _offset: number,
  length: number,
  advice: number,
): SyscallResult {
  if (task.files.get(fd) === undefined) return EBADF;
  return advice < 0 || advice > LAST_ADVICE || length < 0 ? EINVAL : 0;
}

/** readahead(2). Errors: EBADF. */
export function sysReadahead(task: Task, fd: Fd, _offset: number, _count: number): SyscallResult {
  return task.files.get(fd) === undefined ? EBADF : 0;
}

/** sync_file_range(2). Errors: EBADF, EINVAL. */
export function sysSyncFileRange(
  task: Task,
  fd: Fd,
  offset: number,
  length: number,
  flags: number,
): SyscallResult {
  if ((flags & ~SYNC_FILE_RANGE_FLAGS) !== 0 || offset < 0 || length < 0) return EINVAL;
  return task.files.get(fd) === undefined ? EBADF : 0;
}
