/** The memory of a region's sweep: tables, the code, and behind it what is found out about it. */
import type { CodeRegion } from "../region.ts";
import { CODE_AT, FORMS_ROOM } from "./layout.ts";

const PAGE = 65536;
/** The shortest lea x(%rip); and more of them than any code without overlaps has. */
const LEA_LENGTH = 6, MORE_LEAS = 1024;
const LEA_SIZE = 8;

export class SweepMemory {
  readonly memory: WebAssembly.Memory;
  /** A copy of the region's bytes. */
  readonly code: Uint8Array;
  /** One byte of Flag for each. */
  readonly flags: Uint8Array;
  /** For ranges of so many numbers at a time. */
  readonly ranges: Int32Array;
  /** [start, end) of the leas, as addresses of the memory. */
  readonly leas: { readonly start: number; readonly end: number };
  /** Starts of functions, and behind them their ends. */
  readonly functions: Float64Array;
  /** Where forms.as.ts remembers instructions. */
  readonly forms: number;
  /** For one range of the region's data at a time. */
  readonly data: Uint8Array;

  /** What is not written to costs nothing. */
  constructor({ bytes, mode, data = [] }: CodeRegion, rangeNumbers: number, functionCount: number) {
    let end = CODE_AT;
    const take = (size: number) => {
      const at = end;
      end = Math.ceil((at + size) / 8) * 8;
      return at;
    };
    const size = bytes.length, most = mode === 64 ? Math.ceil(size / LEA_LENGTH) + MORE_LEAS : 0;
    take(size + 16); // an instruction is read without looking at the end
    const flags = take(size), ranges = take(rangeNumbers * 4), leas = take(most * LEA_SIZE);
    const functions = take(functionCount * 16 + functionCount + 1);
    this.forms = take(FORMS_ROOM);
    const dataSize = data.reduce((largest, range) => Math.max(largest, range.bytes.length), 0);
    const dataAt = take(dataSize);
    const { buffer } = this.memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
    this.code = new Uint8Array(buffer, CODE_AT, size);
    this.flags = new Uint8Array(buffer, flags, size);
    this.ranges = new Int32Array(buffer, ranges, rangeNumbers);
    this.leas = { start: leas, end: leas + most * LEA_SIZE };
    this.functions = new Float64Array(buffer, functions, functionCount * 2);
    this.data = new Uint8Array(buffer, dataAt, dataSize);
    this.code.set(bytes);
  }
}
