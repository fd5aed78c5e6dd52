/**
 * Bytes between a file and guest memory: what read(2), write(2) and their kin share. One range of guest addresses may
 * be several pieces for the kernel; files that must see one buffer (`readsAtOnce`) get a copy of it then.
 */
import { EAGAIN, EFAULT, EINVAL, EPIPE, Errno } from "../abi/errno.ts";
import { SIGPIPE } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import { IOV_MAX, iovec, MAX_RW_COUNT } from "../abi/uio.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { copyIn } from "../mm/user_memory.ts";
import { sendSignal } from "../signal/send.ts";
import type { Task } from "../task/task.ts";
import { untilReady } from "../task/wait.ts";
import { isLimited, withinLimit } from "./file_limit.ts";
import type { Outcome, Result, SyscallResult } from "./result.ts";

/** Not an offset: use and move the file's position. */
export const CURRENT = -1;
/** Most bytes that are gathered in one buffer. */
const GATHERED = 1024 * 1024;
/**
 * Bytes that a program is told to fetch. It works on what it reads in pieces of these sizes; less is soon there, and
 * more is most often handed on unseen.
 */
const FETCHED = { least: 8192, most: 65536 } as const;

/** A range of guest memory. */
export interface Vector {
  readonly base: UserPtr;
  readonly length: number;
}

/** One read or write that has been checked. */
interface Transfer {
  readonly task: Task;
  readonly file: OpenFile;
  readonly vectors: readonly Vector[];
  readonly length: number;
  /** CURRENT, or where in the file. */
  readonly offset: number;
  readonly reading: boolean;
}

/** One contiguous range of guest addresses. */
export function transfer(
  task: Task,
  file: OpenFile,
  base: UserPtr,
  count: number,
  offset: number,
  reading: boolean,
): SyscallResult {
  // Linux looks at the range before anything else, and on i386 takes 64-bit limits (access_ok).
  if (base + count > task.abi.taskSize && task.abi.bits === 64) return EFAULT;
  let length = Math.min(count, MAX_RW_COUNT);
  if (!reading && file.dropsWrites) return length;
  if (!reading && isLimited(task, file)) {
    const allowed = withinLimit(task, file, length, offset < 0 ? undefined : offset);
    if (allowed instanceof Errno) return allowed;
    length = allowed;
  }
  const piece = task.mm.span(base, length, reading);
  if (piece.length === length) { // all but always
    const first = move(file, piece, offset, reading);
    if (typeof first === "number") {
      if (reading && first >= FETCHED.least && first <= FETCHED.most) task.thread.willRead(base, first);
      if (first === length || reading || !file.writesWhole || file.nonblocking) return first;
    } else if (first !== EAGAIN || file.nonblocking) {
      return reading ? first : checked(task, first);
    }
    return finish({ task, file, vectors: [{ base, length }], length, offset, reading }, first);
  }
  return transferRanges(task, file, [{ base, length }], offset, reading);
}

/** readv(2), writev(2): the vectors one after the other, as if they were one range. */
export function transferVectors(
  task: Task,
  file: OpenFile,
  vectors: readonly Vector[],
  offset: number,
  reading: boolean,
): SyscallResult {
  if (reading || !isLimited(task, file)) return transferRanges(task, file, vectors, offset, reading);
  const total = vectors.reduce((sum, vector) => sum + vector.length, 0);
  const allowed = withinLimit(task, file, total, offset < 0 ? undefined : offset);
  if (allowed instanceof Errno) return allowed;
  return transferRanges(task, file, firstBytes(vectors, allowed), offset, reading);
}

function firstBytes(vectors: readonly Vector[], count: number): readonly Vector[] {
  let left = count;
  return vectors.map(({ base, length }) => {
    const part = Math.min(length, left);
    left -= part;
    return { base, length: part };
  });
}

function transferRanges(
  task: Task,
  file: OpenFile,
  vectors: readonly Vector[],
  offset: number,
  reading: boolean,
): SyscallResult {
  const length = vectors.reduce((sum, vector) => sum + vector.length, 0);
  if (!reading && file.dropsWrites) return length;
  const whole: Transfer = { task, file, vectors, length, offset, reading };
  const first = attempt(whole, 0);
  if (typeof first === "number") {
    if (first === length || reading || !file.writesWhole || file.nonblocking) return first;
  } else if (first !== EAGAIN || file.nonblocking) {
    return reading ? first : checked(task, first);
  }
  return finish(whole, first);
}

/** vmsplice(2): one attempt's worth, and `waits` instead of the file's own flag. */
export function transferOnce(
  task: Task,
  file: OpenFile,
  vectors: readonly Vector[],
  reading: boolean,
  waits: boolean,
): SyscallResult {
  const length = vectors.reduce((sum, vector) => sum + vector.length, 0);
  const whole: Transfer = { task, file, vectors, length, offset: CURRENT, reading };
  return untilReady(task, file.waiters, !waits, () => checked(task, attempt(whole, 0)));
}

/** A write(2) that failed with EPIPE also sends SIGPIPE. */
export function checked<T extends Outcome>(task: Task, result: T): T {
  if (result === EPIPE) {
    sendSignal(task, SIGPIPE, { code: "SI_USER", pid: task.pid, uid: task.credentials.uid });
  }
  return result;
}

/** Waits, and goes on waiting until everything is written where the file says so. */
async function finish(whole: Transfer, first: Result): Promise<Outcome> {
  const { task, file, length, reading } = whole;
  let done = first instanceof Errno ? 0 : first;
  file.retain(); // another thread may close the descriptor meanwhile
  try {
    do {
      const result = await untilReady(task, file.waiters, false, () => attempt(whole, done));
      if (typeof result !== "number") {
        if (!reading && result instanceof Errno) checked(task, result);
        return done > 0 ? done : result;
      }
      done += result;
    } while (!reading && file.writesWhole && done < length);
    return done;
  } finally {
    file.release();
  }
}

function move(file: OpenFile, piece: Uint8Array<ArrayBuffer>, offset: number, reading: boolean): Result {
  if (reading) return offset < 0 ? file.read(piece) : file.pread(piece, offset);
  return offset < 0 ? file.write(piece) : file.pwrite(piece, offset);
}

/** Moves what can be moved without waiting, from byte `from` of the vectors on. */
function attempt(whole: Transfer, from: number): Result {
  const { task, file, vectors, offset, reading } = whole;
  if ((reading ? file.readsAtOnce : file.writesAtOnce) && !inOnePiece(whole, from)) {
    return reading ? scatter(whole) : gather(whole, from);
  }
  let skip = from;
  let done = 0;
  for (const { base, length } of vectors) {
    if (skip >= length) {
      skip -= length;
      continue;
    }
    const at = offset < 0 ? CURRENT : offset + from + done;
    const moved = pieces(task, file, base + skip, length - skip, at, reading);
    if (moved instanceof Errno) return done > 0 ? done : moved;
    done += moved;
    if (moved < length - skip) break;
    skip = 0;
  }
  return done;
}

/** Goes on until the range is done or the file gives or takes less than a whole piece. */
function pieces(
  task: Task,
  file: OpenFile,
  buf: UserPtr,
  length: number,
  offset: number,
  reading: boolean,
): Result {
  let done = 0;
  do {
    const piece = task.mm.span(buf + done, length - done, reading);
    if (piece.length === 0 && length > 0) return done > 0 ? done : EFAULT;
    const count = move(file, piece, offset < 0 ? CURRENT : offset + done, reading);
    if (count instanceof Errno) return done > 0 ? done : count;
    done += count;
    if (count < piece.length) break;
  } while (done < length);
  return done;
}

function inOnePiece({ task, vectors, reading }: Transfer, from: number): boolean {
  let skip = from;
  let seen = 0;
  for (const { base, length } of vectors) {
    if (skip >= length) {
      skip -= length;
      continue;
    }
    if (seen++ > 0 || task.mm.span(base + skip, length - skip, reading).length < length - skip) return false;
    skip = 0;
  }
  return true;
}

/** One write of a copy of the rest, as far as it can be read. */
function gather({ task, file, vectors, length, offset }: Transfer, from: number): Result {
  const buffer = new Uint8Array(Math.min(length - from, GATHERED + (length - from) % GATHERED));
  const count = eachPiece(task, vectors, from, buffer.length, false, (piece, at) => buffer.set(piece, at));
  if (count === 0) return EFAULT;
  return move(file, buffer.subarray(0, count), offset < 0 ? CURRENT : offset + from, false);
}

/** One read, its bytes spread over the vectors. */
function scatter({ task, file, vectors, length, offset }: Transfer): Result {
  const buffer = new Uint8Array(Math.min(length, GATHERED));
  const count = move(file, buffer, offset, true);
  if (count instanceof Errno) return count;
  const stored = eachPiece(
    task,
    vectors,
    0,
    count,
    true,
    (piece, at) => piece.set(buffer.subarray(at, at + piece.length)),
  );
  return stored === 0 && count > 0 ? EFAULT : stored;
}

/** Shows `limit` bytes of guest memory, from byte `from` of the vectors on; how many are accessible. */
function eachPiece(
  task: Task,
  vectors: readonly Vector[],
  from: number,
  limit: number,
  write: boolean,
  act: (piece: Uint8Array<ArrayBuffer>, at: number) => void,
): number {
  let done = 0;
  let skip = from;
  for (const { base, length } of vectors) {
    for (; skip < length && done < limit;) {
      const piece = task.mm.span(base + skip, Math.min(length - skip, limit - done), write);
      if (piece.length === 0) return done;
      act(piece, done);
      done += piece.length;
      skip += piece.length;
    }
    skip = Math.max(0, skip - length);
  }
  return done;
}

/** EINVAL: too many, or more bytes than a ssize_t holds; the total is cut to MAX_RW_COUNT. */
export function readVectors(task: Task, iov: UserPtr, count: number): Vector[] | Errno {
  if (count < 0 || count > IOV_MAX) return EINVAL;
  const layout = iovec[task.abi.name];
  const raw = copyIn(task, iov, count * layout.size);
  if (raw instanceof Errno) return raw;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const limit = task.abi.word === 4 ? 2 ** 31 : 2 ** 63;
  const vectors: Vector[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const { iov_base, iov_len } = layout.read(view, i * layout.size);
    if (iov_len >= limit) return EINVAL;
    const length = Math.min(iov_len, MAX_RW_COUNT - total);
    vectors.push({ base: iov_base, length });
    total += length;
  }
  return vectors;
}
