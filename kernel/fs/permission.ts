/** Permission bits (path_resolution(7)). Linux: fs/namei.c:generic_permission. */
import { EACCES, type Errno } from "../abi/errno.ts";
import { X_OK } from "../abi/fcntl.ts";
import { S_IFDIR, S_IFMT } from "../abi/stat.ts";
import type { Credentials } from "../task/credentials.ts";
import type { Inode } from "./inode.ts";
import { Stat } from "./stat.ts";

/** Whether the task may access the inode with its file system ids; `wanted` is R_OK | W_OK | X_OK. */
export function mayAccess(credentials: Credentials, inode: Inode, wanted: number): 0 | Errno {
  if (wanted === 0) return 0;
  // root reads and writes everything, and searches every directory
  if (credentials.fsuid === 0 && ((wanted & X_OK) === 0 || inode.isDirectory)) return 0;
  const stat = new Stat();
  const error = inode.stat(stat);
  return error === 0 ? accessBits(credentials, stat, wanted) : error;
}

/** The same for attributes already known. */
export function accessBits(credentials: Credentials, stat: Stat, wanted: number): 0 | Errno {
  const isDirectory = (stat.mode & S_IFMT) === S_IFDIR;
  if (credentials.fsuid === 0) {
    return (wanted & X_OK) === 0 || isDirectory || (stat.mode & 0o111) !== 0 ? 0 : EACCES;
  }
  const shift = stat.uid === credentials.fsuid ? 6 : credentials.inGroup(stat.gid) ? 3 : 0;
  return (wanted & ~(stat.mode >> shift)) === 0 ? 0 : EACCES;
}
