/** openat2(2). Linux: fs/open.c:build_open_flags. */
import { EAGAIN, EINVAL, Errno } from "../abi/errno.ts";
import {
  O_ACCMODE,
  O_APPEND,
  O_ASYNC,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECT,
  O_DIRECTORY,
  O_EXCL,
  O_LARGEFILE,
  O_NOATIME,
  O_NOCTTY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_PATH,
  O_SYNC,
  O_TMPFILE,
  O_TRUNC,
} from "../abi/fcntl.ts";
import { openHow, RESOLVE_BENEATH, RESOLVE_CACHED, RESOLVE_IN_ROOT } from "../abi/openat2.ts";
import { S_IALLUGO } from "../abi/stat.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { openPath } from "../fs/open.ts";
import { copyInGrowing } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { finishOpen } from "./open_close.ts";
import { pathArgument, startOf } from "./path_args.ts";
import type { SyscallResult } from "./result.ts";

const PATH_FLAGS = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
const KNOWN = O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC | O_ASYNC |
  O_DIRECT | O_LARGEFILE | O_NOATIME | O_TMPFILE | PATH_FLAGS;
const ALL_RESOLVE = 63;

/** openat2(2). Errors beyond open(2)'s: E2BIG, EXDEV, EAGAIN for RESOLVE_CACHED. */
export function sysOpenat2(task: Task, dirfd: Fd, path: UserPtr, how: UserPtr, size: number): SyscallResult {
  const wish = copyInGrowing(task, openHow, how, size, openHow.size);
  if (wish instanceof Errno) return wish;
  const { flags, mode, resolve } = wish;
  if (flags >= 2 ** 31 || (flags & ~KNOWN) !== 0 || resolve > ALL_RESOLVE) return EINVAL;
  const creates = (flags & O_CREAT) !== 0 || (flags & O_TMPFILE) === O_TMPFILE;
  if (creates ? (mode & ~S_IALLUGO) !== 0 || mode > S_IALLUGO : mode !== 0) return EINVAL;
  if ((flags & O_PATH) !== 0 && (flags & ~PATH_FLAGS) !== 0) return EINVAL;
  const scope = resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT);
  if (scope === (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) return EINVAL;
  if ((resolve & RESOLVE_CACHED) !== 0) return EAGAIN;
  const text = pathArgument(task, path);
  if (text instanceof Errno) return text;
  const start = startOf(task, dirfd, scope === 0 ? text : "");
  if (start instanceof Errno) return start;
  const { files, credentials } = task;
  const fs = resolve === 0 ? task.fs : task.fs.restricted(scope === 0 ? task.fs.root : start, resolve);
  const wanted = task.abi.bits === 64 ? flags | O_LARGEFILE : flags;
  return finishOpen(task, openPath({ fs, files, credentials }, start, text, wanted, mode), wanted);
}
