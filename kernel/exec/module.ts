/**
 * A program file or library as memory has it: its pages, rewritten, and the trampolines, in one section that every
 * process with the file maps. What is writable is copied from there. All addresses are the file's own.
 */
import type { ElfImage, ElfSegment, ImageSource } from "../../loader/elf/mod.ts";
import { Errno } from "../abi/errno.ts";
import { type Host, pageCeil, PROT_EXEC, PROT_WRITE, type Range, type Section } from "../host.ts";
import type { CodeStore } from "../host_code_store.ts";
import { Pages } from "../mm/backing.ts";
import type { Engine } from "./engine.ts";
import {
  contentsSize,
  likelyRoom,
  readContents,
  rewriteContents,
  type RewrittenImage,
  type RewrittenSegment,
  textSize,
} from "./rewrite_image.ts";
import { loadCode, saveCode, savedName } from "./saved_code.ts";

export class Module implements Disposable {
  /** Bytes of memory that the module holds. */
  readonly size: number;
  readonly pages: Pages;
  readonly #contentsSize: number;

  private constructor(
    readonly image: ElfImage,
    section: Section,
    /** Code that only text segments hold; what is writable as well is rewritten when it is executed. */
    readonly segments: readonly RewrittenSegment[],
    /** Pages of the trampolines: behind the image, or where they were wanted. */
    readonly room: Range,
  ) {
    this.pages = new Pages(section, () => keepOriginals(segments));
    this.#contentsSize = contentsSize(image);
    this.size = section.size + textSize(image);
  }

  /** Reads and rewrites a file. ENOMEM. */
  static create(
    host: Pick<Host, "createSection">,
    engine: Engine,
    image: ElfImage,
    source: ImageSource,
    trampolines: number | undefined,
    store: CodeStore | undefined,
  ): Module | Errno {
    const size = contentsSize(image);
    // In its place from the start: every copy costs its pages' faults.
    const first = host.createSection(pageCeil(size + likelyRoom(image)));
    if (first instanceof Errno) return first;
    const contents = readContents(image, source, first.bytes.subarray(0, size));
    const rewritten = rewriteOrLoad(engine, image, source, contents, trampolines, store);
    const room = { start: rewritten.trampolines, end: rewritten.end };
    const section = enlarged(host, first, size + room.end - room.start, rewritten.segments);
    if (section instanceof Errno) return section;
    const segments = rewritten.segments.filter(({ segment }) => isText(segment));
    for (const { segment, rewritten: code } of rewritten.segments) {
      if (!isText(segment)) section.bytes.set(code.original, segment.mapAddress - image.lowest);
    }
    for (const { rewritten: { trampolineBytes }, room: own } of segments) {
      section.bytes.set(trampolineBytes, size + own.start - room.start);
    }
    return new Module(image, section, segments, room);
  }

  /** Where the byte at an address of the image or of the trampolines is in the section. */
  offsetOf(address: number): number {
    const { room, image } = this;
    if (address >= room.start && address < room.end) return this.#contentsSize + address - room.start;
    return address - image.lowest;
  }

  /** The bytes of [start, end). */
  bytes(start: number, end: number): Uint8Array {
    const offset = this.offsetOf(start);
    return this.pages.section.bytes.subarray(offset, offset + end - start);
  }

  /** The text segment whose file pages hold a file offset. */
  textAt(fileOffset: number): RewrittenSegment | undefined {
    return this.segments.find(({ segment: s }) =>
      fileOffset >= s.mapOffset && fileOffset < s.mapOffset + s.mapSize
    );
  }

  /** The longest run of pages around a text segment that lie as in the file and that no segment makes writable. */
  pristineAround(text: ElfSegment): Range {
    let start = text.mapAddress, end = text.mapAddress + text.mapSize;
    const { segments } = this.image;
    for (let grew = true; grew;) {
      grew = false;
      for (const s of segments) {
        if ((s.prot & PROT_WRITE) !== 0 || s.mapSize === 0 || distance(s) !== distance(text)) continue;
        const from = s.mapAddress, to = from + s.mapSize;
        if (from > end || to < start || from >= start && to <= end) continue;
        start = Math.min(start, from);
        end = Math.max(end, to);
        grew = true;
      }
    }
    for (const s of segments) {
      if ((s.prot & PROT_WRITE) === 0 || s.memorySize === 0) continue;
      const from = s.mapAddress, to = s.bssStart + s.bssSize;
      if (from > text.mapAddress) end = Math.min(end, from);
      else start = Math.max(start, to);
    }
    return { start, end };
  }

  [Symbol.dispose](): void {
    this.pages.release();
  }
}

/** A section of at least `size` bytes with what `section` holds: itself, or another one in its place. ENOMEM. */
function enlarged(
  host: Pick<Host, "createSection">,
  section: Section,
  size: number,
  segments: readonly RewrittenSegment[],
): Section | Errno {
  if (size <= section.size) return section;
  const larger = host.createSection(size);
  if (!(larger instanceof Errno)) larger.bytes.set(section.bytes);
  keepOriginals(segments);
  section[Symbol.dispose]();
  return larger;
}

/** Code before the rewrite is told from the section, which is going. */
function keepOriginals(segments: readonly RewrittenSegment[]): void {
  for (const { rewritten } of segments) void rewritten.original;
}

/** What a store knows need not be rewritten; it knows images whose trampolines lie behind them. */
function rewriteOrLoad(
  engine: Engine,
  image: ElfImage,
  source: ImageSource,
  contents: Uint8Array,
  trampolines: number | undefined,
  store: CodeStore | undefined,
): RewrittenImage {
  if (store === undefined || trampolines !== undefined) {
    return rewriteContents(engine, image, source, contents, trampolines ?? image.highest);
  }
  const key = savedName(engine, image, contents);
  const saved = store.load(key);
  const known = saved && loadCode(key, saved, image, contents);
  if (known !== undefined) return known;
  const rewritten = rewriteContents(engine, image, source, contents, image.highest);
  store.save(key, saveCode(key, image, rewritten));
  return rewritten;
}

function distance({ mapOffset, mapAddress }: ElfSegment): number {
  return mapOffset - mapAddress;
}

/** Code that the program itself cannot write to. */
function isText({ prot }: ElfSegment): boolean {
  return (prot & PROT_EXEC) !== 0 && (prot & PROT_WRITE) === 0;
}
