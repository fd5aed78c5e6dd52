/** What fork(2) copies. */
import type { AddressSpace } from "./address_space.ts";
import type { Vma } from "./vma.ts";

/** It is asked of pieces of this size whether there is anything to copy. */
const COPY_STEP = 0x4000;

/** A page that the parent never wrote stays one that the child does not own either: zero pages are not copied. */
export function copyPages(area: Vma, child: AddressSpace): void {
  const source = area.backing!;
  for (let at = area.start; at < area.end; at += COPY_STEP) {
    const end = Math.min(at + COPY_STEP, area.end);
    const from = source.view(at, end);
    if (from.length > 0 && isZero(from)) continue;
    child.write(at, from);
  }
}

function isZero(bytes: Uint8Array): boolean {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
}
