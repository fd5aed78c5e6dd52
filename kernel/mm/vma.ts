/**
 * Virtual memory areas: what a guest's address space consists of, as Linux tells it (proc_pid_maps(5)). Each area
 * lies in one backing, or has none yet: then nobody could touch it so far, or nobody has.
 */
import type { OpenFile } from "../fs/open_file.ts";
import type { Backing } from "./backing.ts";

/** The name of areas that hold what runs in the place of patched instructions: ours, though guests see them. */
export const TRAMPOLINES = "[trampolines]";

/** The part of a file that a private mapping began as. */
export interface FileRange {
  readonly file: OpenFile;
  /** File offset of the area's first byte. */
  readonly offset: number;
  readonly path: string;
}

export interface VmaParts {
  readonly start: number;
  readonly end: number;
  readonly prot: number;
  readonly backing: Backing | undefined;
  readonly file?: FileRange | undefined;
  /** `[heap]`, `[stack]` and the like, or a program's path; empty for plain memory. */
  readonly name?: string;
  /** File offset of the first byte of a program's segment, for /proc/pid/maps. */
  readonly nameOffset?: number | undefined;
  readonly shared?: boolean;
}

export class Vma {
  readonly start: number;
  readonly end: number;
  /** PROT_*. */
  readonly prot: number;
  readonly backing: Backing | undefined;
  readonly file: FileRange | undefined;
  readonly name: string;
  readonly nameOffset: number | undefined;
  readonly shared: boolean;

  constructor(parts: VmaParts) {
    this.start = parts.start;
    this.end = parts.end;
    this.prot = parts.prot;
    this.backing = parts.backing;
    this.file = parts.file;
    this.name = parts.name ?? "";
    this.nameOffset = parts.nameOffset;
    this.shared = parts.shared ?? false;
  }

  get size(): number {
    return this.end - this.start;
  }

  /** Whether it shows a file's own pages, which every MAP_SHARED mapping of the file does. */
  get showsFile(): boolean {
    return this.backing?.pages.ofFile === true;
  }

  /** The same area cut to [start, end). */
  slice(start: number, end: number): Vma {
    const { file, nameOffset } = this;
    return new Vma({
      ...this,
      start,
      end,
      nameOffset: nameOffset === undefined ? undefined : nameOffset + (start - this.start),
      file: file && { ...file, offset: file.offset + (start - this.start) },
    });
  }

  with(change: Partial<VmaParts>): Vma {
    return new Vma({ ...this, ...change });
  }

  /** Whether `next` goes on where this ends and is alike in all else. */
  continues(next: Vma): boolean {
    const sameFile = this.file === undefined
      ? next.file === undefined
      : next.file?.file === this.file.file && next.file.offset === this.file.offset + this.size;
    const sameImage = this.nameOffset === undefined
      ? next.nameOffset === undefined
      : next.nameOffset === this.nameOffset + this.size;
    return this.end === next.start && this.prot === next.prot && this.backing === next.backing &&
      this.name === next.name && this.shared === next.shared && sameFile && sameImage;
  }
}

/** Areas in ascending order, disjoint. */
export class VmaList {
  #areas: Vma[] = [];
  /** The area found last: most look-ups are for the same one. */
  #recent: Vma | undefined;
  /** Called before areas in [start, end) come, go or change. */
  beforeChange: ((start: number, end: number) => void) | undefined;

  [Symbol.iterator](): Iterator<Vma> {
    return this.#areas[Symbol.iterator]();
  }

  /** The area that holds `address`. */
  find(address: number): Vma | undefined {
    const recent = this.#recent;
    if (recent !== undefined && address >= recent.start && address < recent.end) return recent;
    const area = this.#areas[this.#indexAfter(address)];
    if (area === undefined || address < area.start) return undefined;
    return this.#recent = area;
  }

  /** Areas that reach into [start, end), whole. */
  overlapping(start: number, end: number): Vma[] {
    const found: Vma[] = [];
    for (let i = this.#indexAfter(start); i < this.#areas.length; i++) {
      const area = this.#areas[i]!;
      if (area.start >= end) break;
      found.push(area);
    }
    return found;
  }

  /** Whether areas cover all of [start, end). */
  covers(start: number, end: number): boolean {
    let at = start;
    for (const area of this.overlapping(start, end)) {
      if (area.start > at) return false;
      at = area.end;
    }
    return at >= end;
  }

  /** Cuts [start, end) out; returns what was there, cut to it. */
  remove(start: number, end: number): Vma[] {
    return this.#splice(start, end, []);
  }

  /** Puts `area` in, in the place of whatever was there. */
  insert(area: Vma): void {
    this.#splice(area.start, area.end, [area]);
  }

  #splice(start: number, end: number, parts: Vma[]): Vma[] {
    this.beforeChange?.(start, end);
    this.#recent = undefined;
    const first = this.#indexAfter(start);
    const removed: Vma[] = [];
    const replacement: Vma[] = [];
    let count = 0;
    for (let i = first; i < this.#areas.length && this.#areas[i]!.start < end; i++, count++) {
      const area = this.#areas[i]!;
      if (area.start < start) replacement.push(area.slice(area.start, start));
      removed.push(area.slice(Math.max(area.start, start), Math.min(area.end, end)));
    }
    replacement.push(...parts);
    const last = this.#areas[first + count - 1];
    if (count > 0 && last !== undefined && last.end > end) replacement.push(last.slice(end, last.end));
    this.#areas.splice(first, count, ...replacement);
    this.#mergeAround(first, replacement.length);
    return removed;
  }

  /** Joins alike neighbours from one before `first` to one after the `count` new ones. */
  #mergeAround(first: number, count: number): void {
    for (let i = Math.min(first + count, this.#areas.length - 1); i >= Math.max(first, 1); i--) {
      const before = this.#areas[i - 1]!;
      const area = this.#areas[i]!;
      if (before.continues(area)) this.#areas.splice(i - 1, 2, before.with({ end: area.end }));
    }
  }

  /** Index of the first area that ends above `address`. */
  #indexAfter(address: number): number {
    let low = 0;
    let high = this.#areas.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#areas[middle]!.end <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
