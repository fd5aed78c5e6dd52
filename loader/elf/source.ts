/** Where the bytes of a program come from. Only headers are read through it, so the file may be huge. */
export interface ElfSource {
  /** Bytes in the file. */
  readonly size: number;
  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  read(offset: number, length: number): Uint8Array;
}

/** A source whose contents can be had without a copy more than that. */
export interface ImageSource extends ElfSource {
  /** The same into `into`, as many as that takes; returns how many there were. */
  readInto(into: Uint8Array<ArrayBuffer>, offset: number): number;
}

/** A source over bytes that are in memory already. */
export function bytesSource(bytes: Uint8Array): ImageSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    readInto(into, offset) {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      return part.length;
    },
  };
}

/** Exactly `length` bytes from `offset`, or undefined when the file does not have them. */
export function readExactly(source: ElfSource, offset: number, length: number): Uint8Array | undefined {
  if (offset + length > source.size) return undefined;
  const bytes = source.read(offset, length);
  return bytes.length === length ? bytes : undefined;
}
