/** eventfd(2): a 64-bit counter as a file. Linux: fs/eventfd.c. */
import { EAGAIN, EINVAL } from "../abi/errno.ts";
import { u64big } from "../abi/layout.ts";
import { POLLERR, POLLIN, POLLOUT } from "../abi/poll.ts";
import type { Result } from "../syscalls/result.ts";
import type { AnonInode } from "./anon_inode.ts";
import { OpenFile } from "./open_file.ts";
import type { Stat } from "./stat.ts";

/** ULLONG_MAX: one more than the counter can hold. */
const OVERFLOW = 0xffff_ffff_ffff_ffffn;
const SIZE = u64big.size;

export class EventFile extends OpenFile {
  override readonly type = 0;
  readonly #inode: AnonInode;
  readonly #semaphore: boolean;
  #count: bigint;

  constructor(flags: number, count: number, semaphore: boolean, inode: AnonInode) {
    super(flags, undefined);
    this.#count = BigInt(count);
    this.#semaphore = semaphore;
    this.#inode = inode;
  }

  override get readsAtOnce(): boolean {
    return true;
  }

  /** The counter, which becomes 0; of a semaphore 1, which it loses. */
  override read(into: Uint8Array<ArrayBuffer>): Result {
    if (into.length < SIZE) return EINVAL;
    if (this.#count === 0n) return EAGAIN;
    const value = this.#semaphore ? 1n : this.#count;
    this.#count -= value;
    u64big.write(new DataView(into.buffer, into.byteOffset, SIZE), 0, value);
    this.waiters.wakeAll();
    return SIZE;
  }

  /** Adds; EAGAIN when the sum would be ULLONG_MAX or more. */
  override write(from: Uint8Array<ArrayBuffer>): Result {
    if (from.length < SIZE) return EINVAL;
    const value = u64big.read(new DataView(from.buffer, from.byteOffset, SIZE), 0);
    if (value === OVERFLOW) return EINVAL;
    if (OVERFLOW - this.#count <= value) return EAGAIN;
    this.#count += value;
    this.waiters.wakeAll();
    return SIZE;
  }
  override pread(into: Uint8Array<ArrayBuffer>): Result {
    return this.read(into);
  }
  override pwrite(from: Uint8Array<ArrayBuffer>): Result {
    return this.write(from);
  }
  override seek(): Result {
    return 0;
  }

  override get description(): string {
    return "anon_inode:[eventfd]";
  }
  override get details(): string {
    return `eventfd-count: ${this.#count.toString(16).padStart(16)}\n`;
  }

  override poll(): number {
    const readable = this.#count > 0n ? POLLIN : 0;
    const writable = this.#count < OVERFLOW - 1n ? POLLOUT : 0;
    return readable | writable | (this.#count === OVERFLOW ? POLLERR : 0);
  }
  override stat(into: Stat): 0 {
    return this.#inode.stat(into);
  }
}
