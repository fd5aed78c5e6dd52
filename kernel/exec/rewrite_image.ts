/**
 * The rewriting of a whole ELF image, before any of it is mapped: `execve` and `atratus inspect` share it, so that
 * what the latter reports is what the former does.
 */
import { codeRanges, type ElfImage, type ElfSegment, type ImageSource } from "../../loader/elf/mod.ts";
import {
  codePointers,
  type DataRange,
  ehFrameAddress,
  functionRanges,
  Functions,
  rewrite,
  type Rewritten,
} from "../../loader/x86/mod.ts";
import { pageCeil, PROT_EXEC, PROT_READ, type Range } from "../host.ts";
import type { Engine } from "./engine.ts";

export interface RewrittenSegment {
  readonly segment: ElfSegment;
  readonly rewritten: Rewritten;
  /** File addresses of the pages of its trampolines. */
  readonly room: Range;
}

export interface RewrittenImage {
  /** The image's pages from its lowest address to the last byte that comes from the file. */
  readonly contents: Uint8Array;
  readonly segments: readonly RewrittenSegment[];
  /** File addresses between which the trampolines lie. */
  readonly trampolines: number;
  readonly end: number;
  /** From .eh_frame. */
  readonly functions: Functions;
}

/** Reads the image and rewrites it; the trampolines begin behind it. */
export function rewriteImage(engine: Engine, image: ElfImage, source: ImageSource): RewrittenImage {
  return rewriteContents(engine, image, source, readContents(image, source), image.highest);
}

/**
 * Rewrites an image's code at the file's own addresses. It runs at any other bias, too: see
 * Rewritten.relocations. The contents are changed; the trampolines begin at `trampolines`.
 */
export function rewriteContents(
  engine: Engine,
  image: ElfImage,
  source: ImageSource,
  contents: Uint8Array,
  trampolines: number,
): RewrittenImage {
  const functions = functionsOf(image, contents);
  const pointers = pointersOf(image, contents);
  const ranges = codeRanges(image, source);
  const segments: RewrittenSegment[] = [];
  let end = trampolines;
  for (const segment of image.segments) {
    if ((segment.prot & PROT_EXEC) === 0 || segment.mapSize === 0) continue;
    const bytes = pagesOf(image, contents, segment);
    const original = bytes.slice();
    const executableRanges = ranges
      .filter((r) => r.start >= segment.address && r.end <= segment.address + segment.fileSize);
    const rewritten = rewrite({
      mode: image.bits,
      address: segment.mapAddress,
      bytes,
      original,
      functions,
      executableRanges,
      data: dataOf(image, contents, segment),
      ...(pointers === undefined ? {} : { pointers }),
    }, engine.rewriteTarget(image.bits, end, keepsTlsAbi(image)));
    const start = end;
    end = pageCeil(start + rewritten.trampolineBytes.length);
    segments.push({ segment, rewritten, room: { start, end } });
  }
  return { contents, segments, trampolines, end, functions };
}

/** Whether its thread-local storage is a C library's: a program on its own may point %fs and %gs wherever it likes. */
function keepsTlsAbi(image: ElfImage): boolean {
  return image.tls !== undefined || image.dynamic !== undefined;
}

/** PROT_* of a segment's pages as the guest sees them. */
export function protOf(image: ElfImage, segment: ElfSegment): number {
  return image.readImpliesExec && (segment.prot & PROT_READ) !== 0 ? segment.prot | PROT_EXEC : segment.prot;
}

/** Bytes of an image's pages from its lowest address to the last byte that comes from the file. */
export function contentsSize(image: ElfImage): number {
  return Math.max(0, Math.max(...image.segments.map((s) => s.mapAddress + s.mapSize)) - image.lowest);
}

/** Reads these bytes into `contents`, which is zero. */
export function readContents(
  image: ElfImage,
  source: ImageSource,
  contents: Uint8Array<ArrayBuffer> = new Uint8Array(contentsSize(image)),
): Uint8Array<ArrayBuffer> {
  for (const segment of image.segments) {
    const at = segment.mapAddress - image.lowest, end = at + segment.mapSize;
    const count = source.readInto(contents.subarray(at, end), segment.mapOffset);
    contents.fill(0, at + count, end); // a segment before may have been there
    if (segment.zeroSize > 0) {
      const zero = segment.zeroStart - image.lowest;
      contents.fill(0, zero, zero + segment.zeroSize);
    }
  }
  return contents;
}

function pagesOf(image: ElfImage, contents: Uint8Array, segment: ElfSegment): Uint8Array {
  const at = segment.mapAddress - image.lowest;
  return contents.subarray(at, at + segment.mapSize);
}

function functionsOf(image: ElfImage, contents: Uint8Array): Functions {
  const { ehFrameHeader } = image;
  if (ehFrameHeader === undefined) return Functions.of([]);
  const pointerSize = image.bits === 64 ? 8 : 4;
  const address = ehFrameAddress(fromOn(image, contents, ehFrameHeader.address), pointerSize);
  return address === undefined
    ? Functions.of([])
    : functionRanges(fromOn(image, contents, address), pointerSize);
}

/** What is loaded at an address, up to the end of its segment. */
function fromOn(image: ElfImage, contents: Uint8Array, address: number): DataRange {
  const segment = image.segments.find((s) => address >= s.mapAddress && address < s.mapAddress + s.mapSize);
  const end = segment === undefined ? address : segment.mapAddress + segment.mapSize;
  return { address, bytes: contents.subarray(address - image.lowest, end - image.lowest) };
}

/**
 * The code addresses that the relocations of a position-independent image make. The file holds them without the
 * bias, so a scan of its data would find none of them. Undefined for other images: their data holds the addresses.
 */
function pointersOf(image: ElfImage, contents: Uint8Array): number[] | undefined {
  if (image.type !== "dyn") return undefined;
  const loaded = dataOf(image, contents);
  const found = image.dynamic === undefined
    ? undefined
    : codePointers(image.bits, loaded, image.dynamic.address);
  return [...found ?? [], image.entry];
}

/** What is loaded besides `code`: where addresses of code may stand. */
function dataOf(image: ElfImage, contents: Uint8Array, code?: ElfSegment): DataRange[] {
  return image.segments.filter((s) => s !== code && s.fileSize > 0).map((s) => ({
    address: s.mapAddress,
    bytes: pagesOf(image, contents, s),
  }));
}

/** Bytes of an image's pages with code. */
export function textSize({ segments }: ElfImage): number {
  return segments.reduce((sum, { prot, mapSize }) => sum + ((prot & PROT_EXEC) !== 0 ? mapSize : 0), 0);
}

/** Bytes that an image's trampolines take at most, as a rule: an eighth of its code where there are many. */
export function likelyRoom(image: ElfImage): number {
  return ROOM_BASE + pageCeil(textSize(image) / ROOM_SHARE);
}

const ROOM_SHARE = 6;
const ROOM_BASE = 0x1_0000;
