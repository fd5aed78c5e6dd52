/**
 * The bytes of a pipe: a ring of pages. Each slot holds one page's worth of consecutive bytes, as Linux's pipe_buffer
 * does, so a pipe is full at the same moment as Linux's: when no slot is free, whatever room the pages have left.
 */
import { PAGE_SIZE } from "../host.ts";

const NO_BYTES = new Uint8Array(0);
/** Up to so many bytes a loop is faster than making a view for TypedArray.set. */
const SMALL_COPY = 32;

export class PageRing {
  #data = NO_BYTES;
  #offsets: Uint16Array;
  #lengths: Uint16Array;
  /** Slots that hold one packet: read as a whole, and never added to. */
  #packets: Uint8Array;
  #slots: number;
  #tail = 0;
  #used = 0;
  #bytes = 0;

  /** `slots` is a power of two. */
  constructor(slots: number) {
    this.#slots = slots;
    this.#offsets = new Uint16Array(slots);
    this.#lengths = new Uint16Array(slots);
    this.#packets = new Uint8Array(slots);
  }

  get slots(): number {
    return this.#slots;
  }
  /** Slots that hold something. */
  get used(): number {
    return this.#used;
  }
  get bytes(): number {
    return this.#bytes;
  }
  /** Bytes that certainly fit. */
  get room(): number {
    return (this.#slots - this.#used) * PAGE_SIZE;
  }

  get beginsWithPacket(): boolean {
    return this.#used > 0 && this.#packets[this.#tail] === 1;
  }

  /** Takes what fits, 0 when full. Up to a page is taken whole or not at all. Linux: fs/pipe.c:pipe_write. */
  write(from: Uint8Array<ArrayBuffer>, packets: boolean): number {
    if (this.#data.length === 0) this.#data = new Uint8Array(this.#slots * PAGE_SIZE);
    let done = this.#merge(from);
    while (done < from.length && this.#used < this.#slots) {
      const slot = this.#slotAfter(this.#used);
      const free = packets ? 1 : Math.min(this.#slots - this.#used, this.#slots - slot);
      const count = Math.min(from.length - done, free * PAGE_SIZE);
      copy(this.#data, slot * PAGE_SIZE, from, done, count);
      this.#fill(slot, count, packets ? 1 : 0);
      done += count;
    }
    this.#bytes += done;
    return done;
  }

  /** Gives what there is, at most one packet. Linux: fs/pipe.c:pipe_read. */
  read(into: Uint8Array<ArrayBuffer>): number {
    let done = 0;
    while (this.#used > 0 && done < into.length) {
      const slot = this.#tail;
      const count = this.#run(slot, this.#used, into.length - done);
      copy(into, done, this.#data, slot * PAGE_SIZE + this.#offsets[slot]!, count);
      done += count;
      if (this.#packets[slot] === 1) {
        this.#pop(); // with what the reader had no room for
        break;
      }
      this.consume(count);
    }
    return done;
  }

  /** Up to `limit` bytes that lie in one piece, `skip` bytes after the first; valid until the ring changes. */
  view(skip: number, limit: number): Uint8Array<ArrayBuffer> {
    for (let i = 0; i < this.#used; i++) {
      const slot = this.#slotAfter(i);
      const length = this.#lengths[slot]!;
      if (skip >= length) {
        skip -= length;
        continue;
      }
      const at = slot * PAGE_SIZE + this.#offsets[slot]! + skip;
      return this.#data.subarray(at, at + Math.min(limit, this.#run(slot, this.#used - i, Infinity) - skip));
    }
    return NO_BYTES;
  }

  /** Drops `count` bytes, of those there are. */
  consume(count: number): void {
    while (count > 0) {
      const slot = this.#tail;
      const length = this.#lengths[slot]!;
      if (count >= length) {
        count -= length;
        this.#pop();
      } else {
        this.#offsets[slot]! += count;
        this.#lengths[slot]! -= count;
        this.#bytes -= count;
        return;
      }
    }
  }

  /** Changes the number of slots, a power of two and at least `used`. */
  resize(slots: number): void {
    const larger = new PageRing(slots);
    larger.#data = new Uint8Array(slots * PAGE_SIZE);
    for (let i = 0; i < this.#used; i++) {
      const slot = this.#slotAfter(i);
      const at = slot * PAGE_SIZE;
      larger.#data.set(this.#data.subarray(at, at + PAGE_SIZE), i * PAGE_SIZE);
      larger.#offsets[i] = this.#offsets[slot]!;
      larger.#lengths[i] = this.#lengths[slot]!;
      larger.#packets[i] = this.#packets[slot]!;
    }
    this.#data = larger.#data;
    this.#offsets = larger.#offsets;
    this.#lengths = larger.#lengths;
    this.#packets = larger.#packets;
    this.#slots = slots;
    this.#tail = 0;
  }

  /** Puts what is more than whole pages behind the last bytes, if it fits there. */
  #merge(from: Uint8Array<ArrayBuffer>): number {
    const count = from.length % PAGE_SIZE;
    if (count === 0 || this.#used === 0) return 0;
    const slot = this.#slotAfter(this.#used - 1);
    const end = this.#offsets[slot]! + this.#lengths[slot]!;
    if (this.#packets[slot] === 1 || end + count > PAGE_SIZE) return 0;
    copy(this.#data, slot * PAGE_SIZE + end, from, 0, count);
    this.#lengths[slot]! += count;
    return count;
  }

  #slotAfter(count: number): number {
    return this.#tail + count & this.#slots - 1;
  }

  #fill(slot: number, count: number, packet: 0 | 1): void {
    for (; count > 0; count -= PAGE_SIZE, slot++, this.#used++) {
      this.#offsets[slot] = 0;
      this.#lengths[slot] = Math.min(count, PAGE_SIZE);
      this.#packets[slot] = packet;
    }
  }

  #pop(): void {
    this.#bytes -= this.#lengths[this.#tail]!;
    this.#tail = this.#slotAfter(1);
    this.#used--;
  }

  /** How many bytes lie in one piece from `slot` on, the first of `used` slots; one packet is a piece. */
  #run(slot: number, used: number, limit: number): number {
    let count = this.#lengths[slot]!;
    let end = this.#offsets[slot]! + count;
    while (count < limit && end === PAGE_SIZE && --used > 0 && ++slot < this.#slots) {
      if (this.#packets[slot - 1] === 1 || this.#packets[slot] === 1 || this.#offsets[slot] !== 0) break;
      end = this.#lengths[slot]!;
      count += end;
    }
    return Math.min(count, limit);
  }
}

function copy(
  to: Uint8Array<ArrayBuffer>,
  at: number,
  from: Uint8Array<ArrayBuffer>,
  start: number,
  count: number,
): void {
  if (count <= SMALL_COPY) {
    for (let i = 0; i < count; i++) to[at + i] = from[start + i]!;
  } else {
    to.set(start === 0 && count === from.length ? from : from.subarray(start, start + count), at);
  }
}
