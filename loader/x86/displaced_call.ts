/** A call that ends a displaced group: the original return address is pushed, then the callee is jumped to. */
import { type Decoder, Segment } from "./decoder.ts";
import { Kind } from "./instruction_kind.ts";
import { NO_SCRATCH, RUN_ON } from "./points.ts";
import { emitRelocated } from "./relocate.ts";
import { tebMove, type TlsContext } from "./tls_form.ts";

/** %r11, in which the return address is built on x86-64. */
const SCRATCH = 11;

/** Emits the call that `d` has just decoded at `at`; returns false, having emitted nothing, if it cannot. */
export function emitDisplacedCall(context: TlsContext, d: Decoder, code: Uint8Array, at: number): boolean {
  if (d.operandSize16 || d.addressSizeOverride || d.segment === Segment.fs || d.segment === Segment.gs) {
    return false;
  }
  const { out, points, slots } = context, next = at + d.length;
  // The operand is read after the push, so it must not depend on the stack pointer.
  if (d.kind === Kind.callIndirect && usesStackPointer(d, code, at)) return false;
  points.add(out.length, at, NO_SCRATCH);
  if (d.mode === 32) {
    out.u8(0x68);
    context.relocate?.();
    out.u32(context.address + next);
    points.add(out.length, at, RUN_ON);
  } else {
    tebMove(out, 64, 0x89, SCRATCH, slots.spill);
    points.add(out.length, at, SCRATCH);
    out.u8(0x4c, 0x8d, 0x1d);
    out.rel32(next);
    out.u8(0x41, 0x53);
    points.add(out.length, at, RUN_ON);
    tebMove(out, 64, 0x8b, SCRATCH, slots.spill);
  }
  if (d.kind === Kind.call) out.jump(d.target);
  else {
    const start = out.length;
    emitRelocated(out, d, code, at);
    out.bytes[start + d.modrmOffset]! ^= 0x30; // call /2 becomes jmp /4
  }
  return true;
}

function usesStackPointer(d: Decoder, code: Uint8Array, at: number): boolean {
  if ((d.modrm & 7) !== 4 || (d.rex & 1) !== 0) return false;
  return d.modrm >= 0xc0 || (code[at + d.modrmOffset + 1]! & 7) === 4;
}
