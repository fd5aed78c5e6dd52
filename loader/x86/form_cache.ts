/**
 * What has been made of instructions so far, by their bytes: most TLS instructions of a program are a few dozen (the
 * stack protector, errno), and doing the same again takes a fraction of the time of finding out what to do.
 */
import type { Emitter } from "./emitter.ts";
import { Numbers } from "./numbers.ts";
import type { Points } from "./points.ts";
import type { Loop } from "./sweep_loop/instance.ts";

/** The shortest instruction that is kept. */
const SHORTEST = 3;
/** In place of where a form starts: the instruction itself has been patched. */
const PATCHED = -1;
/** The form has been taken back. */
const DROPPED = -2;

export class FormCache {
  readonly #loop: Loop;
  readonly #bytes: Uint8Array;
  readonly #out: Emitter;
  readonly #points: Points;
  /** By the instruction's number: where it stands, and its form's bytes and points. */
  readonly #instructions = new Numbers();
  readonly #starts = new Numbers();
  readonly #ends = new Numbers();
  readonly #firstPoints = new Numbers();
  readonly #endPoints = new Numbers();

  /** `loop` knows the code before the rewrite; `bytes` is what becomes of it. */
  constructor(loop: Loop, bytes: Uint8Array, out: Emitter, points: Points) {
    this.#loop = loop;
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

  /** How many there are; for `dropBehind`, when what was emitted since is taken back. */
  get count(): number {
    return this.#starts.length;
  }

  dropBehind(count: number): void {
    this.#starts.values.fill(DROPPED, count, this.#starts.length);
  }

  /** The newest form for these bytes, or -1. */
  #find(at: number, length: number): number {
    const form = length < SHORTEST ? -1 : this.#loop.findForm(at, length);
    return form >= 0 && this.#starts.values[form] === DROPPED ? -1 : form;
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
    if (length < SHORTEST || this.#loop.addForm(at, length) < 0) return;
    this.#instructions.push(at);
    this.#starts.push(start);
    this.#ends.push(this.#out.length);
    this.#firstPoints.push(firstPoint);
    this.#endPoints.push(this.#points.offsets.length);
  }
}
