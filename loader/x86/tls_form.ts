/**
 * The form of a TLS instruction that finds the guest's thread pointer in a TEB slot.
 *
 * x86-64: `mov %r11,%gs:spill; mov %gs:tp,%r11; <the instruction, %fs: replaced by a base of %r11>;
 * mov %gs:spill,%r11`. Only mov and lea (and push, for call): flags and the red zone stay untouched. A load whose
 * destination is not part of its address uses that register as the scratch one and spills nothing.
 */
import { type Decoder, Encoding, Segment } from "./decoder.ts";
import type { Emitter } from "./emitter.ts";
import { Kind } from "./instruction_kind.ts";
import { emitWithSlot, mirroredRead, mirroredWrite } from "./mirror_form.ts";
import { NO_SCRATCH, type Points, RUN_ON } from "./points.ts";
import type { TlsSlots } from "./region.ts";
import { read32 } from "./sweep.ts";

const NONE = -1, RSP = 4;
const REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1;

/** General registers that no instruction uses without naming them, best first. */
const HIGH_SCRATCH: readonly number[] = [11, 10, 9, 8, 15];
/** For where %r8-%r15 do not exist or cannot be named: only string instructions, which are trapped, cmpxchg8b and
 * xlat (%rbx) use these without naming them. */
const LOW_SCRATCH: readonly number[] = [6, 7, 3, 5];

/** A memory operand, taken apart. */
interface Operand {
  base: number;
  index: number;
  scale: number;
  displacement: number;
  /** The size to keep, 0, 1 or 4, where a base was there already; NONE to choose the shortest. */
  size: number;
}

export interface TlsContext {
  readonly out: Emitter;
  readonly points: Points;
  readonly slots: TlsSlots;
  /** i386: where to note an absolute address just to be emitted. */
  readonly relocate: (() => void) | undefined;
  readonly address: number;
}

/**
 * Emits the form of the instruction that `d` has just decoded at `at`, without a jump back. Returns false, having
 * emitted nothing, if there is none; "ends" if control does not come out behind it.
 */
export function emitTlsForm(context: TlsContext, d: Decoder, code: Uint8Array, at: number): boolean | "ends" {
  if (!d.hasMemory) return false;
  const mirrored = mirroredRead(d, code, at, context.slots);
  if (mirrored !== undefined) {
    context.points.add(context.out.length, at, NO_SCRATCH);
    emitWithSlot(context.out, d, code, at, mirrored);
    context.points.add(context.out.length, at + d.length, NO_SCRATCH);
    return true;
  }
  const baseSlot = baseSlotOf(d, context.slots);
  if (baseSlot === undefined) return false;
  if (d.kind !== Kind.other && d.kind !== Kind.callIndirect && d.kind !== Kind.jumpIndirect) return false;
  const operand = readOperand(d, code, at);
  if (operand === undefined) return false;
  const { out, points, slots } = context;
  const reg = registerField(d);
  const scratch = isPlainLoad(d) && reg !== RSP && reg !== operand.base && reg !== operand.index
    ? reg
    : chooseScratch(d, operand, reg);
  if (scratch === undefined) return false;
  const spilled = scratch !== reg || !isPlainLoad(d);
  const control = d.kind !== Kind.other;
  if (control && (slots.spill2 === undefined || d.operandSize16)) return false;
  const combined = operand.base !== NONE && (operand.index !== NONE || d.vsib);
  // lea adds the base before pop would move %rsp.
  if (combined && operand.base === RSP && d.map === 0 && d.opcode === 0x8f) return false;

  const inside = spilled ? scratch : NO_SCRATCH, next = at + d.length;
  points.add(out.length, at, NO_SCRATCH);
  const mirror = mirroredWrite(d, code, at, slots);
  if (mirror !== undefined) emitWithSlot(out, d, code, at, mirror);
  if (spilled) tebMove(out, d.mode, 0x89, scratch, slots.spill);
  points.add(out.length, at, inside);
  tebMove(out, d.mode, 0x8b, scratch, baseSlot);
  if (combined) {
    addBase(out, d.mode, scratch, operand.base);
    operand.base = scratch;
  } else if (operand.base === NONE) operand.base = scratch;
  else {
    operand.index = scratch;
    operand.scale = 0;
  }
  if (control) {
    emitControl(context, d, operand, scratch, at);
    return "ends";
  }
  emitInstruction(out, d, code, at, operand);
  if (spilled) {
    points.add(out.length, next, scratch);
    tebMove(out, d.mode, 0x8b, scratch, slots.spill);
  }
  points.add(out.length, next, NO_SCRATCH);
  return true;
}

/** The slot with the base of the segment that the operand is in. */
function baseSlotOf({ segment, mode }: Decoder, slots: TlsSlots): number | undefined {
  if (segment === (mode === 64 ? Segment.fs : Segment.gs)) return slots.threadPointer;
  return segment === Segment.fs || segment === Segment.gs ? slots.otherBase : undefined;
}

function registerField(d: Decoder): number {
  if (d.modrmOffset < 0) return 0; // moffs: the accumulator
  return d.modrm >> 3 & 7 | (d.rex & REX_R) << 1;
}

/** Takes the memory operand apart; undefined where the address computation cannot be kept. */
function readOperand(d: Decoder, code: Uint8Array, at: number): Operand | undefined {
  if (d.ripRelative) return undefined;
  const where = at + d.displacementOffset;
  const size = d.displacementSize;
  const displacement = size === 4 || size === 8
    ? read32(code, where)
    : size === 1
    ? code[where]! << 24 >> 24
    : 0;
  const plain: Operand = { base: NONE, index: NONE, scale: 0, displacement, size: NONE };
  if (d.modrmOffset < 0) {
    // moffs of 8 bytes: only what a sign-extended displacement can hold.
    if (size === 2 || size === 8 && read32(code, where + 4) !== displacement >> 31) return undefined;
  } else {
    const mod = d.modrm >> 6, rm = d.modrm & 7;
    if (d.mode === 32 && d.addressSizeOverride) return undefined;
    if (rm === 4) {
      const sib = code[at + d.modrmOffset + 1]!;
      const index = sib >> 3 & 7 | (d.rex & REX_X) << 2;
      plain.index = index === 4 && !d.vsib ? NONE : index;
      plain.scale = sib >> 6;
      if (mod !== 0 || (sib & 7) !== 5) plain.base = sib & 7 | (d.rex & REX_B) << 3;
    } else if (mod !== 0 || rm !== 5) plain.base = rm | (d.rex & REX_B) << 3;
    if (plain.base !== NONE) plain.size = size;
  }
  if (d.addressSizeOverride) {
    // 32-bit addresses are zero-extended before the segment's base is added (SDM vol. 1, 3.3.7).
    if (d.mode === 32 || plain.base !== NONE || plain.index !== NONE || displacement < 0) return undefined;
  }
  if (d.encoding === Encoding.evex && plain.base === NONE) plain.size = 4; // disp8 would be scaled
  if (d.vsib && plain.size === NONE) plain.size = 4;
  return plain;
}

/** A load that overwrites all of a general register and reads nothing but its memory operand. */
function isPlainLoad(d: Decoder): boolean {
  if (d.encoding !== Encoding.legacy || d.lock) return false;
  if (d.operandSize16 && (d.rex & REX_W) === 0) return false;
  if (d.map === 0) {
    return d.opcode === 0x8b || d.opcode === 0xa1 || d.opcode === 0x63 && d.mode === 64;
  }
  return d.map === 1 && (d.opcode & 0xf6) === 0xb6 && d.pp === 0;
}

function chooseScratch(d: Decoder, operand: Operand, reg: number): number | undefined {
  // Without REX, a byte register 4-7 is %ah-%bh; with it, %spl-%dil: adding REX would rename it.
  const rexAllowed = d.mode === 64 && d.encoding !== Encoding.vex2 &&
    (d.encoding !== Encoding.legacy || d.rex !== 0 || reg < 4 || !isByteOperation(d));
  for (const candidate of rexAllowed ? HIGH_SCRATCH : LOW_SCRATCH) {
    if (candidate === reg || candidate === operand.base || candidate === operand.index && !d.vsib) continue;
    if (d.encoding !== Encoding.legacy && candidate === d.vvvv) continue;
    if (candidate < 4 && candidate === (reg & 3)) continue; // %bh
    if (candidate === 3 && d.map === 1 && d.opcode === 0xc7) continue; // cmpxchg8b
    return candidate;
  }
  return undefined;
}

/** Whether ModRM.reg of a legacy instruction may name a byte register. */
function isByteOperation(d: Decoder): boolean {
  if (d.map === 0) {
    return d.opcode < 0x40 ? (d.opcode & 1) === 0 : [0x84, 0x86, 0x88, 0x8a].includes(d.opcode);
  }
  return d.map === 1 && (d.opcode === 0xb0 || d.opcode === 0xc0) || d.map === 2 && d.opcode === 0xf0;
}

/** `mov %reg,teb:slot` (0x89) or `mov teb:slot,%reg` (0x8b), with the full register. */
export function tebMove(out: Emitter, mode: 32 | 64, opcode: number, reg: number, slot: number): void {
  if (mode === 64) out.u8(0x65, 0x48 | reg >> 3 << 2, opcode, 0x04 | (reg & 7) << 3, 0x25);
  else out.u8(0x64, opcode, 0x05 | reg << 3);
  out.u32(slot);
}

/** `lea (%base,%scratch),%scratch`. */
function addBase(out: Emitter, mode: 32 | 64, scratch: number, base: number): void {
  if (mode === 64) out.u8(0x48 | scratch >> 3 << 2 | scratch >> 3 << 1 | base >> 3);
  // mod 1 with a zero displacement: %rbp and %r13 as base have no mod 0.
  out.u8(0x8d, 0x44 | (scratch & 7) << 3, (scratch & 7) << 3 | base & 7, 0);
}

/** ModRM with `reg` in its middle field, SIB and displacement. */
function emitOperand(
  out: Emitter,
  reg: number,
  { base, index, scale, displacement, size }: Operand,
  vsib: boolean,
) {
  let width = size;
  if (width === NONE) width = displacement === 0 ? 0 : displacement === displacement << 24 >> 24 ? 1 : 4;
  if (width === 0 && (base & 7) === 5) width = 1;
  const mod = width === 0 ? 0 : width === 1 ? 0x40 : 0x80;
  if (index !== NONE || vsib) out.u8(mod | (reg & 7) << 3 | 4, scale << 6 | (index & 7) << 3 | base & 7);
  else if ((base & 7) === 4) out.u8(mod | (reg & 7) << 3 | 4, 0x24);
  else out.u8(mod | (reg & 7) << 3 | base & 7);
  if (width === 1) out.u8(displacement & 0xff);
  else if (width === 4) out.u32(displacement);
}

/** The instruction itself with another memory operand and without its segment override. */
function emitInstruction(out: Emitter, d: Decoder, code: Uint8Array, at: number, operand: Operand): void {
  const x = operand.index !== NONE && operand.index & 8 ? REX_X : 0, b = operand.base & 8 ? REX_B : 0;
  const prefixes = d.prefixOffset >= 0 ? d.prefixOffset : d.opcodeOffset - Math.min(d.map, 2);
  const moffs = d.modrmOffset < 0;
  for (let i = 0; i < prefixes; i++) {
    const byte = code[at + i]!;
    const segment = byte === 0x64 || byte === 0x65 || (byte & 0xe7) === 0x26;
    const rex = d.mode === 64 && byte >= 0x40 && byte < 0x50; // one that did not count
    if (!segment && !rex && byte !== 0x67) out.u8(byte);
  }
  if (d.encoding === Encoding.legacy) {
    const rex = d.rex & (0x40 | REX_W | REX_R) | x | b;
    if (rex !== 0) out.u8(0x40 | rex);
    if (d.map > 0) out.u8(0x0f);
    if (d.map > 1) out.u8(d.map === 2 ? 0x38 : 0x3a);
    out.u8(moffs ? MOFFS_OPCODES[d.opcode & 3]! : d.opcode);
  } else {
    const p = at + d.prefixOffset;
    out.u8(code[p]!);
    if (d.encoding === Encoding.vex2) out.u8(code[p + 1]!);
    else {
      const first = code[p + 1]!, inverted = (x ? 0 : 0x40) | (b ? 0 : 0x20);
      out.u8(d.mode === 64 ? first & ~0x60 | inverted : first);
      for (let i = p + 2; i < at + d.opcodeOffset; i++) out.u8(code[i]!);
    }
    out.u8(d.opcode);
  }
  emitOperand(out, moffs ? 0 : d.modrm >> 3 & 7, operand, d.vsib);
  if (d.immediateOffset >= 0) out.copy(code, at + d.immediateOffset, at + d.length);
}

/** mov moffs,%al; mov moffs,%eax; mov %al,moffs; mov %eax,moffs as mov with ModRM. */
const MOFFS_OPCODES: readonly number[] = [0x8a, 0x8b, 0x88, 0x89];

/**
 * call and jmp through TLS memory: the target goes to a slot, the scratch register gets its value back, the
 * original return address is pushed, and the jump goes through the slot.
 */
function emitControl(context: TlsContext, d: Decoder, operand: Operand, scratch: number, at: number): void {
  const { out, points, slots } = context, next = at + d.length;
  const target = slots.spill2 ?? slots.spill;
  const wide = d.mode === 64;
  if (wide) {
    out.u8(
      0x48 | scratch >> 3 << 2 | (operand.index !== NONE && operand.index & 8 ? REX_X : 0) |
        operand.base >> 3 & 1,
    );
  }
  out.u8(0x8b);
  emitOperand(out, scratch, operand, false);
  tebMove(out, d.mode, 0x89, scratch, target);
  if (d.kind === Kind.callIndirect && wide) {
    out.u8(0x48 | scratch >> 3 << 2, 0x8d, 0x05 | (scratch & 7) << 3);
    out.rel32(next);
    if (scratch >= 8) out.u8(0x41);
    out.u8(0x50 | scratch & 7);
    points.add(out.length, at, RUN_ON);
  }
  tebMove(out, d.mode, 0x8b, scratch, slots.spill);
  points.add(out.length, at, d.kind === Kind.callIndirect && wide ? RUN_ON : NO_SCRATCH);
  if (d.kind === Kind.callIndirect && !wide) {
    out.u8(0x68);
    context.relocate?.();
    out.u32(context.address + next);
    points.add(out.length, at, RUN_ON);
  }
  if (wide) out.u8(0x65, 0xff, 0x24, 0x25);
  else out.u8(0x64, 0xff, 0x25);
  out.u32(target);
}
