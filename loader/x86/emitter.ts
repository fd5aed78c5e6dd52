/** Writes machine code for the trampoline area. Positions are addresses relative to the region's first byte. */
export class Emitter {
  bytes = new Uint8Array(4096);
  length = 0;
  /** The distance of bytes[0] from the region's first byte. */
  readonly origin: number;

  constructor(origin: number) {
    this.origin = origin;
  }

  /** Where the next byte goes, relative to the region. */
  get here(): number {
    return this.origin + this.length;
  }

  /** Up to five bytes. (Not a rest parameter: that costs an array while V8 still interprets.) */
  u8(first: number, second?: number, third?: number, fourth?: number, fifth?: number): void {
    this.#room(5);
    const { bytes } = this;
    bytes[this.length++] = first;
    if (second === undefined) return;
    bytes[this.length++] = second;
    if (third === undefined) return;
    bytes[this.length++] = third;
    if (fourth === undefined) return;
    bytes[this.length++] = fourth;
    if (fifth !== undefined) bytes[this.length++] = fifth;
  }

  u32(value: number): void {
    this.#room(4);
    const { bytes } = this;
    bytes[this.length++] = value;
    bytes[this.length++] = value >>> 8;
    bytes[this.length++] = value >>> 16;
    bytes[this.length++] = value >>> 24;
  }

  copy(code: Uint8Array, start: number, end: number): void {
    this.#room(end - start);
    for (let at = start; at < end; at++) this.bytes[this.length++] = code[at]!;
  }

  /** Emits once more what has been emitted in [start, end). */
  repeat(start: number, end: number): void {
    this.#room(end - start);
    this.bytes.copyWithin(this.length, start, end);
    this.length += end - start;
  }

  /** A 32-bit displacement to `target`, relative to the next instruction, which starts `after` bytes behind it. */
  rel32(target: number, after = 0): void {
    const distance = target - (this.here + 4 + after);
    if (distance !== (distance | 0)) {
      throw new RangeError("Cannot emit a branch: the target is 2 GiB or more away");
    }
    this.u32(distance);
  }

  jump(target: number): void {
    this.u8(0xe9);
    this.rel32(target);
  }

  #room(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + size));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
