/** Functions as columns of numbers: there are thousands, and objects for them cost more than all the rest of reading them. */
import type { FunctionRange } from "./region.ts";

export class Functions {
  /** Of code, [start, end), in ascending order of starts. Addresses. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Addresses of the language-specific data areas (C++ landing pads); 0 for none. */
  readonly lsdas: Float64Array;

  /** The columns are put in order. */
  constructor(starts: Float64Array, ends: Float64Array, lsdas: Float64Array) {
    const order = orderOf(starts, ends);
    this.starts = order === undefined ? starts : Float64Array.from(order, (i) => starts[i]!);
    this.ends = order === undefined ? ends : Float64Array.from(order, (i) => ends[i]!);
    this.lsdas = order === undefined ? lsdas : Float64Array.from(order, (i) => lsdas[i]!);
  }

  static of(ranges: readonly FunctionRange[]): Functions {
    return new Functions(
      Float64Array.from(ranges, ({ start }) => start),
      Float64Array.from(ranges, ({ end }) => end),
      Float64Array.from(ranges, ({ lsda }) => lsda ?? 0),
    );
  }

  get length(): number {
    return this.starts.length;
  }
}

/** Undefined when they are in order. */
function orderOf(starts: Float64Array, ends: Float64Array): Int32Array | undefined {
  const count = starts.length;
  let last = 0, lastEnd = 0, sorted = true;
  for (let i = 0; i < count && sorted; i++) {
    const start = starts[i]!, end = ends[i]!;
    if (start < last || start === last && end < lastEnd) sorted = false;
    last = start;
    lastEnd = end;
  }
  if (sorted) return undefined;
  return Int32Array.from({ length: count }, (_, i) => i)
    .sort((a, b) => starts[a]! - starts[b]! || ends[a]! - ends[b]!);
}
