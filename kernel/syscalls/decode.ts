/** Arguments out of registers: the part of dispatch that runs for every argument of every call. */
import type { Abi } from "../abi/abi.ts";
import type { Decode } from "./args.ts";

/** Arguments of a call. */
export const MAX_ARGS = 6;

/** How one argument is fetched: `Decode` resolved for an ABI, as a small number for the hot path. */
export const FETCH_INT = 0;
export const FETCH_UINT = 1;
export const FETCH_LONG64 = 2;
export const FETCH_ULONG64 = 3;
export const FETCH_UINT16 = 4;
export const FETCH_ID16 = 5;
export const FETCH_PAIR = 6;

const TWO_32 = 2 ** 32;

/** Resolves `decode`, which is not "skip", for the ABI. */
export function fetchOf(decode: Decode, abi: Abi): number {
  const wide = abi.bits === 64;
  switch (decode) {
    case "skip":
      throw new TypeError("a skipped register is not an argument");
    case "int":
      return FETCH_INT;
    case "uint":
      return FETCH_UINT;
    case "long":
      return wide ? FETCH_LONG64 : FETCH_INT;
    case "ulong":
      return wide ? FETCH_ULONG64 : FETCH_UINT;
    case "loff":
      return wide ? FETCH_LONG64 : FETCH_PAIR;
    case "uint16":
      return FETCH_UINT16;
    case "id16":
      return FETCH_ID16;
  }
}

/**
 * The argument whose register (or that of its low word) begins at `words[low]`; `high` is the same for the high word
 * of a pair. 64-bit values are exact between -2^53 and 2^53.
 */
export function fetchArgument(words: Uint32Array, fetch: number, low: number, high: number): number {
  const value = words[low]!;
  switch (fetch) {
    case FETCH_INT:
      return value | 0;
    case FETCH_ULONG64:
      return value + words[low + 1]! * TWO_32;
    case FETCH_LONG64:
      return value + (words[low + 1]! | 0) * TWO_32;
    case FETCH_PAIR:
      return value + (words[high]! | 0) * TWO_32;
    case FETCH_UINT16:
      return value & 0xffff;
    case FETCH_ID16:
      return (value & 0xffff) === 0xffff ? 0xffff_ffff : value & 0xffff;
    default:
      return value;
  }
}
