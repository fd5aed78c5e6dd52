/** Memory operands: ModRM, SIB and displacement (Intel SDM vol. 2, 2.1.5). */
import type { Decoder } from "./decoder.ts";

/** ModRM, SIB and displacement; returns the offset behind them or -1. */
export function readOperand(d: Decoder, bytes: Uint8Array, start: number, at: number, limit: number): number {
  const modrm = bytes[at]!;
  d.modrm = modrm;
  d.modrmOffset = at - start;
  let next = at + 1;
  if (modrm >= 0xc0) return next;
  d.hasMemory = true;
  const mod = modrm >> 6, rm = modrm & 7;
  let size = mod === 1 ? 1 : 0;
  if (d.addressSizeOverride && d.mode === 32) {
    if (mod === 2 || mod === 0 && rm === 6) size = 2; // 16-bit addressing (SDM vol. 2, table 2-1)
  } else {
    if (mod === 2) size = 4;
    if (rm === 4) {
      if (next >= limit) return -1;
      if (mod === 0 && (bytes[next]! & 7) === 5) size = 4;
      next++;
    } else if (mod === 0 && rm === 5) {
      size = 4;
      d.ripRelative = d.mode === 64;
    }
  }
  if (size !== 0) {
    d.displacementOffset = next - start;
    d.displacementSize = size;
    next += size;
  }
  return next > limit ? -1 : next;
}
