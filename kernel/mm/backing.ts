/**
 * The memory behind areas. A backing is a view of a section at one place of the container; areas are cut from it.
 * A private one is larger than most areas, because making one costs far more than handing out pages of it: its pages
 * that belong to no area are zero and inaccessible to the guest. A shared one shows pages that other address spaces
 * see, too (the rewritten image of a file); it is never written to, and areas cover all of it.
 */
import type { Section } from "../host.ts";

/** A section, and how many have it: backings, and whoever keeps it for later ones. */
export class Pages {
  #users = 1;
  /** Whether what is stored in them is stored in a file. */
  readonly ofFile: boolean = false;

  /** Whether a file of the host's holds all that is in them. */
  get areOnFile(): boolean {
    return false;
  }

  /** `beforeLoss` is called when the last user has gone and the section is about to. */
  constructor(readonly section: Section, private readonly beforeLoss?: () => void) {}

  retain(): this {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users > 0) return;
    this.beforeLoss?.();
    this.section[Symbol.dispose]();
  }

  /** Nobody but the caller has it. */
  get exclusive(): boolean {
    return this.#users === 1;
  }
}

/** Where a backing's pages come from. */
export interface PageSource {
  readonly pages: Pages;
  /** Of the backing's first byte in the section. */
  readonly offset: number;
  readonly size: number;
  readonly shared: boolean;
}

export class Backing implements PageSource {
  readonly pages: Pages;
  readonly offset: number;
  readonly size: number;
  readonly shared: boolean;
  /** The kernel's view of [start, end). */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly end: number;

  /** The backing is one of the pages' users. */
  constructor(readonly start: number, { pages, offset, size, shared }: PageSource) {
    this.pages = pages;
    this.offset = offset;
    this.size = size;
    this.shared = shared;
    this.bytes = pages.section.bytes.subarray(offset, offset + size);
    this.end = start + size;
  }

  /** Over the whole of a section that nobody else has. */
  static whole(section: Section, start: number): Backing {
    return new Backing(start, { pages: new Pages(section), offset: 0, size: section.size, shared: false });
  }

  /** Pages of a program file or library as it was rewritten, which nobody can change. */
  get ofModule(): boolean {
    return this.shared && !this.pages.ofFile;
  }

  /** Private, and nobody else has any of the section. */
  get isWhole(): boolean {
    return !this.shared && this.size === this.pages.section.size && this.pages.exclusive;
  }

  view(start: number, end: number): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(start - this.start, end - this.start);
  }

  /** The source of its part [start, end). */
  part(start: number, end: number): PageSource {
    const { pages, offset, shared } = this;
    return { pages, offset: offset + start - this.start, size: end - start, shared };
  }
}

/** Backings in ascending order, disjoint. */
export class BackingList {
  readonly #backings: Backing[] = [];

  [Symbol.iterator](): Iterator<Backing> {
    return this.#backings[Symbol.iterator]();
  }

  add(backing: Backing): void {
    const at = this.#backings.findIndex((other) => other.start > backing.start);
    this.#backings.splice(at < 0 ? this.#backings.length : at, 0, backing);
  }

  remove(backing: Backing): void {
    this.#backings.splice(this.#backings.indexOf(backing), 1);
  }

  /** Those that reach into [start, end). */
  overlapping(start: number, end: number): Backing[] {
    return this.#backings.filter((backing) => backing.start < end && start < backing.end);
  }
}
