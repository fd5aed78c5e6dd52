/** Functions as columns of numbers: there are thousands, and objects for them cost more than all the rest of reading them. */
import type { FunctionRange } from "./region.ts";

export class Functions {
  /** In ascending order of starts, and of ends where those are the same. */
  constructor(
    /** Of code, [start, end). Addresses. */
    readonly starts: Float64Array,
    readonly ends: Float64Array,
    /** Addresses of the language-specific data areas (C++ landing pads); 0 for none. */
    readonly lsdas: Float64Array,
  ) {}

  /** The ranges are in any order. */
  static of(ranges: readonly FunctionRange[]): Functions {
    const sorted = ranges.toSorted((a, b) => a.start - b.start || a.end - b.end);
    return new Functions(
      Float64Array.from(sorted, ({ start }) => start),
      Float64Array.from(sorted, ({ end }) => end),
      Float64Array.from(sorted, ({ lsda }) => lsda ?? 0),
    );
  }

  get length(): number {
    return this.starts.length;
  }
}
