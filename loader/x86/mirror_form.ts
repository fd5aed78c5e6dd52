/**
 * The form of a TLS instruction that reads a word the TEB holds a copy of: the instruction itself, with the other
 * segment and the slot's offset. It is as long as before, so it needs neither trampoline nor scratch register.
 *
 * The words are the first one, which both psABIs define to be the thread pointer (ELF TLS, "variant II"), and the
 * stack protector's canary, which the compilers define (gcc -mstack-protector-guard=tls). A canary that a program
 * writes through another pointer is not noticed: all of the thread's code goes on with the one it has seen so far.
 */
import { type Decoder, Encoding, Segment } from "./decoder.ts";
import type { Emitter } from "./emitter.ts";
import { Kind } from "./instruction_kind.ts";
import type { TlsSlots } from "./region.ts";
import { read32 } from "./sweep.ts";

/** Offset of the canary from the thread pointer. */
export const CANARY_OFFSET = { 32: 0x14, 64: 0x28 } as const;

/** `op r/m,r` and its like that only read memory: add or adc sbb and sub xor cmp, cmp r,m, test, mov, mov moffs. */
const READERS: ReadonlySet<number> = new Set([
  ...[0x03, 0x0b, 0x13, 0x1b, 0x23, 0x2b, 0x33, 0x3b],
  ...[0x39, 0x85, 0x8b, 0xa1],
]);
/** mov r,m and mov r,moffs. */
const WRITERS: ReadonlySet<number> = new Set([0x89, 0xa3]);

/** The slot that has what the instruction just decoded reads; undefined if there is none. */
export function mirroredRead(d: Decoder, code: Uint8Array, at: number, slots: TlsSlots): number | undefined {
  return READERS.has(d.opcode) ? slotOf(d, code, at, slots) : undefined;
}

/** The slot that has to be written too when the instruction just decoded is executed. */
export function mirroredWrite(d: Decoder, code: Uint8Array, at: number, slots: TlsSlots): number | undefined {
  const slot = WRITERS.has(d.opcode) ? slotOf(d, code, at, slots) : undefined;
  return slot === slots.threadPointer ? undefined : slot;
}

function slotOf(d: Decoder, code: Uint8Array, at: number, slots: TlsSlots): number | undefined {
  if (slots.canary === undefined || d.kind !== Kind.other || !d.hasMemory) return undefined;
  if (d.segment !== (d.mode === 64 ? Segment.fs : Segment.gs) || d.addressSizeOverride) return undefined;
  if (d.encoding !== Encoding.legacy || d.map !== 0 || d.lock || d.displacementSize < 4) return undefined;
  if (d.modrmOffset >= 0 && !isAbsolute(d, code, at)) return undefined;
  const where = at + d.displacementOffset;
  if (d.displacementSize === 8 && read32(code, where + 4) !== 0) return undefined;
  const displacement = read32(code, where);
  if (displacement === 0) return slots.threadPointer;
  return displacement === CANARY_OFFSET[d.mode] ? slots.canary : undefined;
}

/** Neither base nor index. */
function isAbsolute(d: Decoder, code: Uint8Array, at: number): boolean {
  if (d.modrm >> 6 !== 0) return false;
  if (d.mode === 32) return (d.modrm & 7) === 5;
  return (d.modrm & 7) === 4 && (code[at + d.modrmOffset + 1]! & 0x3f) === 0x25 && (d.rex & 2) === 0;
}

/** The bytes of the instruction just decoded, in place, become those that use the slot. */
export function useSlot(d: Decoder, bytes: Uint8Array, at: number, slot: number): void {
  const [from, to] = d.mode === 64 ? [0x64, 0x65] : [0x65, 0x64];
  for (let i = at; i < at + d.opcodeOffset; i++) if (bytes[i] === from) bytes[i] = to;
  const where = at + d.displacementOffset;
  for (let i = 0; i < 4; i++) bytes[where + i] = slot >> i * 8;
}

/** Emits the instruction just decoded with the slot for its operand. */
export function emitWithSlot(out: Emitter, d: Decoder, code: Uint8Array, at: number, slot: number): void {
  const copy = code.slice(at, at + d.length);
  useSlot(d, copy, 0, slot);
  out.copy(copy, 0, copy.length);
}
