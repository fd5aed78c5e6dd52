/**
 * pipe(7): what both ends share. A write of up to PIPE_BUF bytes is atomic; a larger one goes in page by page. An end
 * waits in its own queue, O_RDWR ends (FIFOs) in one that sees both. Linux: fs/pipe.c.
 */
import { EAGAIN, EBUSY, EINVAL, EPERM, EPIPE } from "../abi/errno.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/poll.ts";
import { PIPE_DEF_BUFFERS, PIPE_MAX_SIZE } from "../abi/splice.ts";
import { PAGE_SIZE } from "../host.ts";
import type { Result } from "../syscalls/result.ts";
import { WaitQueue } from "../task/wait.ts";
import { PageRing } from "./page_ring.ts";

/** No pipe has more bytes, however privileged the task. */
const MOST_BYTES = 2 ** 31;

export class Pipe {
  /** Woken when bytes come, or the last writer goes. */
  readonly readQueue = new WaitQueue();
  /** Woken when room comes, or the last reader goes. */
  readonly writeQueue = new WaitQueue();
  /** Woken in all of these cases. */
  readonly bothQueue = new WaitQueue();
  readonly ring = new PageRing(PIPE_DEF_BUFFERS);
  #readers = 0;
  #writers = 0;
  /** How often an end was opened, ever: a FIFO's open(2) waits for the other end's to change. */
  readerOpens = 0;
  writerOpens = 0;

  get readers(): number {
    return this.#readers;
  }
  get writers(): number {
    return this.#writers;
  }

  /** Another open file reads, writes, or both. */
  addEnd(reads: boolean, writes: boolean): void {
    if (reads) {
      this.#readers++;
      this.readerOpens++;
      this.#wakeWriters();
    }
    if (writes) {
      this.#writers++;
      this.writerOpens++;
      this.#wakeReaders();
    }
  }

  removeEnd(reads: boolean, writes: boolean): void {
    if (reads) this.#readers--;
    if (writes) this.#writers--;
    if (this.#readers === 0) this.#wakeWriters();
    if (this.#writers === 0) this.#wakeReaders();
  }

  /** 0: nobody writes any more. */
  read(into: Uint8Array<ArrayBuffer>): Result {
    if (into.length === 0) return 0;
    const before = this.ring.used;
    if (before === 0) return this.#writers > 0 ? EAGAIN : 0;
    const count = this.ring.read(into);
    if (this.ring.used < before) this.#wakeWriters();
    return count;
  }

  /** A part when there is room for a part only; EAGAIN; EPIPE. `packets`: each write is read by one read. */
  write(from: Uint8Array<ArrayBuffer>, packets: boolean): Result {
    if (from.length === 0) return 0;
    if (this.#readers === 0) return EPIPE;
    const count = this.ring.write(from, packets);
    if (count === 0) return EAGAIN;
    this.#wakeReaders();
    return count;
  }

  /** Bytes that somebody took through `ring.view`. */
  consume(count: number): void {
    this.ring.consume(count);
    this.#wakeWriters();
  }

  get capacity(): number {
    return this.ring.slots * PAGE_SIZE;
  }

  /** F_SETPIPE_SZ: the next power of two, in pages. EINVAL, EBUSY: more is in the pipe, EPERM. */
  setCapacity(bytes: number, privileged: boolean): Result {
    if (bytes > MOST_BYTES) return EINVAL;
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1, bytes / PAGE_SIZE)));
    if (slots > this.ring.slots && slots * PAGE_SIZE > PIPE_MAX_SIZE && !privileged) return EPERM;
    if (slots < this.ring.used) return EBUSY;
    if (slots !== this.ring.slots) {
      this.ring.resize(slots);
      this.#wakeWriters();
    }
    return this.capacity;
  }

  /** POLL* of an end; `hangUp`: no writer counts as an end of file. Linux: fs/pipe.c:pipe_poll. */
  poll(reads: boolean, writes: boolean, hangUp: boolean): number {
    let events = 0;
    if (reads) {
      if (this.ring.used > 0) events |= POLLIN | POLLRDNORM;
      if (this.#writers === 0 && hangUp) events |= POLLHUP;
    }
    if (writes) {
      if (this.ring.used < this.ring.slots) events |= POLLOUT | POLLWRNORM;
      if (this.#readers === 0) events |= POLLERR;
    }
    return events;
  }

  #wakeReaders(): void {
    if (!this.readQueue.empty) this.readQueue.wakeAll();
    if (!this.bothQueue.empty) this.bothQueue.wakeAll();
  }
  #wakeWriters(): void {
    if (!this.writeQueue.empty) this.writeQueue.wakeAll();
    if (!this.bothQueue.empty) this.bothQueue.wakeAll();
  }
}
