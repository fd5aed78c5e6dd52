/** Places for a jump near a short site: padding that is never executed. */
import type { Decoder } from "./decoder.ts";
import { isPadding } from "./flow.ts";
import { Flag } from "./sweep.ts";

/** The size of `jmp rel32`. */
export const JUMP_SIZE = 5;
const NOP = 0x90;

/**
 * Five bytes within a short jump's reach of `site` that are never executed: padding behind a jmp, ret, hlt or ud2
 * that nothing enters. -1 if there are none. What is left over of the padding is made to serve the next site.
 */
export function findIsland(
  bytes: Uint8Array,
  flags: Uint8Array,
  decoder: Decoder,
  site: number,
): number {
  const behind = site + 2, last = Math.min(bytes.length - JUMP_SIZE, behind + 127);
  const wanted = Flag.start | Flag.unfollowed, unwanted = Flag.entry | Flag.opaque | Flag.covered;
  for (let start = Math.max(0, behind - 128); start <= last; start++) {
    if ((flags[start]! & (wanted | unwanted)) !== wanted) continue;
    let end = start;
    while (end < bytes.length) {
      const length = decoder.decode(bytes, end, bytes.length);
      if (length === 0 || !isPadding(decoder) || isAny(flags, end, end + length, unwanted)) break;
      end += length;
    }
    if (end - start < JUMP_SIZE) continue;
    for (let at = start + JUMP_SIZE; at < end; at++) {
      bytes[at] = NOP;
      flags[at] = wanted;
    }
    return start;
  }
  return -1;
}

function isAny(flags: Uint8Array, start: number, end: number, wanted: number): boolean {
  for (let at = start; at < end; at++) if ((flags[at]! & wanted) !== 0) return true;
  return false;
}
