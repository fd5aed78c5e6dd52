/**
 * Rewritten images as files: for each segment the bytes that differ and the rewriter's tables. The name tells the
 * contents, the engine and all that the rewriter was told besides; a checksum over both tells damage and a wrong name.
 */
import type { ElfImage } from "../../loader/elf/mod.ts";
import { Functions, Rewritten } from "../../loader/x86/mod.ts";
import { contentHash } from "./content_hash/content_hash.ts";
import type { Engine } from "./engine.ts";
import type { RewrittenImage, RewrittenSegment } from "./rewrite_image.ts";

const MAGIC = 0x41545243;
const HEADER_WORDS = 4;
const HASH_WORDS = 4;

/** The name under which an image's code is saved: of its contents before the rewrite. */
export function savedName(engine: Engine, image: ElfImage, contents: Uint8Array): string {
  const { gateBytes, ...target } = engine.rewriteTarget(image.bits, 0, true);
  const { segments, sectionTable, ehFrameHeader, dynamic, entry } = image;
  const settings = [
    engine.name,
    [...gateBytes],
    target,
    segments,
    sectionTable,
    ehFrameHeader,
    dynamic,
    entry,
  ];
  const hash = contentHash(contents, contentHash(new TextEncoder().encode(JSON.stringify(settings))));
  return [...hash].map((word) => word.toString(16).padStart(8, "0")).join("");
}

export function saveCode(name: string, image: ElfImage, code: RewrittenImage): Uint8Array {
  const out = new Chunks(), { segments } = code;
  out.add(Float64Array.of(code.trampolines, code.end, segments.length));
  for (const { segment, rewritten: code, room } of segments) {
    const { sites, points } = code;
    out.add(
      Float64Array.of(segment.index, code.address, code.trampolines, code.gateSize, code.instructions),
    );
    out.add(Float64Array.of(room.start, room.end));
    const columns = [
      sites.offsets,
      sites.lengths,
      sites.kinds,
      sites.tactics,
      sites.trampolines,
      points.offsets,
    ];
    for (const column of columns) out.add(column);
    out.add(points.originals);
    out.add(points.scratch);
    out.add(code.relocations);
    out.add(code.trampolineBytes);
  }
  const { places, before, after } = differences(image, code);
  out.add(places);
  out.add(before);
  out.add(after);
  return out.finish(name);
}

/** Patches `contents`; undefined, and nothing changed, when the file is damaged or another's. */
export function loadCode(
  name: string,
  file: Uint8Array<ArrayBuffer>,
  image: ElfImage,
  contents: Uint8Array,
): RewrittenImage | undefined {
  const chunks = readChunks(name, file);
  if (chunks === undefined) return undefined;
  const next = () => chunks.next().value ?? new Uint8Array(0);
  const doubles = () => viewed(Float64Array, next());
  const words = () => viewed(Int32Array, next());
  const [trampolines = 0, end = 0, count = 0] = doubles();
  const segments: RewrittenSegment[] = [];
  for (let i = 0; i < count; i++) {
    const [index, address = 0, start = 0, gateSize = 0, instructions = 0] = doubles();
    const [roomStart = 0, roomEnd = 0] = doubles();
    const segment = image.segments.find((s) => s.index === index);
    if (segment === undefined) return undefined;
    const at = segment.mapAddress - image.lowest;
    const original = () => restored(contents.slice(at, at + segment.mapSize), at, undo);
    const offsets = words(), lengths = next(), kinds = next(), tactics = next();
    const sites = { offsets, lengths, kinds, tactics, trampolines: words() };
    const points = { offsets: words(), originals: words(), scratch: viewed(Int8Array, next()) };
    const rewritten = new Rewritten({
      mode: image.bits,
      address,
      trampolines: start,
      original,
      gateSize,
      sites,
      points,
      relocations: words(),
      trampolineBytes: next(),
      instructions,
    });
    segments.push({ segment, rewritten, room: { start: roomStart, end: roomEnd } });
  }
  const undo = { places: words(), bytes: next() };
  apply({ places: undo.places, bytes: next() }, contents, 0);
  return { contents, segments, trampolines, end, functions: Functions.of([]) };
}

/** Bytes for places of an image: [offset, length, offset, length...], and one after the other what belongs there. */
interface Patches {
  readonly places: Int32Array;
  readonly bytes: Uint8Array;
}

/** Puts those patches that lie in `part`, which is at `start` of the image, in their places. */
function apply({ places, bytes }: Patches, part: Uint8Array, start: number): void {
  let from = 0;
  for (let i = 0; i < places.length; i += 2) {
    const at = places[i]! - start, end = from + places[i + 1]!;
    if (at < 0 || at >= part.length) from = end;
    for (let to = at; from < end; from++, to++) part[to] = bytes[from]!;
  }
}

function restored(part: Uint8Array, start: number, undo: Patches): Uint8Array {
  apply(undo, part, start);
  return part;
}

/** A chunk as what it is; it lies where any typed array may begin. */
function viewed<Array>(
  type: {
    new (buffer: ArrayBuffer, offset: number, length: number): Array;
    readonly BYTES_PER_ELEMENT: number;
  },
  { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>,
): Array {
  return new type(buffer, byteOffset, byteLength / type.BYTES_PER_ELEMENT);
}

/** Where the rewrite has changed an image. */
function differences(
  { lowest }: ElfImage,
  { contents, segments }: RewrittenImage,
): { places: Int32Array; before: Uint8Array; after: Uint8Array } {
  const places: number[] = [], before: number[] = [], after: number[] = [];
  for (const { segment: { mapAddress, mapSize }, rewritten: { original } } of segments) {
    const start = mapAddress - lowest, code = contents.subarray(start, start + mapSize);
    const old = wordsOf(original), now = wordsOf(code);
    for (let at = 0; at < mapSize;) {
      if (at % 4 === 0 && old[at >> 2] === now[at >> 2]) {
        at += 4;
        continue;
      }
      const first = at;
      for (; at < mapSize && original[at] !== code[at]; at++) {
        before.push(original[at]!);
        after.push(code[at]!);
      }
      if (at > first) places.push(start + first, at - first);
      else at++;
    }
  }
  return { places: Int32Array.from(places), before: Uint8Array.from(before), after: Uint8Array.from(after) };
}

/** Of whole pages. */
function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

/** Pieces of bytes one after the other, each behind its length and aligned for any typed array. */
class Chunks {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  add({ buffer, byteOffset, byteLength }: Uint8Array | Int8Array | Int32Array | Float64Array): void {
    const part = new Uint8Array(8 + Math.ceil(byteLength / 8) * 8);
    new DataView(part.buffer).setUint32(0, byteLength, true);
    part.set(new Uint8Array(buffer, byteOffset, byteLength), 8);
    this.#parts.push(part);
    this.#size += part.length;
  }

  finish(name: string): Uint8Array {
    const start = (HEADER_WORDS + HASH_WORDS) * 4;
    const file = new Uint8Array(start + this.#size);
    let at = start;
    for (const part of this.#parts) {
      file.set(part, at);
      at += part.length;
    }
    const words = new Uint32Array(file.buffer, 0, start / 4);
    words.set([MAGIC, file.length]);
    words.set(checksum(name, file.subarray(start)), HEADER_WORDS);
    return file;
  }
}

function readChunks(
  name: string,
  file: Uint8Array<ArrayBuffer>,
): Iterator<Uint8Array<ArrayBuffer>> | undefined {
  const start = (HEADER_WORDS + HASH_WORDS) * 4;
  if (file.length < start || file.length % 8 !== 0) return undefined;
  const words = new Uint32Array(file.buffer, file.byteOffset, start / 4);
  if (words[0] !== MAGIC || words[1] !== file.length) return undefined;
  const sum = checksum(name, file.subarray(start));
  if (sum.some((word, i) => word !== words[HEADER_WORDS + i])) return undefined;
  return parts();

  function* parts() {
    const view = new DataView(file.buffer, file.byteOffset, file.length);
    for (let at = start; at < file.length;) {
      const length = view.getUint32(at, true);
      yield file.subarray(at + 8, at + 8 + length);
      at += 8 + Math.ceil(length / 8) * 8;
    }
  }
}

function checksum(name: string, bytes: Uint8Array): Uint32Array {
  return contentHash(bytes, contentHash(new TextEncoder().encode(name)));
}
