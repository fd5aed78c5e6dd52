/** Questions about the instruction that a decoder has just decoded. */
import type { Decoder } from "./decoder.ts";
import { Kind } from "./instruction_kind.ts";

/** Whether control never comes out behind it: jmp, ret, hlt, ud2. */
export function endsFlow({ kind, map, opcode }: Decoder): boolean {
  const faults = map === 0 && opcode === 0xf4 || map === 1 && opcode === 0x0b;
  return kind === Kind.jump || kind === Kind.jumpIndirect || kind === Kind.ret || faults;
}

/** Whether it moves strings from or to ports (ins, outs): a user program's fault, in every segment. */
export function isStringPortIo({ map, opcode }: Decoder): boolean {
  return map === 0 && isStringPort(opcode);
}

/** Whether a byte is the opcode of one of these, its last byte. */
export function isStringPort(opcode: number): boolean {
  return opcode >= 0x6c && opcode <= 0x6f;
}

/** Whether it does nothing and is used to fill space: nop, int3, lea 0(%reg),%reg in 32-bit code. */
export function isPadding({ kind, map, opcode, mode, hasMemory }: Decoder): boolean {
  if (map === 1) return opcode === 0x1f;
  return opcode === 0x90 || opcode === 0xcc || mode === 32 && kind === Kind.addressOnly && hasMemory;
}
