/**
 * Reads ahead of whoever reads a file from front to back: in small pieces, as a read costs Windows nearly the same for
 * 64 KiB as for a byte; in larger ones while the reader works on the last one and the kernel has nothing to do. What
 * was read is good for one stretch, so that nobody ever sees it out of date.
 */
import type { HostResult } from "../../kernel/host_files.ts";
import type { Stretch } from "../stretch.ts";
import type { FileHandle, NtCalls } from "./nt_calls.ts";

const BLOCK_SIZE = 65536;
/** Larger reads are made as they are, but for what is read ahead of them. */
const LARGEST_PIECE = BLOCK_SIZE / 4;
/** Files that can be read in turn. */
const BLOCKS = 4;

/** What is remembered of an open file. */
export interface Reader {
  readonly handle: FileHandle;
  /** Where its last read ended. */
  readEnd: number;
  block: Block | undefined;
}

interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  reader: Reader | undefined;
  stretch: number;
  /** Offset in the file. */
  start: number;
  /** How much was asked for, and how much there was. */
  wanted: number;
  length: number;
}

export class ReadAhead {
  readonly #calls: Pick<NtCalls, "read">;
  readonly #stretch: Stretch;
  readonly #blocks: Block[] = [];
  #next = 0;
  /** Who is expected to read as much again, and how much that was. */
  #expected: Reader | undefined;
  #expectedSize = 0;

  constructor(calls: Pick<NtCalls, "read">, stretch: Stretch) {
    this.#calls = calls;
    this.#stretch = stretch;
    stretch.whenIdle = () => this.#readExpected();
  }

  /** The reader's handle is going. */
  forget(reader: Reader): void {
    if (this.#expected === reader) this.#expected = undefined;
  }

  read(reader: Reader, into: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    const result = this.#read(reader, into, offset);
    if (typeof result === "number") reader.readEnd = offset + result;
    return result;
  }

  #read(reader: Reader, into: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    const size = into.length;
    if (size > LARGEST_PIECE) return this.#readLarge(reader, into, offset);
    if (size === 0) return this.#calls.read(reader.handle, into, offset);
    const known = this.#copy(reader, into, offset);
    if (known >= 0) return known;
    if (offset !== reader.readEnd || offset === 0 || this.#stretch.hasWriters) {
      return this.#calls.read(reader.handle, into, offset);
    }
    const length = this.#fill(reader, offset, BLOCK_SIZE);
    return typeof length === "number" ? Math.max(0, this.#copy(reader, into, offset)) : length;
  }

  #readLarge(reader: Reader, into: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    const size = into.length;
    const known = size <= BLOCK_SIZE ? this.#copy(reader, into, offset) : -1;
    const result = known >= 0 ? known : this.#calls.read(reader.handle, into, offset);
    const goesOn = result === size && size <= BLOCK_SIZE && (offset === reader.readEnd || offset === 0);
    this.#expected = goesOn ? reader : undefined;
    this.#expectedSize = size;
    return result;
  }

  /** The kernel has nothing else to do. */
  #readExpected(): void {
    const reader = this.#expected;
    if (reader === undefined || this.#stretch.hasWriters) return;
    this.#expected = undefined;
    this.#fill(reader, reader.readEnd, this.#expectedSize);
  }

  #fill(reader: Reader, offset: number, wanted: number): HostResult {
    const block = this.#take(reader);
    block.stretch = -1;
    const length = this.#calls.read(reader.handle, block.bytes.subarray(0, wanted), offset);
    if (typeof length !== "number") return length;
    block.start = offset;
    block.wanted = wanted;
    block.length = length;
    block.stretch = this.#stretch.number;
    return length;
  }

  /** Copies from the reader's block; -1 when it does not hold all there is to be read. */
  #copy(reader: Reader, into: Uint8Array<ArrayBuffer>, offset: number): number {
    const { block } = reader;
    if (this.#stretch.hasWriters) return -1;
    if (block === undefined || block.reader !== reader || block.stretch !== this.#stretch.number) return -1;
    const from = offset - block.start;
    if (from < 0 || from > block.length) return -1;
    const length = Math.min(into.length, block.length - from);
    if (length < into.length && block.length === block.wanted) return -1;
    into.set(block.bytes.subarray(from, from + length));
    return length;
  }

  #take(reader: Reader): Block {
    if (reader.block?.reader === reader) return reader.block;
    const block = this.#blocks[this.#next] ??= {
      bytes: new Uint8Array(BLOCK_SIZE),
      reader: undefined,
      stretch: -1,
      start: 0,
      wanted: 0,
      length: 0,
    };
    this.#next = (this.#next + 1) % BLOCKS;
    block.reader = reader;
    return reader.block = block;
  }
}
