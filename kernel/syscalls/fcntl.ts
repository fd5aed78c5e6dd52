/** fcntl(2) and flock(2). */
import { EBADF, EINVAL, Errno } from "../abi/errno.ts";
import {
  F_ADD_SEALS,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GET_SEALS,
  F_GETFD,
  F_GETFL,
  F_GETLK,
  F_GETLK64,
  F_GETOWN,
  F_GETPIPE_SZ,
  F_GETSIG,
  F_OFD_GETLK,
  F_OFD_SETLK,
  F_OFD_SETLKW,
  F_SETFD,
  F_SETFL,
  F_SETLK,
  F_SETLK64,
  F_SETLKW,
  F_SETLKW64,
  F_SETOWN,
  F_SETPIPE_SZ,
  F_SETSIG,
  FD_CLOEXEC,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  O_APPEND,
  O_ASYNC,
  O_DIRECT,
  O_NOATIME,
  O_NONBLOCK,
  O_PATH,
} from "../abi/fcntl.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { PipeEnd } from "../fs/pipe_file.ts";
import { Stat } from "../fs/stat.ts";
import { TmpfsFile } from "../fs/tmpfs_file.ts";
import type { Task } from "../task/task.ts";
import { untilReady } from "../task/wait.ts";
import { flockLayout, recordLock } from "./record_lock.ts";
import type { SyscallResult } from "./result.ts";

/** Status flags that F_SETFL changes. */
const SETTABLE = O_APPEND | O_ASYNC | O_DIRECT | O_NOATIME | O_NONBLOCK;
/** Calls an O_PATH descriptor allows. */
const ON_PATH = new Set([F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL]);

/** fcntl(2); on i386 the old call, whose F_SETLK has 32-bit offsets. */
export function sysFcntl(task: Task, fd: Fd, command: number, argument: number): SyscallResult {
  const file = task.files.get(fd);
  if (!file) return EBADF;
  if ((file.flags & O_PATH) !== 0 && !ON_PATH.has(command)) return EBADF;
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return duplicate(task, file, argument, command === F_DUPFD_CLOEXEC);
    case F_GETFD:
      return task.files.closesOnExec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
      task.files.setCloseOnExec(fd, (argument & FD_CLOEXEC) !== 0);
      return 0;
    case F_GETFL:
      return file.flags;
    case F_SETFL:
      file.endLoan(); // what a task may do by itself depends on O_APPEND
      file.flags = (file.flags & ~SETTABLE) | (argument & SETTABLE);
      return 0;
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
      return lock(task, file, command - F_GETLK, argument, false, false);
    case F_GETLK64:
    case F_SETLK64:
    case F_SETLKW64:
      return task.abi.bits === 32 ? lock(task, file, command - F_GETLK64, argument, false, true) : EINVAL;
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
      return lock(task, file, command - F_OFD_GETLK, argument, true, true);
    case F_SETPIPE_SZ:
      return file instanceof PipeEnd ? file.pipe.setCapacity(argument, task.credentials.privileged) : EBADF;
    case F_GETPIPE_SZ:
      return file instanceof PipeEnd ? file.pipe.capacity : EBADF;
    case F_ADD_SEALS:
      return file instanceof TmpfsFile ? file.addSeals(argument) : EINVAL;
    case F_GET_SEALS:
      return file instanceof TmpfsFile ? file.seals : EINVAL;
    case F_GETOWN:
    case F_GETSIG:
    case F_SETOWN:
    case F_SETSIG:
      return 0;
    default:
      return EINVAL;
  }
}

/** fcntl64(2), i386. */
export function sysFcntl64(task: Task, fd: Fd, command: number, argument: number): SyscallResult {
  return sysFcntl(task, fd, command, argument);
}

function duplicate(task: Task, file: OpenFile, from: number, closeOnExec: boolean): SyscallResult {
  if ((from | 0) < 0) return EINVAL;
  const fd = task.files.install(file, closeOnExec, from);
  if (!(fd instanceof Errno)) file.retain();
  return fd;
}

/** `kind`: 0 asks, 1 sets, 2 waits and sets. */
function lock(
  task: Task,
  file: OpenFile,
  kind: number,
  argument: UserPtr,
  ofd: boolean,
  large: boolean,
): SyscallResult {
  const command = { asks: kind === 0, waits: kind === 2, ofd, layout: flockLayout(task, large) };
  return recordLock(task, file, command, argument);
}

/** flock(2): advisory, among this kernel's processes. */
export function sysFlock(task: Task, fd: Fd, operation: number): SyscallResult {
  const file = task.files.get(fd);
  if (!file || (file.flags & O_PATH) !== 0) return EBADF;
  const kind = operation & ~LOCK_NB;
  if (kind === LOCK_UN) {
    file.lock?.release(file);
    return 0;
  }
  if (kind !== LOCK_SH && kind !== LOCK_EX) return EINVAL;
  const locks = file.location?.mount.locks;
  if (!locks) return 0; // a stream: nobody else can have it open
  const stat = new Stat();
  const error = file.stat(stat);
  if (error !== 0) return error;
  const lock = locks.of(stat.dev, stat.ino);
  return untilReady(task, lock.waiters, (operation & LOCK_NB) !== 0, () => {
    const result = lock.acquire(file, kind === LOCK_EX);
    if (result === 0) file.lock = lock;
    return result;
  });
}
