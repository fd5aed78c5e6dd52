/**
 * The forms emitted so far, by instruction: most TLS instructions of a program are a few dozen (the stack protector,
 * errno), and copying a form takes a fraction of the time of making one.
 */
import type { Emitter } from "./emitter.ts";
import { Numbers } from "./numbers.ts";
import type { Points } from "./points.ts";
import { read32 } from "./sweep.ts";

const BUCKETS = 1024;

export class FormCache {
  readonly #code: Uint8Array;
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

  constructor(code: Uint8Array, out: Emitter, points: Points) {
    this.#code = code;
    this.#out = out;
    this.#points = points;
  }

  /** Emits the form of the instruction of four bytes or more at `at` if there is one of the same bytes. */
  emit(at: number, length: number): boolean {
    let form = this.#heads[this.#hash(at, length)]!;
    while (form !== 0 && !this.#matches(form - 1, at, length)) form = this.#links.values[form - 1]!;
    if (form-- === 0) return false;
    const out = this.#out, { offsets, originals, scratch } = this.#points;
    const distance = out.length - this.#starts.values[form]!, moved = at - this.#instructions.values[form]!;
    const end = this.#endPoints.values[form]!;
    for (let i = this.#firstPoints.values[form]!; i < end; i++) {
      this.#points.add(offsets.values[i]! + distance, originals.values[i]! + moved, scratch.values[i]!);
    }
    out.repeat(this.#starts.values[form]!, this.#ends.values[form]!);
    return true;
  }

  /** Keeps the form just emitted from `start`, with its points from `firstPoint`. */
  keep(at: number, length: number, start: number, firstPoint: number): void {
    // A form's first point may have taken the place of the one before.
    if (this.#points.offsets.values[firstPoint] !== start) return;
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

  /** Of instructions of at least four bytes. */
  #hash(at: number, length: number): number {
    const code = this.#code;
    return (read32(code, at) ^ read32(code, at + length - 4) * 5 ^ length) >>> 8 & BUCKETS - 1;
  }

  #matches(form: number, at: number, length: number): boolean {
    if (this.#lengths.values[form] !== length) return false;
    const code = this.#code, other = this.#instructions.values[form]!;
    for (let i = 0; i < length - 4; i += 4) {
      if (read32(code, other + i) !== read32(code, at + i)) return false;
    }
    return read32(code, other + length - 4) === read32(code, at + length - 4);
  }
}
