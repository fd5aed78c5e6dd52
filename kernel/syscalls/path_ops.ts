/** Making, removing and renaming names: mkdir(2), unlink(2), rename(2), link(2), symlink(2), readlink(2). */
import {
  EBUSY,
  EEXIST,
  EINVAL,
  EISDIR,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  Errno,
  EXDEV,
} from "../abi/errno.ts";
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_REMOVEDIR,
  AT_SYMLINK_FOLLOW,
  O_CREAT,
  O_EXCL,
  O_WRONLY,
  RENAME_EXCHANGE,
  RENAME_NOREPLACE,
  RENAME_WHITEOUT,
  W_OK,
  X_OK,
} from "../abi/fcntl.ts";
import { encodeName } from "../abi/names.ts";
import { S_IFDIR, S_IFMT, S_IFREG } from "../abi/stat.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { Location } from "../fs/mount.ts";
import { openPath } from "../fs/open.ts";
import { OpenFile } from "../fs/open_file.ts";
import { type LastName, lookupLast, walkParent } from "../fs/path_walk.ts";
import { mayAccess } from "../fs/permission.ts";
import { copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { pathArgument, startOf, targetAt, walkAt } from "./path_args.ts";
import type { SyscallResult } from "./result.ts";

export function sysMkdir(task: Task, path: UserPtr, mode: number): SyscallResult {
  return sysMkdirat(task, AT_FDCWD, path, mode);
}

export function sysMkdirat(task: Task, dirfd: Fd, path: UserPtr, mode: number): SyscallResult {
  const last = newName(task, dirfd, path, true);
  if (last instanceof Errno) return last;
  return last.parent.inode.mkdir(last.name, mode & 0o1777 & ~task.fs.umask, task.credentials);
}

export function sysMknod(task: Task, path: UserPtr, mode: number, dev: number): SyscallResult {
  return sysMknodat(task, AT_FDCWD, path, mode, dev);
}

/** mknodat(2): regular files everywhere, other kinds where the file system has them. */
export function sysMknodat(task: Task, dirfd: Fd, path: UserPtr, mode: number, dev: number): SyscallResult {
  const type = mode & S_IFMT;
  if (type === S_IFDIR) return EPERM;
  if (type !== 0 && type !== S_IFREG) {
    const last = newName(task, dirfd, path, false);
    if (last instanceof Errno) return last;
    return last.parent.inode.mknod(last.name, mode & ~task.fs.umask, dev, task.credentials);
  }
  const text = pathArgument(task, path);
  if (text instanceof Errno) return text;
  const start = startOf(task, dirfd, text);
  if (start instanceof Errno) return start;
  const file = openPath(task, start, text, O_CREAT | O_EXCL | O_WRONLY, mode);
  if (file instanceof Errno) return file;
  file.release();
  return 0;
}

export function sysRmdir(task: Task, path: UserPtr): SyscallResult {
  return removeDirectory(task, AT_FDCWD, path);
}
export function sysUnlink(task: Task, path: UserPtr): SyscallResult {
  return unlink(task, AT_FDCWD, path);
}
export function sysUnlinkat(task: Task, dirfd: Fd, path: UserPtr, flags: number): SyscallResult {
  if ((flags & ~AT_REMOVEDIR) !== 0) return EINVAL;
  return (flags & AT_REMOVEDIR) !== 0 ? removeDirectory(task, dirfd, path) : unlink(task, dirfd, path);
}

function unlink(task: Task, dirfd: Fd, path: UserPtr): SyscallResult {
  const last = lastName(task, dirfd, path);
  if (last instanceof Errno) return last;
  if (isSpecial(last.name)) return EISDIR;
  const found = lookupLast(task.fs, last);
  if (found instanceof Errno) return found;
  if (found.inode.isDirectory) return EISDIR;
  if (last.trailingSlash) return ENOTDIR;
  return mayChange(task, last.parent) || last.parent.inode.unlink(last.name);
}

function removeDirectory(task: Task, dirfd: Fd, path: UserPtr): SyscallResult {
  const last = lastName(task, dirfd, path);
  if (last instanceof Errno) return last;
  if (last.name === ".") return EINVAL;
  if (last.name === "..") return ENOTEMPTY;
  if (last.name === "/") return EBUSY;
  const found = lookupLast(task.fs, last);
  if (found instanceof Errno) return found;
  if (!found.inode.isDirectory) return ENOTDIR;
  if (found.mount !== last.parent.mount) return EBUSY;
  return mayChange(task, last.parent) || last.parent.inode.rmdir(last.name);
}

export function sysRename(task: Task, from: UserPtr, to: UserPtr): SyscallResult {
  return sysRenameat2(task, AT_FDCWD, from, AT_FDCWD, to, 0);
}
export function sysRenameat(task: Task, fromDir: Fd, from: UserPtr, toDir: Fd, to: UserPtr): SyscallResult {
  return sysRenameat2(task, fromDir, from, toDir, to, 0);
}

/** renameat2(2); RENAME_EXCHANGE and RENAME_WHITEOUT are up to the file system. */
export function sysRenameat2(
  task: Task,
  fromDir: Fd,
  from: UserPtr,
  toDir: Fd,
  to: UserPtr,
  flags: number,
): SyscallResult {
  const known = RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT;
  if ((flags & ~known) !== 0) return EINVAL;
  if ((flags & RENAME_EXCHANGE) !== 0 && (flags & ~RENAME_EXCHANGE) !== 0) return EINVAL;
  const source = lastName(task, fromDir, from);
  if (source instanceof Errno) return source;
  const target = lastName(task, toDir, to);
  if (target instanceof Errno) return target;
  if (source.parent.mount !== target.parent.mount) return EXDEV;
  if (isSpecial(source.name)) return EBUSY;
  if (isSpecial(target.name)) return (flags & RENAME_NOREPLACE) !== 0 ? EEXIST : EBUSY;
  const found = lookupLast(task.fs, source);
  if (found instanceof Errno) return found;
  if (found.mount !== source.parent.mount) return EBUSY;
  if (!found.inode.isDirectory && (source.trailingSlash || target.trailingSlash)) return ENOTDIR;
  return mayChange(task, source.parent) || mayChange(task, target.parent) ||
    source.parent.inode.rename(source.name, target.parent.inode, target.name, flags);
}

export function sysLink(task: Task, from: UserPtr, to: UserPtr): SyscallResult {
  return sysLinkat(task, AT_FDCWD, from, AT_FDCWD, to, 0);
}

export function sysLinkat(
  task: Task,
  fromDir: Fd,
  from: UserPtr,
  toDir: Fd,
  to: UserPtr,
  flags: number,
): SyscallResult {
  if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) !== 0) return EINVAL;
  const source = linkSource(task, fromDir, from, flags);
  if (source instanceof Errno) return source;
  const last = newName(task, toDir, to, false);
  if (last instanceof Errno) return last;
  if (source.mount !== last.parent.mount) return EXDEV;
  if (source.inode.isDirectory) return EPERM;
  return last.parent.inode.link(last.name, source.inode);
}

function linkSource(task: Task, dirfd: Fd, path: UserPtr, flags: number): Location | Errno {
  const text = pathArgument(task, path);
  if (text instanceof Errno) return text;
  if (text !== "") return walkAt(task, dirfd, text, (flags & AT_SYMLINK_FOLLOW) !== 0);
  const file = targetAt(task, dirfd, path, flags);
  return file instanceof OpenFile ? file.location ?? ENOENT : file;
}

export function sysSymlink(task: Task, target: UserPtr, path: UserPtr): SyscallResult {
  return sysSymlinkat(task, target, AT_FDCWD, path);
}

export function sysSymlinkat(task: Task, target: UserPtr, dirfd: Fd, path: UserPtr): SyscallResult {
  const text = pathArgument(task, target);
  if (text instanceof Errno) return text;
  if (text === "") return ENOENT;
  const last = newName(task, dirfd, path, false);
  if (last instanceof Errno) return last;
  return last.parent.inode.symlink(last.name, text, task.credentials);
}

export function sysReadlink(task: Task, path: UserPtr, to: UserPtr, size: number): SyscallResult {
  return sysReadlinkat(task, AT_FDCWD, path, to, size);
}

/** readlinkat(2): cut to `size`, without NUL. */
export function sysReadlinkat(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  to: UserPtr,
  size: number,
): SyscallResult {
  if ((size | 0) <= 0) return EINVAL;
  const text = pathArgument(task, path);
  if (text instanceof Errno) return text;
  const at = text === "" ? task.files.get(dirfd)?.location ?? ENOENT : walkAt(task, dirfd, text, false);
  if (at instanceof Errno) return at;
  if (!at.inode.isSymlink) return text === "" ? ENOENT : EINVAL;
  const target = at.inode.readlink(task);
  if (target instanceof Errno) return target;
  const bytes = encodeName(target).subarray(0, size);
  const error = copyOut(task, to, bytes);
  return error === 0 ? bytes.length : error;
}

/** The last name of a path that must exist. */
function lastName(task: Task, dirfd: Fd, path: UserPtr): LastName | Errno {
  const text = pathArgument(task, path);
  if (text instanceof Errno) return text;
  const start = startOf(task, dirfd, text);
  return start instanceof Errno ? start : walkParent(task.fs, start, text);
}

/** The last name of a path that must not exist yet: EEXIST; ENOENT for a trailing slash unless it may have one. */
function newName(task: Task, dirfd: Fd, path: UserPtr, slashAllowed: boolean): LastName | Errno {
  const last = lastName(task, dirfd, path);
  if (last instanceof Errno) return last;
  if (isSpecial(last.name)) return EEXIST;
  const found = lookupLast(task.fs, last);
  if (!(found instanceof Errno)) return EEXIST;
  if (found !== ENOENT) return found;
  if (last.trailingSlash && !slashAllowed) return ENOENT;
  const denied = mayChange(task, last.parent);
  return denied === 0 ? last : denied;
}

function isSpecial(name: string): boolean {
  return name === "." || name === ".." || name === "/";
}

function mayChange(task: Task, directory: Location): 0 | Errno {
  return mayAccess(task.credentials, directory.inode, W_OK | X_OK);
}
