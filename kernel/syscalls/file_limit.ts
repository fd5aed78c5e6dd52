/** RLIMIT_FSIZE: no regular file grows beyond it (setrlimit(2)). Linux: generic_write_check_limits, inode_newsize_ok. */
import { EFBIG, Errno } from "../abi/errno.ts";
import { S_IFREG } from "../abi/stat.ts";
import { SIGXFSZ } from "../abi/signal.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { Stat } from "../fs/stat.ts";
import { sendSignal } from "../signal/send.ts";
import type { Task } from "../task/task.ts";

/** Whether the limit is in force for the file at all. */
export function isLimited(task: Task, file: OpenFile): boolean {
  return task.limits.fileSize !== Infinity && file.type === S_IFREG;
}

/** How many of `length` bytes may be written at `offset`, undefined for the file's position. EFBIG and SIGXFSZ: none. */
export function withinLimit(
  task: Task,
  file: OpenFile,
  length: number,
  offset: number | undefined,
): number | Errno {
  if (length === 0) return 0;
  const room = task.limits.fileSize - (file.append ? sizeOf(file) : offset ?? file.position);
  return room > 0 ? Math.min(length, room) : refuse(task);
}

/** Whether a file may get this size; one that is larger already may shrink. */
export function mayResize(task: Task, size: number, current: () => number): 0 | Errno {
  return size <= task.limits.fileSize || size <= current() ? 0 : refuse(task);
}

export function sizeOf(file: OpenFile): number {
  const stat = new Stat();
  return file.stat(stat) === 0 ? stat.size : 0;
}

function refuse(task: Task): Errno {
  sendSignal(task, SIGXFSZ, { code: "SI_USER", pid: task.pid, uid: task.credentials.uid });
  return EFBIG;
}
