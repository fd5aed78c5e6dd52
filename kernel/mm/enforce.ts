/** The protection of guest memory, as the processor is to have it: only rewritten code can be executed, and not written. */
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "../host.ts";
import type { AddressSpace } from "./address_space.ts";
import { TRAMPOLINES } from "./vma.ts";

/** To be called whenever areas in [start, end) or the code there have changed. */
export function enforceOn(
  { vmas, code: codes, container }: Pick<AddressSpace, "vmas" | "code" | "container">,
  start: number,
  end: number,
): void {
  const protect = (from: number, to: number, prot: number) => container.protect(from, to - from, prot);
  for (const area of vmas.overlapping(start, end)) {
    if (area.backing === undefined) continue;
    const { prot } = area, to = Math.min(end, area.end);
    let at = Math.max(start, area.start);
    if (prot & PROT_EXEC && area.name !== TRAMPOLINES) {
      for (const code of codes.overlapping(at, to)) {
        if (code.start > at) protect(at, code.start, prot & ~PROT_EXEC | PROT_READ);
        protect(Math.max(at, code.start), Math.min(to, code.end), prot & ~PROT_WRITE);
        at = Math.min(to, code.end);
      }
      if (at < to) protect(at, to, prot & ~PROT_EXEC | PROT_READ);
    } else protect(at, to, prot);
  }
}
