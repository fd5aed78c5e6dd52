/** The vDSO's image as the rewriter is given it. */
import type { Bits } from "../../kernel/host.ts";
import { type CodeRegion, Functions } from "../x86/mod.ts";
import type { VdsoImage } from "./mod.ts";

/** `address`: where the image will be. Its bytes are patched in place. */
export function vdsoRegion(bits: Bits, { bytes, code, symbols }: VdsoImage, address: number): CodeRegion {
  // Nothing in the image names its entries: its users do.
  const entries = [...new Set(Object.values(symbols))].sort((a, b) => a - b);
  const pointers = entries.map((offset) => address + offset);
  const ends = [...pointers.slice(1), address + code.end];
  return {
    mode: bits,
    address,
    bytes,
    executableRanges: [{ start: address + code.start, end: address + code.end }],
    pointers,
    functions: Functions.of(pointers.map((start, i) => ({ start, end: ends[i]! }))),
    data: [],
  };
}
