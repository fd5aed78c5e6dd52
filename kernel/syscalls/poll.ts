/** poll(2) and ppoll(2). Linux: fs/select.c:do_sys_poll. */
import { EFAULT, EINVAL, ERESTART_RESTARTBLOCK, ERESTARTNOHAND, Errno } from "../abi/errno.ts";
import { O_PATH } from "../abi/fcntl.ts";
import { pollfd, POLLNVAL } from "../abi/poll.ts";
import { type Timespec, timespec, timespec64 } from "../abi/time.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyIn, copyOut, type StructCodec } from "../mm/user_memory.ts";
import { readMask, underMask } from "../signal/temporary_mask.ts";
import { ALWAYS_REPORTED, untilAny, watch, type Watched } from "../task/poll_wait.ts";
import type { Task } from "../task/task.ts";
import { readTimespec } from "../time/timeouts.ts";
import type { Outcome, SyscallResult } from "./result.ts";

/** poll(2): a negative timeout, in milliseconds, is none. Errors: EFAULT, EINTR, EINVAL. */
export function sysPoll(task: Task, fds: UserPtr, count: number, timeout: number): SyscallResult {
  const deadline = timeout < 0 ? Infinity : timeout === 0 ? 0 : task.kernel.clock.now() + timeout;
  const poll = () => pollUntil(task, fds, count, deadline, ERESTART_RESTARTBLOCK);
  task.signals.restart = poll;
  return poll();
}

/** ppoll(2). */
export function sysPpoll(
  task: Task,
  fds: UserPtr,
  count: number,
  timeout: UserPtr,
  mask: UserPtr,
  maskSize: number,
): SyscallResult {
  return timedPoll(task, fds, count, timeout, timespec[task.abi.name], mask, maskSize);
}

/** ppoll_time64 of i386. */
export function sysPpollTime64(
  task: Task,
  fds: UserPtr,
  count: number,
  timeout: UserPtr,
  mask: UserPtr,
  maskSize: number,
): SyscallResult {
  return timedPoll(task, fds, count, timeout, timespec64, mask, maskSize);
}

function timedPoll(
  task: Task,
  fds: UserPtr,
  count: number,
  at: UserPtr,
  layout: StructCodec<Timespec>,
  maskAt: UserPtr,
  maskSize: number,
): SyscallResult {
  const timeout = readTimespec(task, at, layout);
  if (timeout instanceof Errno) return timeout;
  const mask = readMask(task, maskAt, maskSize);
  if (mask instanceof Errno) return mask;
  const result = underMask(
    task,
    mask,
    () => pollUntil(task, fds, count, timeout.deadline, ERESTARTNOHAND),
  );
  return finished(result, () => timeout.writeBack());
}

/** Runs `after` when the call is over. */
export function finished(result: SyscallResult, after: () => void): SyscallResult {
  if (result instanceof Promise) {
    return result.then((outcome) => {
      after();
      return outcome;
    });
  }
  after();
  return result;
}

function pollUntil(
  task: Task,
  at: UserPtr,
  count: number,
  deadline: number,
  interrupted: Errno,
): SyscallResult {
  if (count > task.files.limit) return EINVAL;
  const raw = copyIn(task, at, count * pollfd.size);
  if (raw instanceof Errno) return EFAULT;
  const list = new PollList(task, at, raw);
  const ready = list.scan();
  if (ready > 0 || deadline <= task.kernel.clock.now()) return list.writeEvents() || ready;
  return wait(task, new PollList(task, at, raw.slice()), deadline, interrupted);
}

async function wait(task: Task, list: PollList, deadline: number, interrupted: Errno): Promise<Outcome> {
  const result = await untilAny(task, list.watched(), deadline, () => list.scan());
  return list.writeEvents() || (result === "signal" ? interrupted : result);
}

const FD = pollfd.offset.fd;
const EVENTS = pollfd.offset.events;
const REVENTS = pollfd.offset.revents;

/** The struct pollfd array of one call. */
class PollList {
  readonly #task: Task;
  readonly #address: UserPtr;
  readonly #view: DataView;
  readonly #revents: Uint16Array;

  /** `raw` is the guest's memory, or a copy of it for a list that is used after an await. */
  constructor(task: Task, address: UserPtr, raw: Uint8Array) {
    this.#task = task;
    this.#address = address;
    this.#view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    this.#revents = new Uint16Array(raw.length / pollfd.size);
  }

  /** Finds the events that hold now; how many descriptors have some. */
  scan(): number {
    const { files } = this.#task;
    let ready = 0;
    for (let i = 0; i < this.#revents.length; i++) {
      const fd = this.#view.getInt32(i * pollfd.size + FD, true);
      let revents = 0;
      if (fd >= 0) {
        const file = files.get(fd);
        const events = this.#view.getUint16(i * pollfd.size + EVENTS, true) | ALWAYS_REPORTED;
        revents = file === undefined || (file.flags & O_PATH) !== 0 ? POLLNVAL : file.poll() & events;
      }
      this.#revents[i] = revents;
      if (revents !== 0) ready++;
    }
    return ready;
  }

  watched(): Watched {
    const watched: Watched = new Map();
    for (let i = 0; i < this.#revents.length; i++) {
      const file = this.#task.files.get(this.#view.getInt32(i * pollfd.size + FD, true));
      if (file) watch(watched, file, this.#view.getUint16(i * pollfd.size + EVENTS, true));
    }
    return watched;
  }

  /** Stores what the last scan found: the guest's other fields stay untouched. */
  writeEvents(): 0 | Errno {
    const length = this.#revents.length * pollfd.size;
    const span = this.#task.mm.span(this.#address, length, true);
    if (span.length === length) {
      const view = new DataView(span.buffer, span.byteOffset, length);
      this.#revents.forEach((revents, i) => view.setUint16(i * pollfd.size + REVENTS, revents, true));
      return 0;
    }
    for (let i = 0; i < this.#revents.length; i++) {
      const word = Uint8Array.of(this.#revents[i]!, this.#revents[i]! >> 8);
      const error = copyOut(this.#task, this.#address + i * pollfd.size + REVENTS, word);
      if (error !== 0) return error;
    }
    return 0;
  }
}
