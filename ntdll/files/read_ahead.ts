/**
 * Reads ahead of whoever reads a file from front to back in small pieces: a read costs Windows nearly the same for
 * 64 KiB as for a byte. What was read is good for one stretch, so that nobody ever sees it out of date.
 */
import type { HostResult } from "../../kernel/host_files.ts";
import type { Stretch } from "../stretch.ts";
import type { FileHandle, NtCalls } from "./nt_calls.ts";

const BLOCK_SIZE = 65536;
/** Larger reads are made as they are. */
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
  length: number;
}

export class ReadAhead {
  readonly #calls: Pick<NtCalls, "read">;
  readonly #stretch: Stretch;
  readonly #blocks: Block[] = [];
  #next = 0;

  constructor(calls: Pick<NtCalls, "read">, stretch: Stretch) {
    this.#calls = calls;
    this.#stretch = stretch;
  }

  read(reader: Reader, into: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    const result = this.#read(reader, into, offset);
    if (typeof result === "number") reader.readEnd = offset + result;
    return result;
  }

  #read(reader: Reader, into: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    const size = into.length;
    if (size > LARGEST_PIECE || size === 0) return this.#calls.read(reader.handle, into, offset);
    const known = this.#copy(reader, into, offset);
    if (known >= 0) return known;
    if (offset !== reader.readEnd || offset === 0) return this.#calls.read(reader.handle, into, offset);
    const block = this.#take(reader);
    const length = this.#calls.read(reader.handle, block.bytes, offset);
    if (typeof length !== "number") return length;
    block.start = offset;
    block.length = length;
    block.stretch = this.#stretch.number;
    return Math.max(0, this.#copy(reader, into, offset));
  }

  /** Copies from the reader's block; -1 when it does not hold all there is to be read. */
  #copy(reader: Reader, into: Uint8Array<ArrayBuffer>, offset: number): number {
    const { block } = reader;
    if (block === undefined || block.reader !== reader || block.stretch !== this.#stretch.number) return -1;
    const from = offset - block.start;
    if (from < 0 || from > block.length) return -1;
    const length = Math.min(into.length, block.length - from);
    if (length < into.length && block.length === BLOCK_SIZE) return -1;
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
      length: 0,
    };
    this.#next = (this.#next + 1) % BLOCKS;
    block.reader = reader;
    block.length = 0;
    return reader.block = block;
  }
}
