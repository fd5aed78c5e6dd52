/** open(2), close(2), dup(2) and their kin. */
import { EAGAIN, EBADF, EINVAL, EOVERFLOW, Errno } from "../abi/errno.ts";
import {
  AT_FDCWD,
  CLOSE_RANGE_CLOEXEC,
  CLOSE_RANGE_UNSHARE,
  O_CLOEXEC,
  O_CREAT,
  O_LARGEFILE,
  O_PATH,
  O_TRUNC,
  O_WRONLY,
} from "../abi/fcntl.ts";
import { S_IFREG } from "../abi/stat.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { openPath } from "../fs/open.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { Stat } from "../fs/stat.ts";
import type { Task } from "../task/task.ts";
import { untilReady } from "../task/wait.ts";
import { pathArgument, startOf } from "./path_args.ts";
import type { Outcome, Result, SyscallResult } from "./result.ts";

export function sysOpen(task: Task, path: UserPtr, flags: number, mode: number): SyscallResult {
  return sysOpenat(task, AT_FDCWD, path, flags, mode);
}

/** openat(2). */
export function sysOpenat(task: Task, dirfd: Fd, path: UserPtr, flags: number, mode: number): SyscallResult {
  const text = pathArgument(task, path);
  if (text instanceof Errno) return text;
  const start = startOf(task, dirfd, text);
  if (start instanceof Errno) return start;
  if (task.abi.bits === 64) flags |= O_LARGEFILE;
  return finishOpen(task, openPath(task, start, text, flags, mode), flags);
}

/** Gives an opened file its descriptor, when it is open at last. */
export function finishOpen(task: Task, file: OpenFile | Errno, flags: number): SyscallResult {
  if (file instanceof Errno) return file;
  const complete = isTooLarge(task, file, flags) ? EOVERFLOW : file.completeOpen();
  if (complete === 0) return install(task, file, flags);
  if (complete === EAGAIN) return later(task, file, flags);
  file.release();
  return complete;
}

/** Whether a 32-bit program that has not said O_LARGEFILE would meet offsets that it cannot hold (MAX_NON_LFS). */
function isTooLarge(task: Task, file: OpenFile, flags: number): boolean {
  if (task.abi.bits === 64 || (flags & (O_LARGEFILE | O_PATH)) !== 0 || file.type !== S_IFREG) return false;
  const stat = new Stat();
  return file.stat(stat) === 0 && stat.size > 0x7fff_ffff;
}

function install(task: Task, file: OpenFile, flags: number): Result {
  const fd = task.files.install(file, (flags & O_CLOEXEC) !== 0);
  if (fd instanceof Errno) file.release();
  return fd;
}

/** A FIFO waits for its other end. */
async function later(task: Task, file: OpenFile, flags: number): Promise<Outcome> {
  const complete = await untilReady(task, file.waiters, false, () => file.completeOpen());
  if (complete === 0) return install(task, file, flags);
  file.release();
  return complete;
}

export function sysCreat(task: Task, path: UserPtr, mode: number): SyscallResult {
  return sysOpenat(task, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

export function sysClose(task: Task, fd: Fd): SyscallResult {
  return task.files.close(fd);
}

/** close_range(2); both ends are unsigned and inclusive. */
export function sysCloseRange(task: Task, first: number, last: number, flags: number): SyscallResult {
  if (first > last || (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) !== 0) return EINVAL;
  if ((flags & CLOSE_RANGE_UNSHARE) !== 0 && task.files.shared) {
    const own = task.files.clone();
    task.files.release();
    task.files = own;
  }
  const end = Math.min(last, task.files.end - 1);
  for (let fd = first; fd <= end; fd++) {
    if ((flags & CLOSE_RANGE_CLOEXEC) !== 0) task.files.setCloseOnExec(fd, true);
    else task.files.close(fd);
  }
  return 0;
}

export function sysDup(task: Task, fd: Fd): SyscallResult {
  const file = task.files.get(fd);
  if (!file) return EBADF;
  const copy = task.files.install(file, false);
  if (!(copy instanceof Errno)) file.retain();
  return copy;
}

export function sysDup2(task: Task, from: Fd, to: Fd): SyscallResult {
  const file = task.files.get(from);
  if (!file) return EBADF;
  return from === to ? to : duplicate(task, from, to, false);
}

export function sysDup3(task: Task, from: Fd, to: Fd, flags: number): SyscallResult {
  if ((flags & ~O_CLOEXEC) !== 0 || from === to) return EINVAL;
  return duplicate(task, from, to, (flags & O_CLOEXEC) !== 0);
}

function duplicate(task: Task, from: Fd, to: Fd, closeOnExec: boolean): SyscallResult {
  const file = task.files.get(from);
  if (!file || to < 0 || to >= task.files.limit) return EBADF;
  return task.files.replace(to, file.retain(), closeOnExec);
}
