/** The functions of a region, as sorted offsets from its first byte. */
import { landingPads } from "./eh_frame.ts";
import type { CodeRegion, FunctionRange } from "./region.ts";

export class FunctionTable {
  readonly length: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** In the same order. */
  readonly functions: readonly FunctionRange[];

  constructor({ functions = [], address }: CodeRegion) {
    this.functions = isSorted(functions) ? functions : [...functions].sort((a, b) => a.start - b.start);
    this.length = functions.length;
    this.starts = new Float64Array(this.length);
    this.ends = new Float64Array(this.length);
    for (let i = 0; i < this.length; i++) {
      const { start, end } = this.functions[i]!;
      this.starts[i] = start - address;
      this.ends[i] = end - address;
    }
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

  /** The offsets of a function's landing pads; undefined if its LSDA cannot be read. */
  landingPads(index: number, { mode, address, data = [] }: CodeRegion): number[] | undefined {
    const fn = this.functions[index]!;
    if (fn.lsda === undefined) return [];
    return landingPads(fn, fn.lsda, data, mode === 64 ? 8 : 4)?.map((pad) => pad - address);
  }
}

function isSorted(functions: readonly FunctionRange[]): boolean {
  for (let i = 1; i < functions.length; i++) if (functions[i]!.start < functions[i - 1]!.start) return false;
  return true;
}
