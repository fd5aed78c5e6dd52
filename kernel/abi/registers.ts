/**
 * The general registers of a guest thread, laid out the same for every engine and both ABIs: one 64-bit slot each,
 * low word first. The gate stores them in its channel in this order; the trap engine fills them from a CONTEXT. On
 * i386 the upper words are zero and slots of R8 to R15 are unused.
 *
 * What a system call needs are eight slots in a row, so that one cache line can hold them: the first eight for x86-64,
 * those from GATE_STATE on for i386.
 */
export const R10 = 0;
export const R8 = 1;
export const R9 = 2;
/** The gate's own: no register. */
export const GATE_STATE = 3;
export const RAX = 4;
export const RDI = 5;
export const RSI = 6;
export const RDX = 7;
export const RBX = 8;
export const RCX = 9;
export const RBP = 10;
export const RSP = 11;
export const R11 = 12;
export const R12 = 13;
export const R13 = 14;
export const R14 = 15;
export const R15 = 16;
export const RIP = 17;
/** Slot 18 is the gate's own, too. */
export const RFLAGS = 19;

/** Number of slots. */
export const REGISTER_SLOTS = 20;

/** Our slots of the registers by the processor's numbers (Intel SDM 2B, table 3-1). */
export const BY_ENCODING = [
  RAX,
  RCX,
  RDX,
  RBX,
  RSP,
  RBP,
  RSI,
  RDI,
  R8,
  R9,
  R10,
  R11,
  R12,
  R13,
  R14,
  R15,
] as const;

/** Every register. */
export const REGISTERS = [...BY_ENCODING, RIP, RFLAGS] as const;

const TWO_32 = 2 ** 32;

export class RegisterFile {
  /** `words` holds REGISTER_SLOTS pairs of 32-bit words, low word first, from index `base` on. */
  constructor(readonly words = new Uint32Array(REGISTER_SLOTS * 2), readonly base = 0) {}

  /** Low 32 bits, unsigned. */
  lo(register: number): number {
    return this.words[this.base + register * 2]!;
  }

  /** High 32 bits, unsigned. */
  hi(register: number): number {
    return this.words[this.base + register * 2 + 1]!;
  }

  /** The register as an unsigned number; exact below 2^53. */
  get(register: number): number {
    return this.lo(register) + this.hi(register) * TWO_32;
  }

  /** Sets the register to `value` modulo 2^64; exact between -2^53 and 2^53. */
  set(register: number, value: number): void {
    const index = this.base + register * 2;
    this.words[index] = value >>> 0;
    this.words[index + 1] = Math.floor(value / TWO_32) >>> 0;
  }

  setWords(register: number, lo: number, hi: number): void {
    const index = this.base + register * 2;
    this.words[index] = lo;
    this.words[index + 1] = hi;
  }

  copyFrom(other: RegisterFile): void {
    for (const register of REGISTERS) this.setWords(register, other.lo(register), other.hi(register));
  }

  clear(): void {
    for (const register of REGISTERS) this.setWords(register, 0, 0);
  }

  getBig(register: number): bigint {
    return BigInt(this.lo(register)) | BigInt(this.hi(register)) << 32n;
  }

  setBig(register: number, value: bigint): void {
    const index = this.base + register * 2;
    this.words[index] = Number(value & 0xffffffffn);
    this.words[index + 1] = Number(value >> 32n & 0xffffffffn);
  }
}
