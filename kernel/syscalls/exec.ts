/** execve(2), execveat(2). */
import { E2BIG, EACCES, EBADF, EINVAL, ELOOP, ENOENT, Errno } from "../abi/errno.ts";
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from "../abi/fcntl.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { execve } from "../exec/execve.ts";
import type { Location } from "../fs/mount.ts";
import { absolutePath } from "../fs/mount.ts";
import { walk } from "../fs/path_walk.ts";
import { copyInString, copyInWords } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { pathArgument, startOf } from "./path_args.ts";
import type { SyscallResult } from "./result.ts";

/** One string's limit (MAX_ARG_STRLEN), and that of their number (MAX_ARG_STRINGS is out of any memory's reach). */
const MAX_STRING = 32 * 4096;
const MAX_STRINGS = 0x10_0000;

export function sysExecve(task: Task, path: UserPtr, argv: UserPtr, envp: UserPtr): SyscallResult {
  const name = pathArgument(task, path);
  if (name instanceof Errno) return name;
  if (name === "") return ENOENT;
  return executeFrom(task, task.fs.cwd, name, argv, envp);
}

export function sysExecveat(
  task: Task,
  dirfd: Fd,
  path: UserPtr,
  argv: UserPtr,
  envp: UserPtr,
  flags: number,
): SyscallResult {
  const name = pathArgument(task, path);
  if (name instanceof Errno) return name;
  if ((flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) !== 0) return EINVAL;
  if (name !== "") {
    const start = startOf(task, dirfd, name);
    if (start instanceof Errno) return start;
    const isLink = (flags & AT_SYMLINK_NOFOLLOW) !== 0 && isSymlink(task, start, name);
    return isLink ? ELOOP : executeFrom(task, start, name, argv, envp);
  }
  if ((flags & AT_EMPTY_PATH) === 0) return ENOENT;
  const file = task.files.get(dirfd);
  if (dirfd !== AT_FDCWD && file === undefined) return EBADF;
  const location = dirfd === AT_FDCWD ? task.fs.cwd : file?.location;
  return location === undefined ? EACCES : executeFrom(task, location, absolutePath(location), argv, envp);
}

function isSymlink(task: Task, start: Location, path: string): boolean {
  const found = walk(task.fs, start, path, false);
  return !(found instanceof Errno) && found.inode.isSymlink;
}

function executeFrom(task: Task, start: Location, path: string, argv: UserPtr, envp: UserPtr): SyscallResult {
  const words = readStrings(task, argv);
  if (words instanceof Errno) return words;
  const variables = readStrings(task, envp);
  if (variables instanceof Errno) return variables;
  return execve(task, start, path, words, variables);
}

/** A null pointer stands for an empty list, as on Linux. */
function readStrings(task: Task, list: UserPtr): Uint8Array[] | Errno {
  if (list === 0) return [];
  const pointers = copyInWords(task, list, task.abi.word, MAX_STRINGS);
  if (pointers instanceof Errno) return pointers;
  const strings: Uint8Array[] = [];
  for (const pointer of pointers) {
    const text = copyInString(task, pointer, MAX_STRING);
    if (text instanceof Errno) return text.name === "ENAMETOOLONG" ? E2BIG : text;
    strings.push(text);
  }
  return strings;
}
