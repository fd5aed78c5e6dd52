/** getdents(2), getcwd(2), chdir(2), chroot(2), umask(2). */
import { EBADF, EINVAL, ENOENT, ENOTDIR, EPERM, ERANGE, Errno } from "../abi/errno.ts";
import { AT_FDCWD, X_OK } from "../abi/fcntl.ts";
import { dirent64, direntI386, direntX64 } from "../abi/dirent.ts";
import { encodeName } from "../abi/names.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { absolutePath, type Location } from "../fs/mount.ts";
import type { DirEntry, OpenFile } from "../fs/open_file.ts";
import { mayAccess } from "../fs/permission.ts";
import { copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { pathArgument, walkAt } from "./path_args.ts";
import type { SyscallResult } from "./result.ts";

export function sysGetdents(task: Task, fd: Fd, to: UserPtr, count: number): SyscallResult {
  return listDirectory(task, fd, to, count, task.abi.name === "i386" ? recordI386 : recordX64);
}
export function sysGetdents64(task: Task, fd: Fd, to: UserPtr, count: number): SyscallResult {
  return listDirectory(task, fd, to, count, record64);
}

/** One entry's record; `next` is the position after it. */
type RecordMaker = (entry: DirEntry, next: number) => Uint8Array<ArrayBuffer>;

function listDirectory(task: Task, fd: Fd, to: UserPtr, count: number, make: RecordMaker): SyscallResult {
  const file = task.files.get(fd);
  if (!file) return EBADF;
  const entries = file.readEntries();
  if (entries instanceof Errno) return entries;
  return fillRecords(task, file, entries, to, count, make);
}

function fillRecords(
  task: Task,
  file: OpenFile,
  entries: readonly DirEntry[],
  to: UserPtr,
  count: number,
  make: RecordMaker,
): SyscallResult {
  let done = 0;
  while (file.position < entries.length) {
    const record = make(entries[file.position]!, file.position + 1);
    if (done + record.length > count) {
      if (done === 0) return EINVAL;
      break;
    }
    const error = copyOut(task, to + done, record);
    if (error !== 0) return done > 0 ? done : error;
    done += record.length;
    file.position++;
  }
  return done;
}

function record64(entry: DirEntry, next: number): Uint8Array<ArrayBuffer> {
  const name = encodeName(entry.name);
  const out = new Uint8Array(roundUp(dirent64.size + name.length + 1, 8));
  const head = { d_ino: entry.ino, d_off: next, d_reclen: out.length, d_type: entry.type >> 12 };
  dirent64.write(new DataView(out.buffer), 0, head);
  out.set(name, dirent64.size);
  return out;
}

function recordX64(entry: DirEntry, next: number): Uint8Array<ArrayBuffer> {
  return oldRecord(direntX64, 8, entry, entry.ino, next);
}
/** Linux says EOVERFLOW for large inode numbers; ours are large on every NTFS, so they are folded, as in stat(2). */
function recordI386(entry: DirEntry, next: number): Uint8Array<ArrayBuffer> {
  return oldRecord(direntI386, 4, entry, (entry.ino ^ Math.floor(entry.ino / 2 ** 32)) >>> 0, next);
}

function oldRecord(
  layout: typeof direntX64 | typeof direntI386,
  word: number,
  entry: DirEntry,
  ino: number,
  next: number,
): Uint8Array<ArrayBuffer> {
  const name = encodeName(entry.name);
  const out = new Uint8Array(roundUp(layout.size + name.length + 2, word));
  layout.write(new DataView(out.buffer), 0, { d_ino: ino, d_off: next, d_reclen: out.length });
  out.set(name, layout.size);
  out[out.length - 1] = entry.type >> 12;
  return out;
}

function roundUp(size: number, word: number): number {
  return Math.ceil(size / word) * word;
}

/** getcwd(2): the length with the NUL. ERANGE, ENOENT when the directory was removed. */
export function sysGetcwd(task: Task, to: UserPtr, size: number): SyscallResult {
  const path = visiblePath(task, task.fs.cwd);
  if (path === undefined) return ENOENT;
  const bytes = encodeName(path + "\0");
  if (bytes.length > size) return ERANGE;
  const error = copyOut(task, to, bytes);
  return error === 0 ? bytes.length : error;
}

/** The path of a place as the task's root shows it; "(unreachable)" goes before what lies outside (getcwd(3)). */
export function visiblePath(task: Task, at: Location): string | undefined {
  const path = absolutePath(at);
  const root = absolutePath(task.fs.root);
  if (root === "/") return path;
  if (path === root) return "/";
  return path.startsWith(root + "/") ? path.slice(root.length) : "(unreachable)" + path;
}

export function sysChdir(task: Task, path: UserPtr): SyscallResult {
  const at = directoryArgument(task, path);
  if (at instanceof Errno) return at;
  task.fs.setCwd(at);
  return 0;
}

export function sysFchdir(task: Task, fd: Fd): SyscallResult {
  const file = task.files.get(fd);
  if (!file) return EBADF;
  const at = file.location;
  if (!at?.inode.isDirectory) return ENOTDIR;
  const denied = mayAccess(task.credentials, at.inode, X_OK);
  if (denied !== 0) return denied;
  task.fs.setCwd(at);
  return 0;
}

export function sysChroot(task: Task, path: UserPtr): SyscallResult {
  const at = directoryArgument(task, path);
  if (at instanceof Errno) return at;
  if (!task.credentials.privileged) return EPERM;
  task.fs.setRoot(at);
  return 0;
}

function directoryArgument(task: Task, path: UserPtr): Location | Errno {
  const text = pathArgument(task, path);
  if (text instanceof Errno) return text;
  const at = walkAt(task, AT_FDCWD, text, true);
  if (at instanceof Errno) return at;
  if (!at.inode.isDirectory) return ENOTDIR;
  const denied = mayAccess(task.credentials, at.inode, X_OK);
  return denied === 0 ? at : denied;
}

export function sysUmask(task: Task, mask: number): SyscallResult {
  const old = task.fs.umask;
  task.fs.umask = mask & 0o777;
  return old;
}
