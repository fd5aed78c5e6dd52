/** Instructions of the one-byte, 0F, 0F38 and 0F3A maps, with all their prefixes (Intel SDM vol. 2, 2.1 and 2.2). */
import type { Decoder } from "./decoder.ts";
import { Segment } from "./encoding.ts";
import { Kind } from "./instruction_kind.ts";
import {
  ABSENT,
  FORMS_MASK,
  FORMS_SHIFT,
  HAS_MODRM,
  Imm,
  IMM_SHIFT,
  KIND_SHIFT,
  lockable,
  threeDNow,
} from "./opcode_table.ts";
import { readOperand } from "./operand_decode.ts";
import { decodeVector } from "./vector_decode.ts";

export function decodeLegacy(d: Decoder, bytes: Uint8Array, start: number, limit: number): number {
  const at = readPrefixes(d, bytes, start, limit);
  if (at >= limit) return 0;
  let next = at + 1, opcode = bytes[at]!, map = 0;
  if (opcode === 0x0f) {
    if (next >= limit) return 0;
    opcode = bytes[next++]!;
    map = 1;
    if (opcode === 0x38 || opcode === 0x3a) {
      if (next >= limit) return 0;
      map = opcode === 0x38 ? 2 : 3;
      opcode = bytes[next++]!;
    }
  } else if (opcode === 0x62 || opcode === 0xc4 || opcode === 0xc5) {
    // In 32-bit mode these are bound, les and lds, which have no register form (SDM vol. 2, 2.3.5.1).
    if (next >= limit) return 0;
    if (d.mode === 64 || bytes[next]! >= 0xc0) return decodeVector(d, bytes, start, at, limit);
  } else if (opcode === 0x8f) {
    // XOP.mmmmm is at least 8, where pop has ModRM.reg 0 (APM vol. 6).
    if (next >= limit) return 0;
    if ((bytes[next]! & 0x1f) >= 8) return decodeVector(d, bytes, start, at, limit);
  }
  d.map = map;
  d.opcode = opcode;
  d.opcodeOffset = next - 1 - start;
  const word = d.words[map << 8 | opcode]!;
  if (word & ABSENT) return 0;
  d.kind = (word >> KIND_SHIFT & 31) as Kind;
  if (word & HAS_MODRM) {
    if (next >= limit) return 0;
    const modrm = bytes[next]!;
    if (!(d.forms[(word & FORMS_MASK) >>> FORMS_SHIFT << 8 | modrm]! & 1 << d.pp)) return 0;
    // ptwrite takes no 66 beside its F3 (SDM vol. 2, "PTWRITE").
    if (map === 1 && opcode === 0xae && d.operandSize16 && d.pp === 2 && (modrm >> 3 & 7) === 4) {
      return 0;
    }
    // mov to and from control and debug registers ignore mod (SDM vol. 2, "MOV-Move to/from Control Registers").
    if (map === 1 && opcode >= 0x20 && opcode <= 0x23) {
      if (!controlRegisterExists(d, modrm)) return 0;
      d.modrm = modrm;
      d.modrmOffset = next - start;
      next++;
    } else {
      next = readOperand(d, bytes, start, next, limit);
      if (next < 0) return 0;
    }
  } else if ((word & FORMS_MASK) !== 0) {
    if (!(d.forms[(word & FORMS_MASK) >>> FORMS_SHIFT << 8]! & 1 << d.pp)) return 0;
  }
  if (d.lock && !lockAllowed(d)) return 0;
  const imm = word >> IMM_SHIFT & 15;
  if (imm !== Imm.none) {
    next = readImmediate(d, bytes, start, next, limit, imm);
    if (next < 0) return 0;
  }
  if (next > limit) return 0;
  refineKind(d, bytes, start, next);
  return next - start;
}

/** Reads legacy prefixes and REX; returns where the opcode starts. */
function readPrefixes(d: Decoder, bytes: Uint8Array, start: number, limit: number): number {
  const classes = d.prefixes;
  let at = start, rep = 0;
  for (; at < limit; at++) {
    const byte = bytes[at]!, kind = classes[byte]!;
    if (kind === 0) break;
    if (kind === 7) {
      // REX counts only right before the opcode (SDM vol. 2, 2.2.1).
      d.rex = byte;
      d.prefixOffset = at - start;
      continue;
    }
    d.rex = 0;
    d.prefixOffset = -1;
    if (kind === 1) readSegment(d, byte);
    else if (kind === 2) d.operandSize16 = true;
    else if (kind === 3) d.addressSizeOverride = true;
    else if (kind === 4) d.lock = true;
    else rep = kind - 3;
  }
  d.pp = rep !== 0 ? rep : d.operandSize16 ? 1 : 0;
  return at;
}

function readSegment(d: Decoder, byte: number): void {
  if (byte >= 0x64) d.segment = byte - 0x60;
  // In 64-bit mode the others are ignored, even behind %fs or %gs (SDM vol. 1, 3.3.7.1).
  else if (d.mode === 32) d.segment = byte - 0x26 >> 3;
}

function controlRegisterExists(d: Decoder, modrm: number): boolean {
  const reg = modrm >> 3 & 7, high = (d.rex & 4) !== 0;
  if (d.opcode & 1) return !high; // dr0-dr7
  return high ? reg === 0 : (0b11101 >> reg & 1) !== 0; // cr0, cr2, cr3, cr4, cr8
}

function lockAllowed(d: Decoder): boolean {
  // AMD's lock mov %cr0 for %cr8 is not Intel's; no user program has it.
  if (!d.hasMemory || d.map > 1) return false;
  return (lockable[d.map << 8 | d.opcode]! >> (d.modrm >> 3 & 7) & 1) !== 0;
}

/** Returns the offset behind the immediate, or -1. */
export function readImmediate(
  d: Decoder,
  bytes: Uint8Array,
  start: number,
  at: number,
  limit: number,
  imm: number,
): number {
  const small = d.operandSize16 && (d.rex & 8) === 0;
  let size = 1;
  switch (imm) {
    case Imm.word:
      size = 2;
      break;
    case Imm.z:
      size = small ? 2 : 4;
      break;
    case Imm.v:
      size = d.rex & 8 ? 8 : small ? 2 : 4;
      break;
    case Imm.enter:
      size = 3;
      break;
    case Imm.far:
      size = d.operandSize16 ? 4 : 6;
      break;
    case Imm.moffs:
      d.hasMemory = true;
      d.displacementOffset = at - start;
      d.displacementSize = d.mode === 64 ? d.addressSizeOverride ? 4 : 8 : d.addressSizeOverride ? 2 : 4;
      at += d.displacementSize;
      return at > limit ? -1 : at;
    case Imm.relZ:
      size = d.operandSize16 && d.mode === 32 ? 2 : 4;
      break;
    case Imm.group3Byte:
      size = (d.modrm & 0x30) === 0 ? 1 : 0;
      break;
    case Imm.group3Z:
      size = (d.modrm & 0x30) !== 0 ? 0 : small ? 2 : 4;
      break;
    case Imm.twoBytes:
      size = d.pp === 0 ? 0 : 2;
      break;
  }
  if (at + size > limit) return -1;
  if (size !== 0) {
    d.immediateOffset = at - start;
    d.immediateSize = size;
  }
  if (imm === Imm.rel8 || imm === Imm.relZ) setBranchTarget(d, bytes, at, size);
  if (imm === Imm.byte && d.map === 1 && d.opcode === 0x0f && threeDNow[bytes[at]!] === 0) return -1;
  return at + size;
}

function setBranchTarget(d: Decoder, bytes: Uint8Array, at: number, size: number): void {
  let relative = bytes[at]!;
  if (size === 1) relative = relative << 24 >> 24;
  else {
    relative |= bytes[at + 1]! << 8;
    if (size === 2) relative = relative << 16 >> 16;
    else relative |= bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
  }
  d.target = at + size + relative;
}

/** Settles kinds that depend on ModRM or the immediate. */
function refineKind(d: Decoder, bytes: Uint8Array, start: number, end: number): void {
  const reg = d.modrm >> 3 & 7, opcode = d.opcode;
  if (d.map === 0) {
    if (opcode === 0xff && reg >= 2 && reg <= 5) {
      d.kind = reg === 2 ? Kind.callIndirect : reg === 4 ? Kind.jumpIndirect : Kind.far;
    } else if (opcode === 0xcd) {
      if (bytes[end - 1] === 0x80) d.kind = Kind.int80;
    } else if (opcode === 0x8c || opcode === 0x8e) {
      d.selector = reg;
      if (reg >= 4) d.kind = Kind.selector;
    } else if (opcode === 0xc7 && d.modrm === 0xf8) {
      d.kind = Kind.transaction;
      setBranchTarget(d, bytes, start + d.immediateOffset, d.immediateSize);
    }
  } else if (d.map === 1) {
    if (d.kind === Kind.selector) {
      d.selector = opcode === 0xa0 || opcode === 0xa1 || opcode === 0xb4 ? Segment.fs : Segment.gs;
    } else if (opcode === 0xae) {
      if (d.pp === 2 && d.modrm >= 0xc0 && reg < 4) {
        d.kind = Kind.segmentBase;
        d.selector = Segment.fs + (reg & 1);
      } else if (d.pp === 2 && d.modrm >= 0xc0 && reg === 6) d.kind = Kind.implicitMemory; // umonitor
    } else if (opcode === 0xf7 && d.modrm < 0xc0) d.kind = Kind.other;
    else if (opcode === 0x01) {
      if (d.modrm < 0xc0 && reg === 7) d.kind = Kind.addressOnly; // invlpg
      // uiret, eretu, erets
      else if (d.pp >= 2 && (d.modrm === 0xca || d.modrm === 0xec && d.pp === 2)) {
        d.kind = Kind.ret;
      } else if (d.modrm === 0xf8) d.kind = Kind.segmentBase; // swapgs
    }
  }
}
