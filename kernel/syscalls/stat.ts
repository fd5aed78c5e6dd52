/** stat(2) in all its forms, statx(2), statfs(2). */
import { EBADF, EINVAL, EOVERFLOW, Errno } from "../abi/errno.ts";
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_NO_AUTOMOUNT,
  AT_STATX_SYNC_TYPE,
  AT_SYMLINK_NOFOLLOW,
} from "../abi/fcntl.ts";
import {
  major,
  minor,
  oldStatI386,
  stat64I386,
  statI386,
  statx,
  statX64,
  STATX__RESERVED,
  STATX_BASIC_STATS,
  STATX_BTIME,
  STATX_MNT_ID,
} from "../abi/stat.ts";
import { statfs64I386, statfsI386, statfsX64 } from "../abi/statfs.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { StatfsInfo } from "../fs/inode.ts";
import { OpenFile } from "../fs/open_file.ts";
import { Stat } from "../fs/stat.ts";
import { copyOut, copyOutStruct } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { targetAt } from "./path_args.ts";
import type { SyscallResult } from "./result.ts";

type Writer = (task: Task, to: UserPtr, stat: Stat) => SyscallResult;

/** stat(2): newstat on i386. */
export function sysStat(task: Task, path: UserPtr, to: UserPtr): SyscallResult {
  return statAt(task, AT_FDCWD, path, to, 0, writeStat);
}
export function sysLstat(task: Task, path: UserPtr, to: UserPtr): SyscallResult {
  return statAt(task, AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW, writeStat);
}
export function sysFstat(task: Task, fd: Fd, to: UserPtr): SyscallResult {
  return statFile(task, fd, to, writeStat);
}
/** newfstatat(2), x86-64. */
export function sysNewfstatat(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  to: UserPtr,
  flags: number,
): SyscallResult {
  return statAt(task, dirfd, path, to, flags, writeStat);
}

export function sysStat64(task: Task, path: UserPtr, to: UserPtr): SyscallResult {
  return statAt(task, AT_FDCWD, path, to, 0, writeStat64);
}
export function sysLstat64(task: Task, path: UserPtr, to: UserPtr): SyscallResult {
  return statAt(task, AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW, writeStat64);
}
export function sysFstat64(task: Task, fd: Fd, to: UserPtr): SyscallResult {
  return statFile(task, fd, to, writeStat64);
}
/** fstatat64(2), i386. */
export function sysFstatat64(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  to: UserPtr,
  flags: number,
): SyscallResult {
  return statAt(task, dirfd, path, to, flags, writeStat64);
}

export function sysOldstat(task: Task, path: UserPtr, to: UserPtr): SyscallResult {
  return statAt(task, AT_FDCWD, path, to, 0, writeOldStat);
}
export function sysOldlstat(task: Task, path: UserPtr, to: UserPtr): SyscallResult {
  return statAt(task, AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW, writeOldStat);
}
export function sysOldfstat(task: Task, fd: Fd, to: UserPtr): SyscallResult {
  return statFile(task, fd, to, writeOldStat);
}

/** statx(2). */
export function sysStatx(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  flags: number,
  mask: number,
  to: UserPtr,
): SyscallResult {
  if ((mask & STATX__RESERVED) !== 0 || (flags & AT_STATX_SYNC_TYPE) === AT_STATX_SYNC_TYPE) return EINVAL;
  return statAt(task, dirfd, path, to, flags & ~AT_STATX_SYNC_TYPE, writeStatx);
}

function statAt(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  to: UserPtr,
  flags: number,
  write: Writer,
): SyscallResult {
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)) !== 0) return EINVAL;
  const target = targetAt(task, dirfd, path, flags);
  if (target instanceof Errno) return target;
  const stat = new Stat();
  const error = target instanceof OpenFile ? target.stat(stat) : target.inode.stat(stat);
  return error === 0 ? write(task, to, stat) : error;
}

function statFile(task: Task, fd: Fd, to: UserPtr, write: Writer): SyscallResult {
  const file = task.files.get(fd);
  if (!file) return EBADF;
  const stat = new Stat();
  const error = file.stat(stat);
  return error === 0 ? write(task, to, stat) : error;
}

function writeStat(task: Task, to: UserPtr, stat: Stat): SyscallResult {
  if (task.abi.name === "i386") return writeStatI386(task, to, stat);
  const span = task.mm.span(to, statX64.size, true);
  const out = span.length === statX64.size ? span : new Uint8Array(statX64.size);
  fillStatX64(new DataView(out.buffer, out.byteOffset, statX64.size), stat);
  return out === span ? 0 : copyOut(task, to, out);
}

/** What statX64.write would do: stat(2) is called so often that the loop over the fields shows. */
function fillStatX64(view: DataView, stat: Stat): void {
  const at = statX64.offset;
  put64(view, at.st_dev, stat.dev);
  put64(view, at.st_ino, stat.ino);
  put64(view, at.st_nlink, stat.nlink);
  view.setUint32(at.st_mode, stat.mode, true);
  view.setUint32(at.st_uid, stat.uid, true);
  view.setUint32(at.st_gid, stat.gid, true);
  view.setUint32(at._pad0, 0, true);
  put64(view, at.st_rdev, stat.rdev);
  put64(view, at.st_size, stat.size);
  put64(view, at.st_blksize, stat.blksize);
  put64(view, at.st_blocks, stat.blocks);
  put64(view, at.st_atime, stat.atime);
  put64(view, at.st_atime_nsec, stat.atimeNsec);
  put64(view, at.st_mtime, stat.mtime);
  put64(view, at.st_mtime_nsec, stat.mtimeNsec);
  put64(view, at.st_ctime, stat.ctime);
  put64(view, at.st_ctime_nsec, stat.ctimeNsec);
  for (let i = 0; i < 24; i += 8) put64(view, at._unused + i, 0);
}

function put64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

/** Linux says EOVERFLOW for large inode numbers as well; ours are large on every NTFS, so they are folded. */
function writeStatI386(task: Task, to: UserPtr, stat: Stat): SyscallResult {
  if (stat.size > 0x7fff_ffff) return EOVERFLOW;
  return copyOutStruct(task, statI386, to, {
    st_dev: stat.dev,
    st_ino: fold32(stat.ino),
    st_mode: stat.mode,
    st_nlink: Math.min(stat.nlink, 0xffff),
    st_uid: short(stat.uid),
    st_gid: short(stat.gid),
    st_rdev: stat.rdev,
    st_size: stat.size,
    st_blksize: stat.blksize,
    st_blocks: stat.blocks,
    ...times(stat),
  });
}

function writeStat64(task: Task, to: UserPtr, stat: Stat): SyscallResult {
  return copyOutStruct(task, stat64I386, to, {
    st_dev: stat.dev,
    st_ino_low: fold32(stat.ino),
    st_mode: stat.mode,
    st_nlink: stat.nlink,
    st_uid: stat.uid,
    st_gid: stat.gid,
    st_rdev: stat.rdev,
    st_size: stat.size,
    st_blksize: stat.blksize,
    st_blocks: stat.blocks,
    ...times(stat),
    st_ino: stat.ino,
  });
}

function writeOldStat(task: Task, to: UserPtr, stat: Stat): SyscallResult {
  if (stat.size > 0x7fff_ffff) return EOVERFLOW;
  return copyOutStruct(task, oldStatI386, to, {
    st_dev: stat.dev & 0xffff,
    st_ino: fold32(stat.ino) & 0xffff,
    st_mode: stat.mode,
    st_nlink: Math.min(stat.nlink, 0xffff),
    st_uid: short(stat.uid),
    st_gid: short(stat.gid),
    st_rdev: stat.rdev & 0xffff,
    st_size: stat.size,
    st_atime: stat.atime,
    st_mtime: stat.mtime,
    st_ctime: stat.ctime,
  });
}

function writeStatx(task: Task, to: UserPtr, stat: Stat): SyscallResult {
  return copyOutStruct(task, statx, to, {
    stx_mask: STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID,
    stx_blksize: stat.blksize,
    stx_nlink: stat.nlink,
    stx_uid: stat.uid,
    stx_gid: stat.gid,
    stx_mode: stat.mode,
    stx_ino: stat.ino,
    stx_size: stat.size,
    stx_blocks: stat.blocks,
    stx_atime: { tv_sec: stat.atime, tv_nsec: stat.atimeNsec },
    stx_btime: { tv_sec: stat.btime, tv_nsec: stat.btimeNsec },
    stx_ctime: { tv_sec: stat.ctime, tv_nsec: stat.ctimeNsec },
    stx_mtime: { tv_sec: stat.mtime, tv_nsec: stat.mtimeNsec },
    stx_rdev_major: major(stat.rdev),
    stx_rdev_minor: minor(stat.rdev),
    stx_dev_major: major(stat.dev),
    stx_dev_minor: minor(stat.dev),
    stx_mnt_id: stat.dev,
  });
}

function times(stat: Stat) {
  return {
    st_atime: stat.atime,
    st_atime_nsec: stat.atimeNsec,
    st_mtime: stat.mtime,
    st_mtime_nsec: stat.mtimeNsec,
    st_ctime: stat.ctime,
    st_ctime_nsec: stat.ctimeNsec,
  };
}

function fold32(ino: number): number {
  return (ino ^ Math.floor(ino / 2 ** 32)) >>> 0;
}

/** A 16-bit id; larger ones are the overflow id 65534 (high2lowuid). */
function short(id: number): number {
  return id > 0xffff ? 65534 : id;
}

export function sysStatfs(task: Task, path: UserPtr, to: UserPtr): SyscallResult {
  return statfsOf(task, targetAt(task, AT_FDCWD, path, 0), to, false);
}
export function sysFstatfs(task: Task, fd: Fd, to: UserPtr): SyscallResult {
  return statfsOf(task, task.files.get(fd) ?? EBADF, to, false);
}
/** statfs64(2), i386: `size` is that of the caller's struct. */
export function sysStatfs64(task: Task, path: UserPtr, size: number, to: UserPtr): SyscallResult {
  return size !== statfs64I386.size ? EINVAL : statfsOf(task, targetAt(task, AT_FDCWD, path, 0), to, true);
}
export function sysFstatfs64(task: Task, fd: Fd, size: number, to: UserPtr): SyscallResult {
  return size !== statfs64I386.size ? EINVAL : statfsOf(task, task.files.get(fd) ?? EBADF, to, true);
}

function statfsOf(
  task: Task,
  target: ReturnType<typeof targetAt>,
  to: UserPtr,
  large: boolean,
): SyscallResult {
  if (target instanceof Errno) return target;
  const fs = target instanceof OpenFile ? target.location?.inode.fs : target.inode.fs;
  const info = fs ? fs.statfs() : NAMELESS;
  if (info instanceof Errno) return info;
  const layout = task.abi.name === "x86_64" ? statfsX64 : large ? statfs64I386 : statfsI386;
  return copyOutStruct(task, layout, to, {
    f_type: info.type,
    f_bsize: info.blockSize,
    f_blocks: info.blocks,
    f_bfree: info.free,
    f_bavail: info.available,
    f_files: info.files,
    f_ffree: info.freeFiles,
    f_fsid: [fs?.dev ?? 0, 0],
    f_namelen: info.nameLength,
    f_frsize: info.blockSize,
    f_flags: ST_VALID,
  });
}

/** ST_VALID: f_flags is filled in. */
const ST_VALID = 0x20;

/** What has no file system of ours: streams and pipes (pipefs). */
const NAMELESS: StatfsInfo = {
  type: 0x50495045,
  blockSize: 4096,
  blocks: 0,
  free: 0,
  available: 0,
  files: 0,
  freeFiles: 0,
  nameLength: 255,
};
