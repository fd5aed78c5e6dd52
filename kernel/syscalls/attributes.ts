/** access(2), chmod(2), chown(2), utimensat(2), truncate(2), fsync(2). */
import { EBADF, EFBIG, EINVAL, EISDIR, EPERM, Errno } from "../abi/errno.ts";
import {
  AT_EACCESS,
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  F_OK,
  R_OK,
  W_OK,
  X_OK,
} from "../abi/fcntl.ts";
import { S_IALLUGO } from "../abi/stat.ts";
import { timespec, timespec64, timeval } from "../abi/time.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { AttributeChanges } from "../fs/inode.ts";
import { OpenFile } from "../fs/open_file.ts";
import { accessBits, mayAccess } from "../fs/permission.ts";
import { Stat } from "../fs/stat.ts";
import { copyIn } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { mayResize, sizeOf } from "./file_limit.ts";
import { targetAt } from "./path_args.ts";
import type { Result, SyscallResult } from "./result.ts";

export function sysAccess(task: Task, path: UserPtr, mode: number): SyscallResult {
  return sysFaccessat2(task, AT_FDCWD, path, mode, 0);
}
export function sysFaccessat(task: Task, dirfd: Fd, path: UserPtr, mode: number): SyscallResult {
  return sysFaccessat2(task, dirfd, path, mode, 0);
}

/** faccessat2(2): asks with the real ids, or the effective ones with AT_EACCESS. */
export function sysFaccessat2(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  mode: number,
  flags: number,
): SyscallResult {
  if ((mode & ~(R_OK | W_OK | X_OK)) !== 0) return EINVAL;
  if ((flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return EINVAL;
  const target = targetAt(task, dirfd, path, flags);
  if (target instanceof Errno) return target;
  if (mode === F_OK) return 0;
  const { user, group } = task.credentials;
  const asking = (flags & AT_EACCESS) !== 0
    ? task.credentials
    : task.credentials.withUser({ ...user, filesystem: user.real }).withGroup({
      ...group,
      filesystem: group.real,
    });
  if (!(target instanceof OpenFile)) return mayAccess(asking, target.inode, mode);
  const stat = new Stat();
  return target.stat(stat) || accessBits(asking, stat, mode);
}

export function sysChmod(task: Task, path: UserPtr, mode: number): SyscallResult {
  return change(task, targetAt(task, AT_FDCWD, path, 0), { mode: mode & S_IALLUGO });
}
export function sysFchmod(task: Task, fd: Fd, mode: number): SyscallResult {
  return change(task, task.files.get(fd) ?? EBADF, { mode: mode & S_IALLUGO });
}
export function sysFchmodat(task: Task, dirfd: Fd, path: UserPtr, mode: number): SyscallResult {
  return change(task, targetAt(task, dirfd, path, 0), { mode: mode & S_IALLUGO });
}
export function sysFchmodat2(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  mode: number,
  flags: number,
): SyscallResult {
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return EINVAL;
  return change(task, targetAt(task, dirfd, path, flags), { mode: mode & S_IALLUGO });
}

export function sysChown(task: Task, path: UserPtr, uid: number, gid: number): SyscallResult {
  return change(task, targetAt(task, AT_FDCWD, path, 0), owner(uid, gid));
}
export function sysLchown(task: Task, path: UserPtr, uid: number, gid: number): SyscallResult {
  return change(task, targetAt(task, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW), owner(uid, gid));
}
export function sysFchown(task: Task, fd: Fd, uid: number, gid: number): SyscallResult {
  return change(task, task.files.get(fd) ?? EBADF, owner(uid, gid));
}
export function sysFchownat(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  uid: number,
  gid: number,
  flags: number,
): SyscallResult {
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return EINVAL;
  return change(task, targetAt(task, dirfd, path, flags), owner(uid, gid));
}

/** The 16-bit calls of i386, where 65535 stands for -1. */
export function sysChown16(task: Task, path: UserPtr, uid: number, gid: number): SyscallResult {
  return sysChown(task, path, wideId(uid), wideId(gid));
}
export function sysLchown16(task: Task, path: UserPtr, uid: number, gid: number): SyscallResult {
  return sysLchown(task, path, wideId(uid), wideId(gid));
}
export function sysFchown16(task: Task, fd: Fd, uid: number, gid: number): SyscallResult {
  return sysFchown(task, fd, wideId(uid), wideId(gid));
}

function wideId(id: number): number {
  return (id & 0xffff) === 0xffff ? -1 : id & 0xffff;
}

/** -1 leaves an id as it is. */
function owner(uid: number, gid: number): AttributeChanges {
  return {
    ...(uid === -1 || uid === 0xffff_ffff ? {} : { uid }),
    ...(gid === -1 || gid === 0xffff_ffff ? {} : { gid }),
  };
}

type Target = ReturnType<typeof targetAt>;

/** EPERM unless the task owns the file, or is root (setattr_prepare). */
function change(task: Task, target: Target, changes: AttributeChanges): Result {
  if (target instanceof Errno) return target;
  if (Object.keys(changes).length === 0) return 0;
  if (task.credentials.fsuid !== 0) {
    const stat = new Stat();
    const error = target instanceof OpenFile ? target.stat(stat) : target.inode.stat(stat);
    if (error !== 0) return error;
    if (stat.uid !== task.credentials.fsuid) return EPERM;
    if (changes.uid !== undefined && changes.uid !== stat.uid) return EPERM;
    if (changes.gid !== undefined && !task.credentials.inGroup(changes.gid)) return EPERM;
  }
  return target instanceof OpenFile ? target.setAttributes(changes) : target.inode.setAttributes(changes);
}

const UTIME_NOW = 0x3fff_ffff;
const UTIME_OMIT = 0x3fff_fffe;

/** utimensat(2); a null path means the descriptor itself. */
export function sysUtimensat(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  times: UserPtr,
  flags: number,
): SyscallResult {
  return setTimes(task, dirfd, path, readTimespecs(task, times, timespec[task.abi.name]), flags);
}
/** utimensat_time64(2), i386. */
export function sysUtimensat64(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  times: UserPtr,
  flags: number,
): SyscallResult {
  return setTimes(task, dirfd, path, readTimespecs(task, times, timespec64), flags);
}
export function sysFutimesat(task: Task, dirfd: Fd, path: UserPtr, times: UserPtr): SyscallResult {
  return setTimes(task, dirfd, path, readTimevals(task, times), 0);
}
export function sysUtimes(task: Task, path: UserPtr, times: UserPtr): SyscallResult {
  return setTimes(task, AT_FDCWD, path, readTimevals(task, times), 0);
}

/** utime(2): struct utimbuf is two times in seconds. */
export function sysUtime(task: Task, path: UserPtr, times: UserPtr): SyscallResult {
  if (times === 0) return setTimes(task, AT_FDCWD, path, "now", 0);
  const { long, word } = task.abi;
  const raw = copyIn(task, times, word * 2);
  if (raw instanceof Errno) return raw;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return setTimes(task, AT_FDCWD, path, [[long.read(view, 0), 0], [long.read(view, word), 0]], 0);
}

/** Seconds and nanoseconds of access and modification; UTIME_NOW and UTIME_OMIT may stand for the latter. */
type Times = readonly [readonly [number, number], readonly [number, number]] | "now";

function readTimespecs(
  task: Task,
  from: UserPtr,
  layout: typeof timespec64 | (typeof timespec)["i386"],
): Times | Errno {
  if (from === 0) return "now";
  const raw = copyIn(task, from, layout.size * 2);
  if (raw instanceof Errno) return raw;
  const [a, m] = [layout.decode(raw), layout.decode(raw.subarray(layout.size))];
  return [[a.tv_sec, a.tv_nsec], [m.tv_sec, m.tv_nsec]];
}

function readTimevals(task: Task, from: UserPtr): Times | Errno {
  if (from === 0) return "now";
  const layout = timeval[task.abi.name];
  const raw = copyIn(task, from, layout.size * 2);
  if (raw instanceof Errno) return raw;
  const [a, m] = [layout.decode(raw), layout.decode(raw.subarray(layout.size))];
  if ([a, m].some(({ tv_usec }) => tv_usec < 0 || tv_usec >= 1_000_000)) return EINVAL;
  return [[a.tv_sec, a.tv_usec * 1000], [m.tv_sec, m.tv_usec * 1000]];
}

function setTimes(task: Task, dirfd: Fd, path: UserPtr, times: Times | Errno, flags: number): Result {
  if (times instanceof Errno) return times;
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return EINVAL;
  const target = path === 0 && dirfd !== AT_FDCWD
    ? task.files.get(dirfd) ?? EBADF
    : targetAt(task, dirfd, path, flags);
  if (target instanceof Errno) return target;
  const now = task.kernel.clock.realtime();
  const wanted = times === "now" ? [[0, UTIME_NOW], [0, UTIME_NOW]] as const : times;
  const resolved: ([number, number] | undefined)[] = [];
  for (const [seconds, nanoseconds] of wanted) {
    if (nanoseconds === UTIME_OMIT) resolved.push(undefined);
    else if (nanoseconds === UTIME_NOW) resolved.push([now.tv_sec, now.tv_nsec]);
    else if (nanoseconds < 0 || nanoseconds >= 1e9) return EINVAL;
    else resolved.push([seconds, nanoseconds]);
  }
  const [atime, mtime] = resolved;
  return change(task, target, { ...(atime ? { atime } : {}), ...(mtime ? { mtime } : {}) });
}

/** truncate(2), truncate64(2). */
export function sysTruncate(task: Task, path: UserPtr, length: number): SyscallResult {
  if (length < 0) return EINVAL;
  if (length > Number.MAX_SAFE_INTEGER) return EFBIG;
  const target = targetAt(task, AT_FDCWD, path, 0);
  if (target instanceof Errno) return target;
  if (target instanceof OpenFile) return target.truncate(length);
  if (target.inode.isDirectory) return EISDIR;
  const denied = mayAccess(task.credentials, target.inode, W_OK);
  if (denied !== 0) return denied;
  const { inode } = target;
  const size = () => {
    const stat = new Stat();
    return inode.stat(stat) === 0 ? stat.size : 0;
  };
  return mayResize(task, length, size) || inode.truncate(length);
}

/** ftruncate(2), ftruncate64(2). */
export function sysFtruncate(task: Task, fd: Fd, length: number): SyscallResult {
  if (length < 0) return EINVAL;
  if (length > Number.MAX_SAFE_INTEGER) return EFBIG;
  const file = task.files.get(fd);
  if (!file) return EBADF;
  if (!file.writable) return EINVAL;
  return mayResize(task, length, () => sizeOf(file)) || file.truncate(length);
}

export function sysFsync(task: Task, fd: Fd): SyscallResult {
  return task.files.get(fd)?.sync() ?? EBADF;
}
export function sysFdatasync(task: Task, fd: Fd): SyscallResult {
  return sysFsync(task, fd);
}
export function sysSyncfs(task: Task, fd: Fd): SyscallResult {
  return task.files.get(fd) ? 0 : EBADF;
}
/** sync(2): the files of this task; others flush their own. */
export function sysSync(task: Task): SyscallResult {
  for (const [, file] of task.files.entries()) file.sync();
  return 0;
}
