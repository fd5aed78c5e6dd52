/** Single words on their way to the guest. */
import type { Abi } from "../abi/abi.ts";

/** The bytes of an unsigned long of the ABI. */
export function wordBytes(abi: Abi, value: number): Uint8Array<ArrayBuffer> {
  const raw = new Uint8Array(abi.word);
  abi.ulong.write(new DataView(raw.buffer), 0, value);
  return raw;
}

/** The bytes of 32-bit values, one after the other. */
export function intBytes(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.from(values, (value) => value >>> 0).buffer);
}
