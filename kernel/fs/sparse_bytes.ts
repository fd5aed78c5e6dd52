/** Bytes of a file that is kept in memory. What was never written takes no room and reads as zeros. */
import { EFBIG, type Errno } from "../abi/errno.ts";
import type { Result } from "../syscalls/result.ts";
import type { PageStore } from "../mm/shared_pages.ts";

const CHUNK = 0x1_0000;

export class SparseBytes implements PageStore {
  #chunks = new Map<number, Uint8Array<ArrayBuffer>>();
  #size = 0;

  size(): number {
    return this.#size;
  }
  /** Bytes that take room. */
  get allocated(): number {
    return this.#chunks.size * CHUNK;
  }

  pread(into: Uint8Array<ArrayBuffer>, offset: number): number {
    const length = Math.max(0, Math.min(into.length, this.#size - offset));
    for (let done = 0; done < length;) {
      const within = (offset + done) % CHUNK;
      const count = Math.min(CHUNK - within, length - done);
      const chunk = this.#chunks.get(Math.floor((offset + done) / CHUNK));
      const part = into.subarray(done, done + count);
      if (chunk === undefined) part.fill(0);
      else part.set(chunk.subarray(within, within + count));
      done += count;
    }
    return length;
  }

  load(into: Uint8Array<ArrayBuffer>, offset: number): number {
    const length = Math.max(0, Math.min(into.length, this.#size - offset));
    for (const [at, chunk] of this.#chunks) {
      const from = Math.max(at * CHUNK, offset), to = Math.min((at + 1) * CHUNK, offset + length);
      if (from < to) into.set(chunk.subarray(from - at * CHUNK, to - at * CHUNK), from - offset);
    }
    return length;
  }

  /** Takes over memory as it is; zeros take no room where there was none. */
  store(from: Uint8Array<ArrayBuffer>, offset: number): void {
    const length = Math.max(0, Math.min(from.length, this.#size - offset));
    for (let done = 0; done < length;) {
      const within = (offset + done) % CHUNK;
      const part = from.subarray(done, done + Math.min(CHUNK - within, length - done));
      const known = this.#chunks.has(Math.floor((offset + done) / CHUNK));
      if (known || part.some((byte) => byte !== 0)) this.pwrite(part, offset + done);
      done += part.length;
    }
  }

  pwrite(from: Uint8Array<ArrayBuffer>, offset: number): Result {
    if (offset + from.length > Number.MAX_SAFE_INTEGER) return EFBIG;
    for (let done = 0; done < from.length;) {
      const at = Math.floor((offset + done) / CHUNK);
      const within = (offset + done) % CHUNK;
      const count = Math.min(CHUNK - within, from.length - done);
      let chunk = this.#chunks.get(at);
      if (chunk === undefined) this.#chunks.set(at, chunk = new Uint8Array(CHUNK));
      chunk.set(from.subarray(done, done + count), within);
      done += count;
    }
    if (from.length > 0) this.#size = Math.max(this.#size, offset + from.length);
    return from.length;
  }

  truncate(size: number): 0 | Errno {
    if (size > Number.MAX_SAFE_INTEGER) return EFBIG;
    if (size < this.#size) {
      const last = Math.floor(size / CHUNK);
      for (const at of this.#chunks.keys()) if (at > last) this.#chunks.delete(at);
      this.#chunks.get(last)?.fill(0, size % CHUNK);
    }
    this.#size = size;
    return 0;
  }
}
