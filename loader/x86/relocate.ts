/** Copies an instruction to another place, keeping its meaning. */
import type { Decoder } from "./decoder.ts";
import type { Emitter } from "./emitter.ts";
import { Kind } from "./instruction_kind.ts";
import { read32 } from "./sweep.ts";

/** Whether the instruction just decoded can be executed elsewhere. */
export function isRelocatable(d: Decoder): boolean {
  switch (d.kind) {
    // A call would push a trampoline's address (see displaced_call.ts); the others are not worth it.
    case Kind.call:
    case Kind.callIndirect:
    case Kind.far:
    case Kind.transaction:
    case Kind.invalid:
      return false;
    case Kind.jump:
    case Kind.branch:
    case Kind.loop:
      // With 66 a 32-bit branch truncates %eip; in 64-bit mode vendors differ (SDM vol. 2, "Jcc").
      return !d.operandSize16;
  }
  return !(d.ripRelative && d.addressSizeOverride);
}

/** Emits the instruction just decoded at `at`; it must be relocatable. */
export function emitRelocated(out: Emitter, d: Decoder, code: Uint8Array, at: number): void {
  if (d.kind === Kind.jump) out.jump(d.target);
  else if (d.kind === Kind.branch) {
    out.u8(0x0f, 0x80 | d.opcode & 15);
    out.rel32(d.target);
  } else if (d.kind === Kind.loop) {
    // loop and jrcxz reach 127 bytes only: over a jump that is not taken.
    if (d.addressSizeOverride) out.u8(0x67);
    out.u8(d.opcode, 2, 0xeb, 5);
    out.jump(d.target);
  } else if (d.ripRelative) {
    const target = at + d.length + read32(code, at + d.displacementOffset);
    out.copy(code, at, at + d.displacementOffset);
    out.rel32(target, d.length - d.displacementOffset - 4);
    out.copy(code, at + d.displacementOffset + 4, at + d.length);
  } else out.copy(code, at, at + d.length);
}
