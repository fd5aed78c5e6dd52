/** Instructions with a VEX, XOP or EVEX prefix (Intel SDM vol. 2, 2.3 and 2.7; AMD APM vol. 6). */
import type { Decoder } from "./decoder.ts";
import { Encoding } from "./encoding.ts";
import { Kind } from "./instruction_kind.ts";
import { readOperand } from "./operand_decode.ts";
import { evexMap, Rule, Rule2, vectorRules, vexMap, xopMap } from "./vector_table.ts";

/** VEX, XOP and EVEX (SDM vol. 2, 2.3 and 2.7). `at` is the offset of their first byte. */
export function decodeVector(
  d: Decoder,
  bytes: Uint8Array,
  start: number,
  at: number,
  limit: number,
): number {
  // Legacy size, repeat and lock prefixes and REX before them raise #UD.
  if (d.pp !== 0 || d.lock || d.rex !== 0) return 0;
  const escape = bytes[at]!;
  d.prefixOffset = at - start;
  const size = escape === 0xc5 ? 2 : escape === 0x62 ? 4 : 3;
  if (at + size + 1 > limit) return 0;
  const p0 = bytes[at + 1]!, p1 = bytes[at + 2]!, p2 = bytes[at + 3]!;
  let map = -1, w = 0, length = 0;
  if (escape === 0xc5) {
    d.encoding = Encoding.vex2;
    map = 0;
    d.map = 1;
    length = p0 >> 2 & 1;
    d.pp = p0 & 3;
    d.vvvv = ~p0 >> 3 & 15;
    d.rex = 0x40 | ~p0 >> 5 & 4;
  } else {
    d.rex = 0x40 | ~p0 >> 5 & 7 | p1 >> 4 & 8;
    w = p1 >> 7;
    d.pp = p1 & 3;
    d.vvvv = ~p1 >> 3 & 15;
    length = p1 >> 2 & 1;
    if (escape === 0xc4) {
      d.encoding = Encoding.vex3;
      d.map = p0 & 31;
      map = d.map < 4 ? vexMap[d.map]! : -1;
    } else if (escape === 0x8f) {
      d.encoding = Encoding.xop;
      d.map = p0 & 31;
      map = d.map <= 10 ? xopMap[d.map - 8]! : -1;
    } else {
      d.encoding = Encoding.evex;
      d.map = p0 & 7;
      if ((p0 & 8) !== 0 || (p1 & 4) === 0) return 0;
      map = evexMap[d.map]!;
      length = p2 >> 5 & 3;
    }
  }
  if (map < 0) return 0;
  if (d.mode === 32) {
    d.rex = 0;
    // EVEX.V' must be 1 outside 64-bit mode.
    if (escape === 0x62 && (p2 & 8) === 0) return 0;
  }
  d.opcodeOffset = at + size - start;
  d.opcode = bytes[at + size]!;
  const next = at + size + 1;
  const rule = findRule(d, bytes, (map * 4 + d.pp) * 256 + d.opcode, w, length, next, limit, p2);
  if (rule === 0) return 0;
  const first = vectorRules().first[rule]!;
  // vmaskmovdqu writes to %rdi.
  d.kind = d.encoding < Encoding.xop && d.map === 1 && d.opcode === 0xf7 ? Kind.implicitMemory : Kind.other;
  let end = next;
  if ((first & Rule.noModrm) === 0) {
    end = readOperand(d, bytes, start, next, limit);
    if (end < 0 || !registersValid(d, bytes, start, rule, p0, p2)) return 0;
  }
  const immediate = first & Rule.immByte ? 1 : first & Rule.immDword ? 4 : 0;
  if (immediate !== 0) {
    d.immediateOffset = end - start;
    d.immediateSize = immediate;
    end += immediate;
  }
  return end > limit ? 0 : end - start;
}

/** The rule that the prefix bits and ModRM satisfy, or 0. */
function findRule(
  d: Decoder,
  bytes: Uint8Array,
  key: number,
  w: number,
  length: number,
  at: number,
  limit: number,
  p2: number,
): number {
  const { start, first: firsts, second: seconds } = vectorRules();
  let rule = start[key]!;
  if (rule === 0) return 0;
  const evex = d.encoding === Encoding.evex;
  const modrm = at < limit ? bytes[at]! : -1;
  for (;; rule++) {
    const first = firsts[rule]!, second = seconds[rule]!;
    const ok = (first & Rule.noModrm) !== 0
      ? (first >> (w << 2 | length) & 1) !== 0
      : modrm >= 0 && formMatches(first, second, modrm, w, length, evex, p2);
    if (ok) {
      if ((first & Rule.only64) !== 0 && d.mode === 32) return 0;
      if ((first & Rule.vvvv) === 0) {
        if (d.vvvv !== 0) return 0;
        if (evex && (first & Rule.vsib) === 0 && (p2 & 8) === 0) return 0;
      }
      if (d.mode === 32) d.vvvv &= 7; // bit 3 of an operand is ignored
      return rule;
    }
    if ((second & Rule2.last) !== 0) return 0;
  }
}

function formMatches(
  first: number,
  second: number,
  modrm: number,
  w: number,
  length: number,
  evex: boolean,
  p2: number,
): boolean {
  const memory = modrm < 0xc0;
  if ((first & (memory ? Rule.memory : Rule.register)) === 0) return false;
  if ((first & Rule.hasDigit) !== 0 && (first >> Rule.digitShift & 7) !== (modrm >> 3 & 7)) return false;
  if ((second & Rule2.rmZero) !== 0 && (modrm & 7) !== 0) return false;
  if (evex) {
    const mask = p2 & 7;
    if ((p2 & 0x10) !== 0) {
      if (memory) {
        if ((first & Rule.broadcast) === 0) return false;
      } else {
        // EVEX.b with registers: the length is 512 and L'L the rounding mode (SDM vol. 2, 2.7.8).
        if ((first & (Rule.rounding | Rule.suppress)) === 0) return false;
        length = 2;
      }
    }
    if (mask !== 0 && (first & Rule.writeMask) === 0) return false;
    if (mask === 0 && (first & Rule.writeMaskRequired) !== 0) return false;
    if ((p2 & 0x80) !== 0) {
      if ((first & Rule.zeroing) === 0 || mask === 0) return false;
      if (memory && (second & Rule2.zeroingRegisterOnly) !== 0) return false;
    }
  }
  return (first >> (w << 2 | length) & 1) !== 0;
}

/** The restrictions on register numbers: masks, tiles, gathers and complex multiplication. */
function registersValid(
  d: Decoder,
  bytes: Uint8Array,
  start: number,
  rule: number,
  p0: number,
  p2: number,
): boolean {
  const first = vectorRules().first[rule]!, second = vectorRules().second[rule]!;
  const evex = d.encoding === Encoding.evex, wide = d.mode === 64;
  const modrm = d.modrm, sib = bytes[start + d.modrmOffset + 1]!;
  const high = evex && wide && (p0 & 0x10) === 0 ? 16 : 0;
  const reg = modrm >> 3 & 7 | (d.rex & 4) << 1 | high;
  if ((first & Rule.maskReg) !== 0 && reg > 7) return false;
  if ((second & Rule2.generalReg) !== 0 && high !== 0) return false;
  if ((first & Rule.maskVvvv) !== 0 && d.vvvv > 7) return false;
  if ((first & (Rule.vsib | Rule.sib)) !== 0 && (modrm & 7) !== 4) return false;
  if ((first & (Rule.vsib | Rule.sib)) !== 0 && d.mode === 32 && d.addressSizeOverride) return false;
  if ((first & Rule.vsib) !== 0) d.vsib = true;
  const vHigh = evex && wide && (p2 & 8) === 0 ? 16 : 0;
  if ((first & Rule.unique) !== 0 && (first & Rule.vsib) !== 0) {
    const index = sib >> 3 & 7 | (d.rex & 2) << 2 | vHigh;
    if (reg === index) return false;
    if (!evex && (reg === d.vvvv || index === d.vvvv)) return false;
  }
  if ((second & Rule2.tile) !== 0) {
    const rm = modrm & 7 | (d.rex & 1) << 3;
    if (reg > 7) return false;
    if ((first & Rule.unique) !== 0) {
      if (rm > 7 || d.vvvv > 7) return false;
      if (reg === rm || reg === d.vvvv || rm === d.vvvv) return false;
    }
  }
  if ((first & Rule.uniqueDestination) !== 0) {
    if (reg === (d.vvvv | vHigh)) return false;
    if (modrm >= 0xc0) {
      const rm = modrm & 7 | (d.rex & 1) << 3 | (evex && wide ? (d.rex & 2) << 3 : 0);
      if (reg === rm) return false;
    }
  }
  return true;
}
