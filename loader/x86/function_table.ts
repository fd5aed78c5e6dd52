/** The functions of a region, as sorted offsets from its first byte. */
import { landingPads } from "./eh_frame.ts";
import { Functions } from "./functions.ts";
import type { CodeRegion } from "./region.ts";

export class FunctionTable {
  readonly length: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly #functions: Functions;

  constructor({ functions = Functions.of([]), address }: CodeRegion) {
    this.#functions = functions;
    this.length = functions.length;
    this.starts = functions.starts.map((start) => start - address);
    this.ends = functions.ends.map((end) => end - address);
  }

  /** The index of the function that holds an offset, or -1. */
  indexAt(offset: number): number {
    const { starts } = this;
    let low = 0, high = this.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low > 0 && offset < this.ends[low - 1]! ? low - 1 : -1;
  }

  /** Whether a function has landing pads, as C++ has. */
  hasPads(index: number): boolean {
    return this.#functions.lsdas[index] !== 0;
  }

  /** The offsets of a function's landing pads; undefined if its LSDA cannot be read. */
  landingPads(index: number, { mode, address, data = [] }: CodeRegion): number[] | undefined {
    const { starts, lsdas } = this.#functions;
    return landingPads(starts[index]!, lsdas[index]!, data, mode === 64 ? 8 : 4)?.map((pad) => pad - address);
  }
}
