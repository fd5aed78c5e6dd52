/// <reference path="./assembly.d.ts" />
/** The commonest instructions of all, for loop.as.ts: those of which only the length matters, and direct branches. */
import {
  CODE,
  ENTRY,
  FAST,
  HAS_MODRM,
  HAS_SIB,
  IMM_BYTE,
  LAYOUT,
  LEA,
  mark,
  NOT_COMMON,
  PREFIXES,
  TARGET,
  wide,
} from "./loop.as.ts";

/** Places of this file's own, in front of LAYOUT. */
const PLAIN: i32 = 0x7400, PLAIN_0F: i32 = 0x7600, OPERANDS: i32 = 0x7800;
/** In the tables of operands, for what is not plain; less is the size of SIB and displacement. */
const NOT_PLAIN: i32 = 16;
const NO_OPERAND: i32 = 0, ANY_OPERAND: i32 = 1 << 8, LEA_OPERAND: i32 = 2 << 8;

/**
 * What is plain: instructions of which only their length matters, with no prefix but REX. By opcode, in PLAIN and in
 * PLAIN_0F: which table of operands and the size without them, 0 if it is not plain; by ModRM, in the tables: the rest.
 */
export function preparePlain(): void {
  for (let opcode: i32 = 0; opcode < 256; opcode++) {
    // No prefix or escape, and no group some of whose members are not plain.
    const other = load<u8>(PREFIXES + opcode) != 0 || opcode == 0x0f || opcode == 0xff || opcode == 0xc7;
    store<u16>(PLAIN + (opcode << 1), other ? 0 : plain(opcode));
    store<u16>(PLAIN_0F + (opcode << 1), opcode == 0x38 || opcode == 0x3a ? 0 : plain(opcode | 0x100));
  }
  for (let modrm: i32 = 0; modrm < 0xc0; modrm++) {
    const layout: i32 = load<u8>(LAYOUT + modrm), displacement = layout & 7;
    const rest = displacement + ((layout & HAS_SIB) != 0 ? 1 : 0);
    // A SIB byte may add a displacement, or stand beside an offset from the GOT.
    const unclear = (layout & HAS_SIB) != 0 && (displacement == 0 || !wide && displacement == 4);
    store<u8>(OPERANDS + ANY_OPERAND + modrm, unclear ? NOT_PLAIN : rest);
    store<u8>(OPERANDS + LEA_OPERAND + modrm, unclear || displacement == 4 ? NOT_PLAIN : rest);
  }
  for (let modrm: i32 = 0xc0; modrm < 0x100; modrm++) store<u8>(OPERANDS + LEA_OPERAND + modrm, NOT_PLAIN);
}

/** Which table of operands, and the size of opcode, ModRM and immediate; 0 if it is not plain. */
function plain(opcode: i32): i32 {
  const entry: i32 = load<i32>(FAST + (opcode << 2)), immediate = entry >> 1 & 15, action = entry >> 5 & 7;
  if ((entry & NOT_COMMON) != 0 || entry >> 9 != 0 || immediate > IMM_BYTE) return 0;
  if (action != 0 && action != LEA) return 0;
  if ((entry & HAS_MODRM) == 0) return NO_OPERAND | 1 + immediate;
  return (action == LEA ? LEA_OPERAND : ANY_OPERAND) | 2 + immediate;
}

/** The end of the instruction at `at`, of which all is readable; 0 if it is not plain. */
export function plainEnd(at: i32): i32 {
  let p: i32 = CODE + at, opcode: i32 = load<u8>(p), table = PLAIN;
  if (wide && (opcode & 0xf0) == 0x40) opcode = load<u8>(++p);
  if (opcode == 0x0f) {
    opcode = load<u8>(++p);
    table = PLAIN_0F;
  }
  const found: i32 = load<u16>(table + (opcode << 1));
  const rest: i32 = load<u8>(OPERANDS + (found & 0x300) + load<u8>(p, 1));
  return found != 0 && rest != NOT_PLAIN ? p + (found & 15) + rest - CODE : 0;
}

/** The end of a direct branch or, in 64-bit code, call at `at`, which has been noted; 0 if it is none. All is readable. */
export function branchEnd(at: i32, end: i32): i32 {
  const p = CODE + at, opcode: i32 = load<u8>(p);
  let next: i32 = 0, target: i32 = 0;
  if ((opcode & 0xf0) == 0x70) {
    next = at + 2;
    target = next + <i32> load<i8>(p + 1);
  } else if (opcode == 0xe8 && wide) {
    next = at + 5;
    target = next + load<i32>(p + 1);
  } else if (opcode == 0x0f && (load<u8>(p, 1) & 0xf0) == 0x80) {
    next = at + 6;
    target = next + load<i32>(p + 2);
  } else return 0;
  if (next > end) return 0;
  mark(target, ENTRY | TARGET);
  if (opcode == 0xe8) mark(next, ENTRY);
  return next;
}
