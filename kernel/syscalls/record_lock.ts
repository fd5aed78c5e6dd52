/** The locking commands of fcntl(2): F_SETLK, F_GETLK and their kin. Linux: fs/locks.c:fcntl_setlk. */
import { EAGAIN, EBADF, EINVAL, EOVERFLOW, Errno } from "../abi/errno.ts";
import {
  F_RDLCK,
  F_UNLCK,
  F_WRLCK,
  flock32,
  flock64,
  flock64Bit,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from "../abi/fcntl.ts";
import type { UserPtr } from "../abi/types.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { isLockType, type RecordLock } from "../fs/record_lock.ts";
import { Stat } from "../fs/stat.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { untilReady } from "../task/wait.ts";
import type { Outcome, SyscallResult } from "./result.ts";

export type FlockLayout = typeof flock32 | typeof flock64 | typeof flock64Bit;

export interface LockCommand {
  /** F_GETLK: only asks. */
  readonly asks: boolean;
  /** F_SETLKW. */
  readonly waits: boolean;
  /** F_OFD_*: the open file is the owner. */
  readonly ofd: boolean;
  readonly layout: FlockLayout;
}

/** The struct flock commands take: i386 has one of its own, and one with 64-bit offsets. */
export function flockLayout(task: Task, large: boolean): FlockLayout {
  return task.abi.name === "x86_64" ? flock64Bit : large ? flock64 : flock32;
}

export function recordLock(
  task: Task,
  file: OpenFile,
  command: LockCommand,
  argument: UserPtr,
): SyscallResult {
  const { layout, ofd, asks } = command;
  const raw = copyIn(task, argument, layout.size);
  if (raw instanceof Errno) return raw;
  const request = layout.decode(raw);
  if (!isLockType(request.l_type) || asks && !ofd && request.l_type === F_UNLCK) return EINVAL;
  if (ofd && request.l_pid !== 0) return EINVAL;
  const range = rangeOf(file, request);
  if (range instanceof Errno) return range;
  const stat = new Stat();
  const error = file.stat(stat);
  if (error !== 0) return error;
  const owner = ofd ? file : task.files;
  const wanted: RecordLock = { ...range, type: request.l_type, owner, pid: ofd ? -1 : task.pid };
  const records = task.kernel.recordLocks.of(stat.dev, stat.ino);
  if (asks) {
    const other = records.conflict(wanted);
    const answer = raw.slice();
    layout.patch(
      new DataView(answer.buffer),
      0,
      other === undefined ? { l_type: F_UNLCK } : described(other),
    );
    return copyOut(task, argument, answer);
  }
  if (wanted.type === F_RDLCK && !file.readable || wanted.type === F_WRLCK && !file.writable) return EBADF;
  if (ofd) file.records = records;
  else task.files.records.add(records);
  const attempt = (): Outcome => {
    const result = records.set(wanted);
    const blocker = result === EAGAIN && command.waits ? records.conflict(wanted)?.owner : undefined;
    if (blocker === undefined || ofd) return result;
    return task.kernel.recordLocks.startWait(owner, blocker) || result;
  };
  const result = untilReady(task, records.waiters, !command.waits, attempt);
  return result instanceof Promise ? result.finally(() => task.kernel.recordLocks.endWait(owner)) : result;
}

function described({ type, start, end, pid }: RecordLock) {
  const length = end === Infinity ? 0 : end - start;
  return { l_type: type, l_whence: SEEK_SET, l_start: start, l_len: length, l_pid: pid };
}

/** The bytes that a struct flock means. Linux: flock64_to_posix_lock. */
function rangeOf(
  file: OpenFile,
  request: { readonly l_whence: number; readonly l_start: number; readonly l_len: number },
): { start: number; end: number } | Errno {
  const { l_whence, l_start, l_len } = request;
  let base = 0;
  if (l_whence === SEEK_CUR) base = file.position;
  else if (l_whence === SEEK_END) {
    const stat = new Stat();
    const error = file.stat(stat);
    if (error !== 0) return error;
    base = stat.size;
  } else if (l_whence !== SEEK_SET) return EINVAL;
  let start = base + l_start;
  let end = l_len === 0 ? Infinity : start + l_len;
  if (l_len < 0) [start, end] = [end, start];
  if (start < 0) return EINVAL;
  if (end !== Infinity && end > 2 ** 63) return EOVERFLOW;
  return { start, end };
}
