/** select(2) and pselect6(2). Linux: fs/select.c:core_sys_select. */
import { EBADF, EFAULT, EINVAL, ERESTARTNOHAND, Errno } from "../abi/errno.ts";
import { O_PATH } from "../abi/fcntl.ts";
import { EXCEPT_EVENTS, READ_EVENTS, selArgStruct, sigsetArgpack, WRITE_EVENTS } from "../abi/select.ts";
import { type Timespec, timespec, timespec64, timeval } from "../abi/time.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { copyIn, copyInStruct, copyOut, type StructCodec } from "../mm/user_memory.ts";
import { readMask, underMask } from "../signal/temporary_mask.ts";
import { ALWAYS_REPORTED, untilAny, watch, type Watched } from "../task/poll_wait.ts";
import type { Task } from "../task/task.ts";
import { readTimespec, readTimeval, type Timeout } from "../time/timeouts.ts";
import { finished } from "./poll.ts";
import type { Outcome, SyscallResult } from "./result.ts";

/** select(2): the timeout becomes what is left of it. Errors: EBADF, EFAULT, EINTR, EINVAL. */
export function sysSelect(
  task: Task,
  count: number,
  reads: UserPtr,
  writes: UserPtr,
  excepts: UserPtr,
  timeoutAt: UserPtr,
): SyscallResult {
  const timeout = readTimeval(task, timeoutAt, timeval[task.abi.name]);
  return timeout instanceof Errno ? timeout : selectUntil(task, count, [reads, writes, excepts], timeout);
}

/** i386's first select: its arguments are in memory. */
export function sysOldSelect(task: Task, at: UserPtr): SyscallResult {
  const given = copyInStruct(task, selArgStruct, at);
  return given instanceof Errno
    ? given
    : sysSelect(task, given.n | 0, given.inp, given.outp, given.exp, given.tvp);
}

/** pselect6(2). */
export function sysPselect6(
  task: Task,
  count: number,
  reads: UserPtr,
  writes: UserPtr,
  excepts: UserPtr,
  timeout: UserPtr,
  mask: UserPtr,
): SyscallResult {
  return maskedSelect(task, count, [reads, writes, excepts], timeout, timespec[task.abi.name], mask);
}

/** pselect6_time64 of i386. */
export function sysPselect6Time64(
  task: Task,
  count: number,
  reads: UserPtr,
  writes: UserPtr,
  excepts: UserPtr,
  timeout: UserPtr,
  mask: UserPtr,
): SyscallResult {
  return maskedSelect(task, count, [reads, writes, excepts], timeout, timespec64, mask);
}

type Sets = readonly [reads: UserPtr, writes: UserPtr, excepts: UserPtr];

function maskedSelect(
  task: Task,
  count: number,
  sets: Sets,
  timeoutAt: UserPtr,
  layout: StructCodec<Timespec>,
  packAt: UserPtr,
): SyscallResult {
  const pack = packAt === 0 ? { p: 0, size: 0 } : copyInStruct(task, sigsetArgpack[task.abi.name], packAt);
  if (pack instanceof Errno) return pack;
  const timeout = readTimespec(task, timeoutAt, layout);
  if (timeout instanceof Errno) return timeout;
  const mask = readMask(task, pack.p, pack.size);
  if (mask instanceof Errno) return mask;
  return underMask(task, mask, () => selectUntil(task, count, sets, timeout));
}

function selectUntil(task: Task, count: number, sets: Sets, timeout: Timeout): SyscallResult {
  return finished(selectNow(task, count, sets, timeout.deadline), () => timeout.writeBack());
}

function selectNow(task: Task, count: number, sets: Sets, deadline: number): SyscallResult {
  if (count < 0) return EINVAL;
  const selection = Selection.read(task, Math.min(count, tableSize(task)), sets);
  if (selection instanceof Errno) return selection;
  const ready = selection.scan();
  if (ready > 0 || deadline <= task.kernel.clock.now()) return selection.write() || ready;
  return wait(task, selection, deadline);
}

async function wait(task: Task, selection: Selection, deadline: number): Promise<Outcome> {
  const result = await untilAny(task, selection.watched(), deadline, () => selection.scan());
  return result === "signal" ? ERESTARTNOHAND : selection.write() || result;
}

/** Descriptors there is room for in Linux's table, which grows by doubling: higher bits are not looked at. */
function tableSize(task: Task): number {
  const { end } = task.files;
  if (end <= FIRST_TABLE) return FIRST_TABLE;
  const step = 1024 / task.abi.word;
  return step * 2 ** Math.ceil(Math.log2(end / step));
}
const FIRST_TABLE = 64;

const EVENTS = [READ_EVENTS, WRITE_EVENTS, EXCEPT_EVENTS] as const;

interface Entry {
  readonly file: OpenFile;
  readonly fd: Fd;
  /** Bit i: the descriptor is in set i. */
  readonly sets: number;
}

/** What one call selects from. */
class Selection {
  readonly #task: Task;
  readonly #addresses: Sets;
  readonly #entries: readonly Entry[];
  /** The sets as they will be written. */
  readonly #found: readonly Uint8Array<ArrayBuffer>[];

  private constructor(task: Task, addresses: Sets, entries: readonly Entry[], bytes: number) {
    this.#task = task;
    this.#addresses = addresses;
    this.#entries = entries;
    this.#found = addresses.map(() => new Uint8Array(bytes));
  }

  /** EFAULT; EBADF when a set names what is not open. */
  static read(task: Task, count: number, addresses: Sets): Selection | Errno {
    const bytes = Math.ceil(count / (8 * task.abi.word)) * task.abi.word;
    const given: (Uint8Array | undefined)[] = [];
    for (const address of addresses) {
      const raw = address === 0 ? undefined : copyIn(task, address, bytes);
      if (raw instanceof Errno) return EFAULT;
      given.push(raw);
    }
    const entries: Entry[] = [];
    for (let fd = 0; fd < count; fd++) {
      let sets = 0;
      given.forEach((set, i) => {
        if (set !== undefined && (set[fd >> 3]! >> (fd & 7) & 1) !== 0) sets |= 1 << i;
      });
      if (sets === 0) continue;
      const file = task.files.get(fd);
      if (file === undefined || (file.flags & O_PATH) !== 0) return EBADF;
      entries.push({ file, fd, sets });
    }
    return new Selection(task, addresses, entries, bytes);
  }

  /** How many bits would be set. */
  scan(): number {
    let ready = 0;
    for (const set of this.#found) set.fill(0);
    for (const { file, fd, sets } of this.#entries) {
      const events = file.poll();
      for (let i = 0; i < EVENTS.length; i++) {
        if ((sets & 1 << i) === 0 || (events & EVENTS[i]!) === 0) continue;
        this.#found[i]![fd >> 3]! |= 1 << (fd & 7);
        ready++;
      }
    }
    return ready;
  }

  watched(): Watched {
    const watched: Watched = new Map();
    for (const { file, sets } of this.#entries) {
      EVENTS.forEach((events, i) => (sets & 1 << i) !== 0 && watch(watched, file, events & ~ALWAYS_REPORTED));
    }
    return watched;
  }

  write(): 0 | Errno {
    for (let i = 0; i < EVENTS.length; i++) {
      const address = this.#addresses[i]!;
      const error = address === 0 ? 0 : copyOut(this.#task, address, this.#found[i]!);
      if (error !== 0) return error;
    }
    return 0;
  }
}
