/** sendfile(2) and copy_file_range(2): from file to file without the guest's memory. */
import { EBADF, EINVAL, Errno } from "../abi/errno.ts";
import type { Field } from "../abi/layout.ts";
import { i32, i64 } from "../abi/layout.ts";
import { S_IFREG } from "../abi/stat.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { MAX_RW_COUNT } from "../abi/uio.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { untilReady } from "../task/wait.ts";
import type { Result, SyscallResult } from "./result.ts";
import { isLimited, withinLimit } from "./file_limit.ts";
import { checked } from "./transfer.ts";

/** sendfile(2): the offset is a long. */
export function sysSendfile(task: Task, to: Fd, from: Fd, offset: UserPtr, count: number): SyscallResult {
  return send(task, to, from, offset, count, task.abi.word === 4 ? i32 : i64);
}
/** sendfile64(2), i386. */
export function sysSendfile64(task: Task, to: Fd, from: Fd, offset: UserPtr, count: number): SyscallResult {
  return send(task, to, from, offset, count, i64);
}

function send(
  task: Task,
  to: Fd,
  from: Fd,
  offset: UserPtr,
  count: number,
  layout: Field<number>,
): SyscallResult {
  const source = task.files.get(from);
  const target = task.files.get(to);
  if (!source?.readable || !target?.writable) return EBADF;
  if (source.type !== S_IFREG || target.append) return EINVAL;
  const start = offset === 0 ? undefined : readOffset(task, offset, layout);
  if (start instanceof Errno) return start;
  const length = limited(task, target, undefined, Math.min(count, MAX_RW_COUNT));
  if (length instanceof Errno) return length;
  return untilReady(task, target.waiters, target.nonblocking, () => {
    const done = checked(task, copyBytes(source, start, target, undefined, length));
    if (done instanceof Errno || start === undefined) return done;
    return writeOffset(task, offset, layout, start + done) || done;
  });
}

/** copy_file_range(2). */
export function sysCopyFileRange(
  task: Task,
  from: Fd,
  fromOffset: UserPtr,
  to: Fd,
  toOffset: UserPtr,
  count: number,
  flags: number,
): SyscallResult {
  const source = task.files.get(from);
  const target = task.files.get(to);
  if (!source?.readable || !target?.writable || target.append) return EBADF;
  if (flags !== 0 || source.type !== S_IFREG || target.type !== S_IFREG) return EINVAL;
  const readAt = fromOffset === 0 ? undefined : readOffset(task, fromOffset, i64);
  if (readAt instanceof Errno) return readAt;
  const writeAt = toOffset === 0 ? undefined : readOffset(task, toOffset, i64);
  if (writeAt instanceof Errno) return writeAt;
  const length = limited(task, target, writeAt, Math.min(count, MAX_RW_COUNT));
  if (length instanceof Errno) return length;
  const done = copyBytes(source, readAt, target, writeAt, length);
  if (done instanceof Errno) return done;
  if (readAt !== undefined) writeOffset(task, fromOffset, i64, readAt + done);
  if (writeAt !== undefined) writeOffset(task, toOffset, i64, writeAt + done);
  return done;
}

/** What RLIMIT_FSIZE leaves of `length` bytes. EFBIG, and SIGXFSZ: nothing. */
export function limited(
  task: Task,
  target: OpenFile,
  offset: number | undefined,
  length: number,
): number | Errno {
  return isLimited(task, target) ? withinLimit(task, target, length, offset) : length;
}

/** Bytes moved at once. */
const STEP = 256 * 1024;
/** Where they are meanwhile. Memory that is new each time takes longer than most files. */
let buffer: Uint8Array<ArrayBuffer> | undefined;

/** Copies up to `length` bytes; at the files' positions where an offset is undefined. */
function copyBytes(
  source: OpenFile,
  readAt: number | undefined,
  target: OpenFile,
  writeAt: number | undefined,
  length: number,
): Result {
  buffer ??= new Uint8Array(STEP);
  let done = 0;
  while (done < length) {
    const position = readAt === undefined ? source.position : readAt + done;
    const piece = buffer.subarray(0, Math.min(STEP, length - done));
    const count = source.pread(piece, position);
    if (count instanceof Errno) return done > 0 ? done : count;
    if (count === 0) break;
    const part = piece.subarray(0, count);
    const written = writeAt === undefined ? target.write(part) : target.pwrite(part, writeAt + done);
    if (written instanceof Errno) return done > 0 ? done : written;
    done += written;
    if (readAt === undefined) source.position += written;
    if (written < count) break;
  }
  return done;
}

export function readOffset(task: Task, at: UserPtr, layout: Field<number>): number | Errno {
  const raw = copyIn(task, at, layout.size);
  if (raw instanceof Errno) return raw;
  const offset = layout.read(new DataView(raw.buffer, raw.byteOffset, raw.byteLength), 0);
  return offset < 0 ? EINVAL : offset;
}

export function writeOffset(task: Task, at: UserPtr, layout: Field<number>, offset: number): 0 | Errno {
  const out = new Uint8Array(layout.size);
  layout.write(new DataView(out.buffer), 0, offset);
  return copyOut(task, at, out);
}
