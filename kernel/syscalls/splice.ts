/** splice(2), tee(2) and vmsplice(2). Linux moves pages; here bytes are copied, once. Linux: fs/splice.c. */
import { EAGAIN, EBADF, EINVAL, EPIPE, Errno, ESPIPE } from "../abi/errno.ts";
import { i64 } from "../abi/layout.ts";
import { SPLICE_F_GIFT, SPLICE_F_MORE, SPLICE_F_MOVE, SPLICE_F_NONBLOCK } from "../abi/splice.ts";
import { S_IFCHR, S_IFIFO, S_IFREG } from "../abi/stat.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { MAX_RW_COUNT } from "../abi/uio.ts";
import type { OpenFile } from "../fs/open_file.ts";
import type { Pipe } from "../fs/pipe.ts";
import { PipeEnd } from "../fs/pipe_file.ts";
import type { Task } from "../task/task.ts";
import { untilReady } from "../task/wait.ts";
import type { Result, SyscallResult } from "./result.ts";
import { limited, readOffset, writeOffset } from "./sendfile.ts";
import { checked, readVectors, transferOnce } from "./transfer.ts";

const KNOWN_FLAGS = SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT;
/** Bytes moved at once where no pipe of ours bounds them. */
const STEP = 65536;

/** splice(2). Errors: EAGAIN, EBADF, EINVAL, ESPIPE, EPIPE. */
export function sysSplice(
  task: Task,
  from: Fd,
  fromOffset: UserPtr,
  to: Fd,
  toOffset: UserPtr,
  count: number,
  flags: number,
): SyscallResult {
  if (count === 0) return 0;
  if ((flags & ~KNOWN_FLAGS) !== 0) return EINVAL;
  const source = task.files.get(from);
  const target = task.files.get(to);
  if (!source?.readable || !target?.writable) return EBADF;
  const [fromPipe, toPipe] = [source.type === S_IFIFO, target.type === S_IFIFO];
  if (!fromPipe && !toPipe) return EINVAL;
  if ((fromPipe && fromOffset !== 0) || (toPipe && toOffset !== 0)) return ESPIPE;
  if (samePipe(source, target)) return EINVAL;
  if (!fromPipe && source.type !== S_IFREG && source.type !== S_IFCHR) return EINVAL;
  if (!toPipe && target.append) return EINVAL;
  const readAt = fromOffset === 0 ? undefined : readOffset(task, fromOffset, i64);
  if (readAt instanceof Errno) return readAt;
  const writeAt = toOffset === 0 ? undefined : readOffset(task, toOffset, i64);
  if (writeAt instanceof Errno) return writeAt;
  const length = limited(task, target, writeAt, Math.min(count, MAX_RW_COUNT));
  if (length instanceof Errno) return length;
  const waits = (flags & SPLICE_F_NONBLOCK) === 0 && !(fromPipe && source.nonblocking) &&
    !(toPipe && target.nonblocking);
  const moved = whenBothReady(
    task,
    source,
    target,
    waits,
    () => moveBytes(source, readAt, target, writeAt, length),
  );
  return afterwards(moved, (done) => {
    if (readAt !== undefined) return writeOffset(task, fromOffset, i64, readAt + done) || done;
    if (writeAt !== undefined) return writeOffset(task, toOffset, i64, writeAt + done) || done;
    return done;
  });
}

/** tee(2): what is in one pipe into another, without taking it. Errors: EAGAIN, EBADF, EINVAL, EPIPE. */
export function sysTee(task: Task, from: Fd, to: Fd, count: number, flags: number): SyscallResult {
  if ((flags & ~KNOWN_FLAGS) !== 0) return EINVAL;
  if (count === 0) return 0;
  const source = task.files.get(from);
  const target = task.files.get(to);
  if (!source?.readable || !target?.writable) return EBADF;
  if (!(source instanceof PipeEnd) || !(target instanceof PipeEnd) || samePipe(source, target)) return EINVAL;
  const waits = (flags & SPLICE_F_NONBLOCK) === 0 && !source.nonblocking && !target.nonblocking;
  const length = Math.min(count, MAX_RW_COUNT);
  return whenBothReady(task, source, target, waits, () => duplicate(source.pipe, target.pipe, length));
}

/** vmsplice(2): the memory is copied, whatever the flags say. Errors: EAGAIN, EBADF, EFAULT, EINVAL, EPIPE. */
export function sysVmsplice(task: Task, fd: Fd, iov: UserPtr, count: number, flags: number): SyscallResult {
  if ((flags & ~KNOWN_FLAGS) !== 0) return EINVAL;
  const file = task.files.get(fd);
  if (!(file instanceof PipeEnd) || !(file.readable || file.writable)) return EBADF;
  const vectors = readVectors(task, iov, count);
  if (vectors instanceof Errno) return vectors;
  const waits = (flags & SPLICE_F_NONBLOCK) === 0;
  return transferOnce(task, file, vectors, !file.writable, waits);
}

function samePipe(a: OpenFile, b: OpenFile): boolean {
  return a instanceof PipeEnd && b instanceof PipeEnd && a.pipe === b.pipe;
}

/** Repeats `attempt` while it says EAGAIN: either file may be what it waits for. */
function whenBothReady(
  task: Task,
  source: OpenFile,
  target: OpenFile,
  waits: boolean,
  attempt: () => Result,
): SyscallResult {
  source.retain();
  target.retain();
  const queues = [source.waiters, target.waiters];
  const result = untilReady(task, queues, !waits, () => checked(task, attempt()));
  if (result instanceof Promise) return result.finally(release);
  release();
  return result;

  function release(): void {
    source.release();
    target.release();
  }
}

/** Moves up to `length` bytes as far as it goes without waiting. */
function moveBytes(
  source: OpenFile,
  readAt: number | undefined,
  target: OpenFile,
  writeAt: number | undefined,
  length: number,
): Result {
  let done = 0;
  while (done < length) {
    const count = moveOnce(
      source,
      readAt === undefined ? undefined : readAt + done,
      target,
      writeAt === undefined ? undefined : writeAt + done,
      length - done,
    );
    if (count instanceof Errno) return done > 0 ? done : count;
    if (count === 0) break;
    done += count;
  }
  return done;
}

function moveOnce(
  source: OpenFile,
  readAt: number | undefined,
  target: OpenFile,
  writeAt: number | undefined,
  length: number,
): Result {
  if (target instanceof PipeEnd) {
    if (target.pipe.readers === 0) return EPIPE;
    if (target.pipe.ring.room === 0) return EAGAIN;
    length = Math.min(length, target.pipe.ring.room);
  }
  const write = (piece: Uint8Array<ArrayBuffer>) =>
    writeAt === undefined ? target.write(piece) : target.pwrite(piece, writeAt);
  if (source instanceof PipeEnd) {
    const { pipe } = source;
    if (pipe.ring.used === 0) return pipe.writers > 0 ? EAGAIN : 0;
    const count = write(pipe.ring.view(0, length));
    if (typeof count === "number") pipe.consume(count);
    return count;
  }
  const buffer = new Uint8Array(Math.min(length, STEP));
  const count = readAt === undefined ? source.read(buffer) : source.pread(buffer, readAt);
  return typeof count === "number" && count > 0 ? write(buffer.subarray(0, count)) : count;
}

function duplicate(source: Pipe, target: Pipe, length: number): Result {
  if (target.readers === 0) return EPIPE;
  if (source.ring.used === 0) return source.writers > 0 ? EAGAIN : 0;
  let done = 0;
  while (done < length) {
    const piece = source.ring.view(done, Math.min(length - done, target.ring.room));
    if (piece.length === 0) break;
    const count = target.write(piece, false);
    if (count instanceof Errno) break;
    done += count;
  }
  return done > 0 ? done : EAGAIN;
}

/** Applies `next` to the count of a call that moved something. */
function afterwards(result: SyscallResult, next: (done: number) => Result): SyscallResult {
  if (result instanceof Promise) {
    return result.then((outcome) => typeof outcome === "number" ? next(outcome) : outcome);
  }
  return typeof result === "number" ? next(result) : result;
}
