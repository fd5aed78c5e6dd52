/**
 * What has been made of instructions so far, by their bytes: most TLS instructions of a program are a few dozen (the
 * stack protector, errno), and doing the same again takes a fraction of the time of finding out what to do.
 */
import type { Emitter } from "./emitter.ts";
import { Numbers } from "./numbers.ts";
import type { Points } from "./points.ts";
import { read32 } from "./sweep.ts";

const BUCKETS = 1024;
/** The shortest instruction that is kept. */
const SHORTEST = 3;
/** In place of where a form starts: the instruction itself has been patched. */
const PATCHED = -1;

export class FormCache {
  readonly #code: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #out: Emitter;
  readonly #points: Points;
  /** By hash: the number of the newest form plus 1; 0 for none. */
  readonly #heads = new Int32Array(BUCKETS);
  /** By form: the one before in its bucket, as in #heads; the instruction; the form's bytes and points. */
  readonly #links = new Numbers();
  readonly #instructions = new Numbers();
  readonly #lengths = new Numbers();
  readonly #starts = new Numbers();
  readonly #ends = new Numbers();
  readonly #firstPoints = new Numbers();
  readonly #endPoints = new Numbers();

  /** `code` is that before the rewrite, `bytes` what becomes of it. */
  constructor(code: Uint8Array, bytes: Uint8Array, out: Emitter, points: Points) {
    this.#code = code;
    this.#bytes = bytes;
    this.#out = out;
    this.#points = points;
  }

  /** Does what was done for an instruction of the same bytes as that at `at`: emits its form, or patches it in place. */
  repeat(at: number, length: number): "emitted" | "patched" | undefined {
    const form = this.#find(at, length);
    if (form < 0) return undefined;
    if (this.#starts.values[form] !== PATCHED) {
      this.#emit(form, at);
      return "emitted";
    }
    const patched = this.#instructions.values[form]!;
    this.#bytes.copyWithin(at, patched, patched + length);
    return "patched";
  }

  /** Emits the form of an instruction of the same bytes, if there is one. */
  emit(at: number, length: number): boolean {
    const form = this.#find(at, length);
    if (form < 0 || this.#starts.values[form] === PATCHED) return false;
    this.#emit(form, at);
    return true;
  }

  #emit(form: number, at: number): void {
    const out = this.#out, start = this.#starts.values[form]!, { offsets, originals, scratch } = this.#points;
    const distance = out.length - start, moved = at - this.#instructions.values[form]!;
    const end = this.#endPoints.values[form]!;
    for (let i = this.#firstPoints.values[form]!; i < end; i++) {
      this.#points.add(offsets.values[i]! + distance, originals.values[i]! + moved, scratch.values[i]!);
    }
    out.repeat(start, this.#ends.values[form]!);
  }

  /** The newest form for these bytes, or -1. */
  #find(at: number, length: number): number {
    if (length < SHORTEST) return -1;
    let form = this.#heads[this.#hash(at, length)]!;
    while (form !== 0 && !this.#matches(form - 1, at, length)) form = this.#links.values[form - 1]!;
    return form - 1;
  }

  /** Keeps the form just emitted from `start`, with its points from `firstPoint`. */
  keep(at: number, length: number, start: number, firstPoint: number): void {
    // A form's first point may have taken the place of the one before.
    if (this.#points.offsets.values[firstPoint] === start) this.#add(at, length, start, firstPoint);
  }

  keepPatched(at: number, length: number): void {
    this.#add(at, length, PATCHED, 0);
  }

  #add(at: number, length: number, start: number, firstPoint: number): void {
    if (length < SHORTEST) return;
    const bucket = this.#hash(at, length);
    this.#links.push(this.#heads[bucket]!);
    this.#instructions.push(at);
    this.#lengths.push(length);
    this.#starts.push(start);
    this.#ends.push(this.#out.length);
    this.#firstPoints.push(firstPoint);
    this.#endPoints.push(this.#points.offsets.length);
    this.#heads[bucket] = this.#links.length;
  }

  #hash(at: number, length: number): number {
    const code = this.#code;
    if (length < 4) return (read32(code, at) & 0xffffff) >>> 8 & BUCKETS - 1;
    return (read32(code, at) ^ read32(code, at + length - 4) * 5 ^ length) >>> 8 & BUCKETS - 1;
  }

  #matches(form: number, at: number, length: number): boolean {
    if (this.#lengths.values[form] !== length) return false;
    const code = this.#code, other = this.#instructions.values[form]!;
    if (length < 4) return ((read32(code, other) ^ read32(code, at)) & 0xffffff) === 0;
    for (let i = 0; i < length - 4; i += 4) {
      if (read32(code, other + i) !== read32(code, at + i)) return false;
    }
    return read32(code, other + length - 4) === read32(code, at + length - 4);
  }
}
