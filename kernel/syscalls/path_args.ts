/** Reading the path arguments of calls. */
import { EBADF, ENOENT, ENOTDIR, Errno } from "../abi/errno.ts";
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW, PATH_MAX } from "../abi/fcntl.ts";
import { decodeName } from "../abi/names.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { Location } from "../fs/mount.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { walk } from "../fs/path_walk.ts";
import { copyInString } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";

/** Bytes within which most paths end: those are decoded where they lie. */
const SHORT_PATH = 128;

/** A path as the guest passed it. EFAULT, ENAMETOOLONG. */
export function pathArgument(task: Task, path: UserPtr): string | Errno {
  const span = task.mm.span(path, SHORT_PATH, false);
  for (let i = 0; i < span.length; i++) if (span[i] === 0) return decodeName(span, i);
  const raw = copyInString(task, path, PATH_MAX);
  return raw instanceof Errno ? raw : decodeName(raw);
}

/** Where a relative path of an *at call begins. EBADF; ENOTDIR when the descriptor is no directory. */
export function startOf(task: Task, dirfd: Fd, path: string): Location | Errno {
  if (dirfd === AT_FDCWD || path.charCodeAt(0) === 47) return task.fs.cwd;
  const file = task.files.get(dirfd);
  if (!file) return EBADF;
  return file.location?.inode.isDirectory ? file.location : ENOTDIR;
}

/** Resolves the path of an *at call. */
export function walkAt(task: Task, dirfd: Fd, path: string, follow: boolean): Location | Errno {
  const start = startOf(task, dirfd, path);
  return start instanceof Errno ? start : walk(task.fs, start, path, follow);
}

/**
 * What an *at call with AT_EMPTY_PATH and AT_SYMLINK_NOFOLLOW means: a place, or for an empty path the open file
 * itself (for AT_FDCWD the working directory).
 */
export function targetAt(task: Task, dirfd: Fd, path: UserPtr, flags: number): Location | OpenFile | Errno {
  const text = pathArgument(task, path);
  if (text instanceof Errno) return text;
  if (text === "") {
    if ((flags & AT_EMPTY_PATH) === 0) return ENOENT;
    return dirfd === AT_FDCWD ? task.fs.cwd : task.files.get(dirfd) ?? EBADF;
  }
  const found = walkAt(task, dirfd, text, (flags & AT_SYMLINK_NOFOLLOW) === 0);
  if (found instanceof Errno) return found;
  return text.endsWith("/") && !found.inode.isDirectory ? ENOTDIR : found;
}
