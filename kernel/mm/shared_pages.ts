/**
 * The pages of a file that are mapped MAP_SHARED: sections that every mapping of the file shows, in all processes.
 * While there are any, reads of the file take what lies in them and writes go to both; what guests store in them goes
 * back to the file at msync(2), fsync(2), and when a mapping ends. Linux's page cache does this for every file.
 */
import { Errno } from "../abi/errno.ts";
import { type Host, PAGE_SIZE, type Section } from "../host.ts";
import type { Result } from "../syscalls/result.ts";
import { Pages } from "./backing.ts";

/** The file below, without what lies in shared pages. */
export interface PageStore {
  pread(into: Uint8Array<ArrayBuffer>, offset: number): Result;
  pwrite(from: Uint8Array<ArrayBuffer>, offset: number): Result;
  size(): Result;
  /** Like pread, into memory that is zero: need not touch what stays so. */
  load?(into: Uint8Array<ArrayBuffer>, offset: number): Result;
}

/** Pages of a file; each backing over them is one of the file's users, too. */
class FilePages extends Pages {
  override readonly ofFile = true;

  override get areOnFile(): boolean {
    return this.owner.areOnFile;
  }

  constructor(section: Section, private readonly owner: SharedPages) {
    super(section);
  }

  override retain(): this {
    this.owner.retain();
    return super.retain();
  }

  override release(): void {
    super.release();
    this.owner.release();
  }

  /** Ends the owner's own use. */
  drop(): void {
    super.release();
  }
}

/** A range of the file, whole pages. */
export interface Extent {
  readonly offset: number;
  readonly end: number;
  readonly pages: Pages;
}

interface OwnExtent extends Extent {
  readonly pages: FilePages;
  /** What the file holds there, as far as is known: pages that differ are to be written back. */
  clean: Uint8Array<ArrayBuffer> | undefined;
}

export class SharedPages {
  #extents: OwnExtent[] = [];
  #users = 0;
  /** Whether a mapping may ever have been written to. */
  #tracks = false;

  /**
   * `whenUnused` forgets this object: no mapping shows its pages any more. `tracking`: `sync` is to find what guests
   * have stored, which takes a copy.
   */
  constructor(
    private readonly host: Pick<Host, "createSection">,
    private readonly whenUnused: () => void,
    private readonly tracking = true,
  ) {}

  /** Whether they may hold what the file does not: guests may store in them. */
  get mayDiffer(): boolean {
    return this.#tracks;
  }

  /** Whether they are a file of the host's, and nobody may store in them. */
  get areOnFile(): boolean {
    return this.tracking && !this.#tracks;
  }

  get extents(): readonly Extent[] {
    return this.#extents;
  }

  retain(): void {
    this.#users++;
  }

  release(): void {
    if (--this.#users > 0) return;
    this.whenUnused();
    for (const extent of this.#extents) extent.pages.drop();
    this.#extents = [];
  }

  /** The extents that make up [offset, end), made where there were none. `writable`: guests may store in them. */
  cover(store: PageStore, offset: number, end: number, writable: boolean): readonly Extent[] | Errno {
    if (writable && this.tracking && !this.#tracks) this.#track();
    let at = offset;
    for (const extent of this.#overlapping(offset, end)) {
      const failure = at < extent.offset ? this.#add(store, at, extent.offset) : undefined;
      if (failure !== undefined) return failure;
      at = extent.end;
    }
    const failure = at < end ? this.#add(store, at, end) : undefined;
    return failure ?? this.#overlapping(offset, end);
  }

  /** Puts the pages' bytes over what was read from the file at `offset`. */
  overlay(into: Uint8Array, offset: number): void {
    this.#each(offset, into.length, (bytes, at) => into.set(bytes, at));
  }

  /** The file was written to. */
  wrote(from: Uint8Array, offset: number): void {
    this.#each(offset, from.length, (bytes, at, clean) => {
      const part = from.subarray(at, at + bytes.length);
      bytes.set(part);
      clean?.set(part);
    });
  }

  /** The file was cut, or extended with zeros. */
  truncated(size: number): void {
    for (const { offset, end, pages: { section }, clean } of this.#extents) {
      if (end <= size) continue;
      section.bytes.fill(0, Math.max(0, size - offset), end - offset);
      clean?.fill(0, Math.max(0, size - offset));
    }
  }

  /** Writes back what guests have stored, up to the file's end. */
  sync(store: PageStore): 0 | Errno {
    const size = store.size();
    if (size instanceof Errno) return size;
    for (const { offset, end, pages: { section }, clean } of this.#extents) {
      const length = Math.min(end, size) - offset;
      for (let at = 0; clean !== undefined && at < length; at += PAGE_SIZE) {
        const page = section.bytes.subarray(at, Math.min(at + PAGE_SIZE, length));
        const before = clean.subarray(at, at + page.length);
        if (isEqual(page, before)) continue;
        const copy = page.slice(); // the guest may go on storing meanwhile
        const written = store.pwrite(copy, offset + at);
        if (written instanceof Errno) return written;
        before.set(copy);
      }
    }
    return 0;
  }

  #track(): void {
    this.#tracks = true;
    for (const extent of this.#extents) extent.clean = extent.pages.section.bytes.slice();
  }

  #add(store: PageStore, offset: number, end: number): Errno | undefined {
    const section = this.host.createSection(end - offset);
    if (section instanceof Errno) return section;
    const count = (store.load ?? store.pread).call(store, section.bytes, offset);
    if (count instanceof Errno) {
      section[Symbol.dispose]();
      return count;
    }
    const at = this.#extents.findIndex((other) => other.offset > offset);
    const clean = this.#tracks ? section.bytes.slice() : undefined;
    this.#extents.splice(at < 0 ? this.#extents.length : at, 0, {
      offset,
      end,
      pages: new FilePages(section, this),
      clean,
    });
    return undefined;
  }

  #overlapping(offset: number, end: number): OwnExtent[] {
    return this.#extents.filter((extent) => extent.offset < end && offset < extent.end);
  }

  /** Shows the pages' bytes of [offset, offset + length); `at` counts from `offset`. */
  #each(
    offset: number,
    length: number,
    act: (bytes: Uint8Array, at: number, clean: Uint8Array | undefined) => void,
  ): void {
    for (const extent of this.#overlapping(offset, offset + length)) {
      const from = Math.max(offset, extent.offset);
      const to = Math.min(offset + length, extent.end);
      const [start, end] = [from - extent.offset, to - extent.offset];
      act(extent.pages.section.bytes.subarray(start, end), from - offset, extent.clean?.subarray(start, end));
    }
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  const words = a.length >> 2;
  const left = new Int32Array(a.buffer, a.byteOffset, words);
  const right = new Int32Array(b.buffer, b.byteOffset, words);
  for (let i = 0; i < words; i++) if (left[i] !== right[i]) return false;
  for (let i = words * 4; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
