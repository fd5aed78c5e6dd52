/**
 * What the sweep must know of the common instructions: a word for each opcode, compiled from the decoder's table.
 */
import type { Mode } from "./encoding.ts";
import { Kind } from "./instruction_kind.ts";
import { ABSENT, FORMS_MASK, FORMS_SHIFT, HAS_MODRM, Imm, IMM_SHIFT, KIND_SHIFT } from "./opcode_table.ts";

/** What the sweep notes about an instruction. */
export const Action = {
  none: 0,
  /** A direct branch that may be passed by. */
  branch: 1,
  jump: 2,
  call: 3,
  /** ret, hlt, ud2: control does not come out behind it. */
  end: 4,
  lea: 5,
  /** inc, dec, call, jmp and push, by ModRM.reg; the far ones are not common. */
  group5: 6,
} as const;

/** Bits of an entry: HAS_MODRM and Imm as in the decoder's table, an Action, not common, the index of the forms. */
export const ACTION_SHIFT = 5;
export const ACTION_MASK = 7;
export const NOT_COMMON = 1 << 8;
export const FAST_FORMS_SHIFT = 9;

/** Opcodes at which the decoder has to look more closely, by map. */
const PECULIAR: readonly (readonly number[])[] = [
  [0x0f, 0x62, 0x8c, 0x8e, 0x8f, 0xc4, 0xc5, 0xcd],
  [0x01, 0x0f, 0x20, 0x21, 0x22, 0x23, 0x78, 0xae, 0xf7],
  [],
  [],
];

/** `words` is the table of a LegacyTable; the result is indexed by map << 8 | opcode. */
export function fastTable(words: Uint32Array): Int32Array {
  const table = new Int32Array(1024);
  for (let index = 0; index < 1024; index++) {
    const word = words[index]!, kind = word >>> KIND_SHIFT & 31, forms = (word & FORMS_MASK) >>> FORMS_SHIFT;
    const action = actionOf(kind, index);
    const modrm = word & HAS_MODRM;
    // Forms without ModRM depend on the mandatory prefix.
    const common = (word & ABSENT) === 0 && action >= 0 && (modrm !== 0 || forms === 0) &&
      !PECULIAR[index >> 8]!.includes(index & 255);
    table[index] = common
      ? word & (HAS_MODRM | 15 << IMM_SHIFT) | action << ACTION_SHIFT | forms << FAST_FORMS_SHIFT
      : NOT_COMMON;
  }
  return table;
}

/** The Action of an opcode, or -1 where only the decoder knows. */
function actionOf(kind: number, index: number): number {
  switch (kind) {
    case Kind.branch:
    case Kind.loop:
      return Action.branch;
    case Kind.jump:
      return Action.jump;
    case Kind.call:
      return Action.call;
    case Kind.ret:
      return Action.end;
    case Kind.stop:
      return index === 0xf4 || index === 0x10b ? Action.end : Action.none;
    case Kind.addressOnly:
      return index === 0x8d ? Action.lea : Action.none;
    case Kind.implicitMemory:
      return Action.none;
    case Kind.other:
      return index === 0xff ? Action.group5 : Action.none;
    default:
      return -1;
  }
}

const HAS_SIB = 8;

/** By ModRM: the size of the displacement and whether there is a SIB byte, in which case it may be larger. */
export function operandLayouts(): Uint8Array {
  const layouts = new Uint8Array(256);
  for (let modrm = 0; modrm < 0xc0; modrm++) {
    const displacement = modrm >= 0x80 || (modrm & 0xc7) === 5 ? 4 : modrm >= 0x40 ? 1 : 0;
    layouts[modrm] = displacement | ((modrm & 7) === 4 ? HAS_SIB : 0);
  }
  return layouts;
}

/** For the decoder to say. */
const UNKNOWN = 255;

/** By Imm * 4: the size of the immediate without prefixes, with 66, and with REX.W. */
export function immediateWidths(mode: Mode): Uint8Array {
  const widths = new Uint8Array(64).fill(UNKNOWN);
  const moffs = mode === 64 ? 8 : 4;
  widths.set([0, 0, 0], Imm.none * 4);
  widths.set([1, 1, 1], Imm.byte * 4);
  widths.set([2, 2, 2], Imm.word * 4);
  widths.set([4, 2, 4], Imm.z * 4);
  widths.set([4, 2, 8], Imm.v * 4);
  widths.set([moffs, moffs, moffs], Imm.moffs * 4);
  widths.set([1, 1, 1], Imm.rel8 * 4);
  widths.set([4, UNKNOWN, 4], Imm.relZ * 4);
  return widths;
}
