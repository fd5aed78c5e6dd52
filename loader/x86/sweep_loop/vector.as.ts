/// <reference path="./assembly.d.ts" />
/** Instructions with a VEX or EVEX prefix, for loop.as.ts: by the rules of vector_common.ts. */
import { CODE, MAX_LENGTH, wide } from "./loop.as.ts";

/** As in layout.ts. */
const VECTOR: i32 = 0x8000;

// Bits of a vector rule (vector_common.ts), above the allowed (W << 2 | L).
const V_MEMORY: i32 = 1 << 8, V_REGISTER: i32 = 1 << 9, V_NO_MODRM: i32 = 1 << 10, V_VVVV: i32 = 1 << 11;
const V_IMMEDIATE: i32 = 1 << 12, V_MASK: i32 = 1 << 13, V_ZEROING: i32 = 1 << 14, V_BROADCAST: i32 = 1 << 15;
const V_ROUNDING: i32 = 1 << 16, V_MASK_REG: i32 = 1 << 17, V_MASK_VVVV: i32 = 1 << 18;
const V_DIGITS: i32 = 19;

/** The end of an instruction with a VEX or EVEX prefix and nothing before it; 0 where the decoder has to look. */
export function vector(at: i32, escape: i32, end: i32): i32 {
  const prefix: i32 = CODE + at + 1, p0: i32 = load<u8>(prefix), p1: i32 = load<u8>(prefix, 1);
  if (!wide && p0 < 0xc0) return 0; // lds, les, bound
  let p = prefix + 1,
    second = p0,
    map: i32 = 0,
    w: i32 = 0,
    length: i32 = 0,
    high: i32 = p0 & 0x80,
    p2: i32 = 8;
  if (escape == 0xc5) length = p0 >> 2 & 1;
  else {
    second = p1;
    w = p1 >> 7;
    if (escape == 0xc4) {
      map = (p0 & 31) - 1;
      if (<u32> map > 2) return 0;
      length = p1 >> 2 & 1;
      p++;
    } else {
      map = p0 & 7;
      if (map == 0 || map == 4 || map == 7 || (p0 & 8) != 0 || (p1 & 4) == 0) return 0;
      map += map > 4 ? 1 : 2;
      p2 = load<u8>(prefix, 2);
      if (!wide && (p2 & 8) == 0) return 0;
      length = p2 >> 5 & 3;
      if ((p0 & 0x10) == 0) high = 0;
      p += 2;
    }
  }
  const opcode: i32 = load<u8>(p++);
  const rule: i32 = load<i32>(VECTOR + (((map << 2 | second & 3) << 8 | opcode) << 2));
  if (rule == 0) return 0;
  let modrm: i32 = 0xc0;
  if ((rule & V_NO_MODRM) == 0) modrm = load<u8>(p++);
  if (modrm < 0xc0 ? (rule & V_MEMORY) == 0 : (rule & V_REGISTER) == 0) return 0;
  const digits = rule >> V_DIGITS;
  if (digits != 0 && (digits >> (modrm >> 3 & 7) & 1) == 0) return 0;
  if (escape == 0x62) {
    const mask = p2 & 7;
    if ((p2 & 0x10) != 0) {
      if (modrm < 0xc0) {
        if ((rule & V_BROADCAST) == 0) return 0;
      } else {
        if ((rule & V_ROUNDING) == 0) return 0;
        length = 2;
      }
    }
    if (mask != 0 && (rule & V_MASK) == 0) return 0;
    if ((p2 & 0x80) != 0 && ((rule & V_ZEROING) == 0 || mask == 0)) return 0;
  }
  if ((rule >> (w << 2 | length) & 1) == 0) return 0;
  if ((rule & V_VVVV) == 0 && ((second & 0x78) != 0x78 || (p2 & 8) == 0)) return 0;
  if ((rule & V_MASK_REG) != 0 && high == 0) return 0;
  if ((rule & V_MASK_VVVV) != 0 && (second & 0x40) == 0) return 0;
  if (modrm < 0xc0) {
    const rm = modrm & 7;
    if (rm == 4) {
      if ((load<u8>(p) & 7) == 5 && modrm < 0x40) p += 4;
      p++;
    } else if (rm == 5 && modrm < 0x40) p += 4;
    if (modrm >= 0x40) p += modrm < 0x80 ? 1 : 4;
  }
  if ((rule & V_IMMEDIATE) != 0) p++;
  const next = p - CODE;
  return next > end || next - at > MAX_LENGTH ? 0 : next;
}
