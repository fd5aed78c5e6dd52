/**
 * The forms of moves to and from %fs and %gs: what the guest takes for its selectors stands in two TEB slots. A
 * selector that the processor would refuse can be loaded, for nothing but reading it back comes of it.
 */
import type { Decoder } from "./decoder.ts";
import { Segment } from "./encoding.ts";
import type { Emitter } from "./emitter.ts";
import { NO_SCRATCH, RUN_ON } from "./points.ts";
import { read32 } from "./sweep.ts";
import { tebMove, type TlsContext } from "./tls_form.ts";

const REX_W = 8, REX_X = 2, REX_B = 1;

/** movzwl, from the map behind 0F. */
const MOVZX = 0x0fb7;

/** Scratch registers that need no REX. */
const SCRATCH: readonly number[] = [6, 7, 0, 1];

/** Emits the form of the Kind.selector instruction just decoded at `at`; false, having emitted nothing, without one. */
export function emitSelectorForm(context: TlsContext, d: Decoder, code: Uint8Array, at: number): boolean {
  const { fsSelector, gsSelector } = context.slots;
  const slot = d.selector === Segment.fs ? fsSelector : d.selector === Segment.gs ? gsSelector : undefined;
  if (slot === undefined) return false;
  if (d.map === 1) return emitStackForm(context, d, slot, at);
  if (d.hasMemory) return emitMemoryForm(context, d, code, slot, at);
  const reg = d.modrm & 7 | (d.rex & REX_B) << 3;
  context.points.add(context.out.length, at, NO_SCRATCH);
  if (d.opcode === 0x8e) slotAccess(context.out, d.mode, true, 0x89, reg, slot);
  else if (d.operandSize16 && (d.rex & REX_W) === 0) slotAccess(context.out, d.mode, true, 0x8b, reg, slot);
  else slotAccess(context.out, d.mode, false, MOVZX, reg, slot);
  return true;
}

/** push and pop; lfs and lgs have no form. */
function emitStackForm({ out, points }: TlsContext, d: Decoder, slot: number, at: number): boolean {
  if (d.opcode === 0xb4 || d.opcode === 0xb5) return false;
  points.add(out.length, at, NO_SCRATCH);
  if ((d.opcode & 1) === 0) {
    slotAccess(out, d.mode, d.operandSize16, 0xff, 6, slot);
    return true;
  }
  slotAccess(out, d.mode, d.operandSize16, 0x8f, 0, slot);
  if (d.operandSize16) return true;
  // What stood above the selector on the stack must not come out again.
  points.add(out.length, at, RUN_ON);
  slotAccess(out, d.mode, true, 0xc7, 0, slot + 2);
  out.u8(0, 0);
  if (d.mode === 64) {
    slotAccess(out, d.mode, false, 0xc7, 0, slot + 4);
    out.u32(0);
  }
  return true;
}

/** Through a spilled register. */
function emitMemoryForm(
  context: TlsContext,
  d: Decoder,
  code: Uint8Array,
  slot: number,
  at: number,
): boolean {
  const { out, points, slots } = context;
  if (d.segment === Segment.fs || d.segment === Segment.gs || d.addressSizeOverride) return false;
  const scratch = SCRATCH.find((reg) => !isNamed(d, code, at, reg))!;
  points.add(out.length, at, NO_SCRATCH);
  tebMove(out, d.mode, 0x89, scratch, slots.spill);
  points.add(out.length, at, scratch);
  if (d.opcode === 0x8c) {
    slotAccess(out, d.mode, false, MOVZX, scratch, slot);
    emitAccess(out, d, code, at, true, 0x89, scratch);
  } else {
    emitAccess(out, d, code, at, false, MOVZX, scratch);
    slotAccess(out, d.mode, true, 0x89, scratch, slot);
  }
  points.add(out.length, at + d.length, scratch);
  tebMove(out, d.mode, 0x8b, scratch, slots.spill);
  points.add(out.length, at + d.length, NO_SCRATCH);
  return true;
}

/** Whether the address of the memory operand depends on the register. */
function isNamed(d: Decoder, code: Uint8Array, at: number, reg: number): boolean {
  const rm = d.modrm & 7;
  if (rm !== 4) return (rm | (d.rex & REX_B) << 3) === reg;
  const sib = code[at + d.modrmOffset + 1]!;
  return (sib & 7 | (d.rex & REX_B) << 3) === reg || (sib >> 3 & 7 | (d.rex & REX_X) << 2) === reg;
}

/** The instruction's memory operand with another opcode and register. */
function emitAccess(
  out: Emitter,
  d: Decoder,
  code: Uint8Array,
  at: number,
  small: boolean,
  opcode: number,
  reg: number,
): void {
  if (small) out.u8(0x66);
  const rex = d.rex & (REX_X | REX_B);
  if (rex !== 0) out.u8(0x40 | rex);
  emitOpcode(out, opcode);
  out.u8(d.modrm & 0xc7 | reg << 3);
  const start = at + d.modrmOffset + 1;
  if (d.ripRelative) out.rel32(at + d.length + read32(code, start));
  else out.copy(code, start, at + d.length);
}

/** An instruction whose memory operand is a TEB slot; `small`: of 16 bits. */
function slotAccess(
  out: Emitter,
  mode: 32 | 64,
  small: boolean,
  opcode: number,
  reg: number,
  slot: number,
): void {
  out.u8(mode === 64 ? 0x65 : 0x64);
  if (small) out.u8(0x66);
  if (reg >= 8) out.u8(0x44);
  emitOpcode(out, opcode);
  if (mode === 64) out.u8(0x04 | (reg & 7) << 3, 0x25);
  else out.u8(0x05 | reg << 3);
  out.u32(slot);
}

function emitOpcode(out: Emitter, opcode: number): void {
  if (opcode > 255) out.u8(opcode >> 8);
  out.u8(opcode & 255);
}
