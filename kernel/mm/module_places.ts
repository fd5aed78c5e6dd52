/**
 * Where program files and libraries go: each has one place for the run, as a DLL has on Windows until it starts again.
 * So a container still has the views of those that its last guests ran, and fork finds its parent's there.
 */
import { GRANULE, type MemoryLayout } from "./layout.ts";

export class ModulePlaces {
  readonly #layout: MemoryLayout;
  readonly #libraries = new Map<string, number>();
  readonly #programs = new Map<string, number>();
  #next: number;

  constructor(layout: MemoryLayout) {
    this.#layout = layout;
    this.#next = layout.libraries.start;
  }

  /** The place of a library that takes `size` bytes with its trampolines; undefined: wherever there is room. */
  library(identity: string, size: number): number | undefined {
    const known = this.#libraries.get(identity);
    if (known !== undefined) return known;
    const { start, end } = this.#layout.libraries;
    const whole = Math.ceil(size / GRANULE) * GRANULE;
    if (whole > end - start) return undefined;
    // When all places are taken the first ones are given again: who meets another library there goes elsewhere.
    const place = this.#next + whole > end ? start : this.#next;
    this.#next = place + whole;
    this.#libraries.set(identity, place);
    return place;
  }

  /** Where to try to put a position-independent program, the best place first. */
  program(identity: string): readonly number[] {
    const { pieBases, pieCount, pieDistance } = this.#layout;
    const [first = 0] = pieBases;
    let index = this.#programs.get(identity);
    if (index === undefined) this.#programs.set(identity, index = this.#programs.size % pieCount);
    return index === 0 ? pieBases : [first + index * pieDistance, ...pieBases];
  }
}
