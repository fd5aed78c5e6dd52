/** Where the bytes of a program come from. Only headers are read through it, so the file may be huge. */
export interface ElfSource {
  /** Bytes in the file. */
  readonly size: number;
  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  read(offset: number, length: number): Uint8Array;
}

/** A source over bytes that are in memory already. */
export function bytesSource(bytes: Uint8Array): ElfSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Exactly `length` bytes from `offset`, or undefined when the file does not have them. */
export function readExactly(source: ElfSource, offset: number, length: number): Uint8Array | undefined {
  if (offset + length > source.size) return undefined;
  const bytes = source.read(offset, length);
  return bytes.length === length ? bytes : undefined;
}
