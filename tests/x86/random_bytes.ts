/** Random bytes that are likely to be instructions. */
import type { Mode } from "../../loader/x86/mod.ts";

/** xorshift32, so that a failure can be repeated. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const PREFIXES = [0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x26, 0x3e, 0x41, 0x48, 0x4c, 0x64, 0x65];
/** Makes a row more likely to be an instruction with prefixes, of a later map, or with VEX, XOP or EVEX. */
export function bias(row: Uint8Array, mode: Mode, next: () => number): void {
  let at = 0;
  const shape = next() % 4;
  if (shape === 0) return;
  for (let i = next() % 3; i > 0; i--) row[at++] = PREFIXES[next() % PREFIXES.length]!;
  if (shape === 1) {
    row[at++] = 0x0f;
    const second = [0x38, 0x3a, 0x01, 0xae, 0xc7, 0x0f];
    if (next() % 4 === 0) row[at++] = second[next() % second.length]!;
  } else if (shape === 2) {
    row[at] = [0xc5, 0xc4, 0x8f][next() % 3]!;
    if (row[at] !== 0xc5) row[at + 1] = row[at + 1]! & 0xe0 | (row[at] === 0xc4 ? 1 : 8) + next() % 3;
    if (mode === 32 && row[at] !== 0x8f) row[at + 1]! |= 0xc0;
    if (next() % 2 === 0) row[at + (row[at] === 0xc5 ? 1 : 2)]! |= 0x78;
  } else {
    row[at] = 0x62;
    row[at + 1] = row[at + 1]! & 0xf0 | next() % 8 | (mode === 32 ? 0xc0 : 0);
    row[at + 2]! |= 4;
    if (next() % 2 === 0) row[at + 2]! |= 0x78, row[at + 3]! |= 8;
    if (next() % 2 === 0) row[at + 3]! &= 0x68;
  }
}
