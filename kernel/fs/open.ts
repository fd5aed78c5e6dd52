/** open(2): from a path to an open file. Linux: fs/namei.c:path_openat. */
import { EEXIST, EINVAL, EISDIR, ELOOP, ENOENT, ENOTDIR, ENXIO, Errno } from "../abi/errno.ts";
import {
  O_ACCMODE,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_PATH,
  O_RDONLY,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
  R_OK,
  W_OK,
} from "../abi/fcntl.ts";
import { S_IALLUGO, S_IFDIR, S_IFLNK, S_IFREG, S_IFSOCK } from "../abi/stat.ts";
import type { Credentials } from "../task/credentials.ts";
import type { FsContext } from "./fs_context.ts";
import type { OpenerContext } from "./inode.ts";
import type { Location } from "./mount.ts";
import { type OpenFile, PathFile } from "./open_file.ts";
import { followLink, lookupLast, walk, walkParent } from "./path_walk.ts";
import { mayAccess } from "./permission.ts";

/** The task that opens, as far as files are concerned. */
export interface Opener extends OpenerContext {
  readonly fs: FsContext;
  readonly credentials: Credentials;
}

/** Flags that are not kept in the open file. */
const TRANSIENT = O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC | 0o400;

/** Opens `path` from `start`; the caller owns the file. */
export function openPath(
  task: Opener,
  start: Location,
  path: string,
  flags: number,
  mode: number,
): OpenFile | Errno {
  if ((flags & O_PATH) !== 0) return openPlace(task, start, path, flags);
  if ((flags & O_TMPFILE) === O_TMPFILE) return EISDIR; // file systems without it answer so
  if ((flags & O_CREAT) === 0) {
    const found = walk(task.fs, start, path, (flags & O_NOFOLLOW) === 0);
    if (found instanceof Errno) return found;
    if (path.endsWith("/") && !found.inode.isDirectory) return ENOTDIR;
    return openLocation(task, found, flags);
  }
  if ((flags & O_DIRECTORY) !== 0) return EINVAL;
  return createOrOpen(task, start, path, flags, mode, 0);
}

/** Opens what was found; O_CREAT and O_EXCL have been dealt with. */
export function openLocation(task: Opener, at: Location, flags: number): OpenFile | Errno {
  const { type } = at.inode;
  if (type === S_IFLNK) return (flags & O_DIRECTORY) !== 0 ? ENOTDIR : ELOOP;
  if ((flags & O_DIRECTORY) !== 0 && type !== S_IFDIR) return ENOTDIR;
  const access = flags & O_ACCMODE;
  if (type === S_IFDIR && (access !== O_RDONLY || (flags & O_CREAT) !== 0)) return EISDIR;
  if (type === S_IFSOCK) return ENXIO;
  const truncates = (flags & O_TRUNC) !== 0 && type === S_IFREG;
  const wanted = (access === O_WRONLY ? 0 : R_OK) | (access === O_RDONLY && !truncates ? 0 : W_OK);
  const denied = mayAccess(task.credentials, at.inode, wanted);
  if (denied !== 0) return denied;
  const file = at.inode.open({ flags, location: at, actor: task.credentials, task });
  if (file instanceof Errno) return file;
  file.flags = flags & ~TRANSIENT;
  if (truncates && access === O_RDONLY) {
    const error = at.inode.truncate(0);
    if (error !== 0) {
      file.release();
      return error;
    }
  }
  return file;
}

function openPlace(task: Opener, start: Location, path: string, flags: number): OpenFile | Errno {
  const found = walk(task.fs, start, path, (flags & O_NOFOLLOW) === 0);
  if (found instanceof Errno) return found;
  if ((flags & O_DIRECTORY) !== 0 && !found.inode.isDirectory) return ENOTDIR;
  return new PathFile(flags & (O_PATH | O_DIRECTORY | O_NOFOLLOW), found);
}

function createOrOpen(
  task: Opener,
  start: Location,
  path: string,
  flags: number,
  mode: number,
  links: number,
): OpenFile | Errno {
  const last = walkParent(task.fs, start, path);
  if (last instanceof Errno) return last;
  if (last.trailingSlash || last.name === "." || last.name === ".." || last.name === "/") return EISDIR;
  const found = lookupLast(task.fs, last);
  if (found === ENOENT) {
    const created = createFile(task, last.parent, last.name, flags, mode);
    return created === EEXIST && (flags & O_EXCL) === 0 && links < 40
      ? createOrOpen(task, start, path, flags, mode, links + 1) // someone was faster
      : created;
  }
  if (found instanceof Errno) return found;
  if ((flags & O_EXCL) !== 0) return EEXIST;
  if (!found.inode.isSymlink) return openLocation(task, found, flags);
  if ((flags & O_NOFOLLOW) !== 0 || links >= 40) return ELOOP;
  const target = followLink(task.fs, last.parent, found.inode, links);
  if (!(target instanceof Errno)) return openLocation(task, target, flags);
  if (target !== ENOENT) return target;
  const text = found.inode.readlink(task.fs.viewer); // a dangling link: create what it names
  return text instanceof Errno ? text : createOrOpen(task, last.parent, text, flags, mode, links + 1);
}

function createFile(
  task: Opener,
  directory: Location,
  name: string,
  flags: number,
  mode: number,
): OpenFile | Errno {
  const denied = mayAccess(task.credentials, directory.inode, W_OK);
  if (denied !== 0) return denied;
  const inode = directory.inode.create(name, mode & S_IALLUGO & ~task.fs.umask, {
    flags,
    actor: task.credentials,
    task,
  });
  if (inode instanceof Errno) return inode;
  const location = { mount: directory.mount, inode };
  const file = inode.open({ flags: flags & ~O_TRUNC, location, actor: task.credentials, task });
  if (file instanceof Errno) return file;
  file.flags = flags & ~TRANSIENT;
  return file;
}
