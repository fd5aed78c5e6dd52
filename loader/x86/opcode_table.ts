/**
 * Compiles the readable opcode rows into the flat typed arrays that the decoder indexes.
 *
 * The tables depend on nothing but the rows, so they are built when the module is loaded (about a millisecond).
 */
import { Kind } from "./instruction_kind.ts";
import {
  LEGACY_FORMS,
  LOCKABLE,
  ONE_BYTE_LAYOUT,
  THREE_DNOW_SUFFIXES,
  TWO_BYTE_LAYOUT,
} from "./opcode_rows_legacy.ts";

/** What follows the ModRM bytes. */
export const Imm = {
  none: 0,
  byte: 1,
  word: 2,
  /** 2 bytes with operand size 16, else 4. */
  z: 3,
  /** 2, 4 or 8 bytes by operand size: mov $imm,%reg. */
  v: 4,
  enter: 5,
  far: 6,
  moffs: 7,
  rel8: 8,
  relZ: 9,
  group3Byte: 10,
  group3Z: 11,
  /** extrq and insertq. */
  twoBytes: 12,
} as const;

export const HAS_MODRM = 1;
export const IMM_SHIFT = 1;
export const KIND_SHIFT = 5;
export const ABSENT = 1 << 10;
export const FORMS_SHIFT = 11;
export const FORMS_MASK = 0x7ff << FORMS_SHIFT;

/** The maps, in the order of the tables: one byte, 0F, 0F38, 0F3A. */
export const MAPS = ["1", "0F", "0F38", "0F3A"] as const;
/** Mandatory prefixes, numbered as VEX.pp numbers them. */
export const PREFIXES = ["NP", "66", "F3", "F2"] as const;

const LAYOUT: Readonly<Record<string, number>> = {
  ".": 0,
  "P": 0,
  "M": HAS_MODRM,
  "b": Imm.byte << IMM_SHIFT,
  "w": Imm.word << IMM_SHIFT,
  "z": Imm.z << IMM_SHIFT,
  "v": Imm.v << IMM_SHIFT,
  "e": Imm.enter << IMM_SHIFT,
  "f": Imm.far << IMM_SHIFT,
  "o": Imm.moffs << IMM_SHIFT,
  "j": Imm.rel8 << IMM_SHIFT,
  "J": Imm.relZ << IMM_SHIFT,
  "x": HAS_MODRM | Imm.twoBytes << IMM_SHIFT,
  "Mb": HAS_MODRM | Imm.byte << IMM_SHIFT,
  "Mz": HAS_MODRM | Imm.z << IMM_SHIFT,
  "Mg": HAS_MODRM | Imm.group3Byte << IMM_SHIFT,
  "MG": HAS_MODRM | Imm.group3Z << IMM_SHIFT,
};

/** `map kind : opcodes`; kinds that depend on ModRM or an immediate are settled by the decoder. */
const KINDS: readonly (readonly [number, Kind, string])[] = [
  [0, Kind.branch, "70 71 72 73 74 75 76 77 78 79 7A 7B 7C 7D 7E 7F"],
  [0, Kind.loop, "E0 E1 E2 E3"],
  [0, Kind.call, "E8"],
  [0, Kind.jump, "E9 EB"],
  [0, Kind.far, "9A EA"],
  [0, Kind.ret, "C2 C3 CA CB CF"],
  [0, Kind.stop, "CC CD CE F1 F4"],
  [0, Kind.implicitMemory, "6E 6F A4 A5 A6 A7 AC AD D7"],
  [0, Kind.addressOnly, "8D"],
  [1, Kind.syscall, "05"],
  [1, Kind.ret, "07 35 AA"],
  [1, Kind.sysenter, "34"],
  [1, Kind.stop, "0B B9 FF"],
  [1, Kind.addressOnly, "0D 18 19 1A 1B 1C 1D 1E 1F"],
  [1, Kind.branch, "80 81 82 83 84 85 86 87 88 89 8A 8B 8C 8D 8E 8F"],
  [1, Kind.selector, "A0 A1 A8 A9 B4 B5"],
  [1, Kind.implicitMemory, "F7"],
];

const bytes = (text: string): number[] => text.trim().split(/\s+/).map((byte) => parseInt(byte, 16));

/** Splits rows at line ends, joining continuation lines, which are indented. */
export function rowsOf(text: string): string[] {
  return text.trim().replaceAll("\n  ", " ").split("\n");
}

/** Per opcode (map * 256 + opcode): layout, kind and the index of its forms. */
export class LegacyTable {
  readonly words = new Uint32Array(4 * 256);
  /** forms[index * 256 + ModRM]: a bit for each mandatory prefix under which the form exists. */
  readonly forms: Uint8Array;

  constructor(mode: 32 | 64) {
    this.#layouts();
    const forms: Uint8Array[] = [new Uint8Array(256).fill(0xf)];
    for (const row of rowsOf(LEGACY_FORMS)) this.#row(row, mode, forms);
    this.forms = new Uint8Array(forms.length * 256);
    forms.forEach((form, index) => this.forms.set(form, index * 256));
    for (const [map, kind, opcodes] of KINDS) {
      for (const opcode of bytes(opcodes)) this.words[map * 256 + opcode]! |= kind << KIND_SHIFT;
    }
  }

  #layouts(): void {
    const one = ONE_BYTE_LAYOUT.trim().split(/\s+/), two = TWO_BYTE_LAYOUT.trim().split(/\s+/);
    for (let opcode = 0; opcode < 256; opcode++) {
      this.words[opcode] = LAYOUT[one[opcode]!]!;
      this.words[256 + opcode] = LAYOUT[two[opcode]!]!;
      this.words[512 + opcode] = ABSENT | HAS_MODRM;
      this.words[768 + opcode] = ABSENT | HAS_MODRM | Imm.byte << IMM_SHIFT;
    }
  }

  #row(row: string, mode: 32 | 64, forms: Uint8Array[]): void {
    const [left, right] = row.split(" : ");
    const [map, ...words] = left!.trim().split(/\s+/);
    if (words[0] === "32" || words[0] === "64") {
      if (Number(words.shift()) !== mode) return;
    }
    const base = MAPS.indexOf(map as typeof MAPS[number]) * 256;
    if (words[0] === "invalid") {
      for (const opcode of bytes(right!)) this.words[base + opcode]! |= ABSENT;
      return;
    }
    const form = new Uint8Array(256);
    for (let i = 0; i < words.length; i += 2) addForms(form, words[i]!, words[i + 1]!);
    forms.push(form);
    for (const opcode of bytes(right!)) {
      this.words[base + opcode] = this.words[base + opcode]! & ~ABSENT | (forms.length - 1) << FORMS_SHIFT;
    }
  }
}

/** Adds the forms which `prefix` has: `memory/register`, see LEGACY_FORMS. */
function addForms(form: Uint8Array, prefix: string, text: string): void {
  const bit = prefix === "*" ? 0xf : 1 << PREFIXES.indexOf(prefix as typeof PREFIXES[number]);
  const slash = text.indexOf("/");
  addModrms(form, bit, text.slice(0, slash), 0);
  // Which forms with memory exist does not depend on the size of the displacement.
  form.copyWithin(0x40, 0, 0x40);
  form.copyWithin(0x80, 0, 0x40);
  addModrms(form, bit, text.slice(slash + 1), 0xc0);
}

/** To the 64 of one ModRM.mod. */
function addModrms(form: Uint8Array, bit: number, text: string, from: number): void {
  if (text === "-") return;
  const masks = text === "all" ? undefined : registerMasks(text);
  for (let modrm = from; modrm < from + 0x40; modrm++) {
    if (masks === undefined || (masks[modrm >> 3 & 7]! >> (modrm & 7) & 1) !== 0) form[modrm]! |= bit;
  }
}

/** By ModRM.reg: a bit for each ModRM.rm that `text` allows. */
function registerMasks(text: string): Uint8Array {
  const masks = new Uint8Array(8);
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "(") {
      if (text[i] !== "-") masks[Number(text[i])] = 255;
      continue;
    }
    const reg = Number(text[i + 1]);
    for (i += 3; text[i] !== ")"; i++) masks[reg]! |= 1 << Number(text[i]);
  }
  return masks;
}

/** lockable[map * 256 + opcode] for the maps 1 and 0F: a bit for each ModRM.reg that accepts LOCK. */
export const lockable: Uint8Array = buildLockable();
/** Whether a byte is a 3DNow! operation. */
export const threeDNow: Uint8Array = buildThreeDNow();

function buildLockable(): Uint8Array {
  const table = new Uint8Array(512);
  for (const row of rowsOf(LOCKABLE)) {
    const [left, right] = row.split(" : ");
    const [map, ...opcodes] = left!.split(" ");
    for (const opcode of opcodes) {
      for (const reg of right!) table[(map === "1" ? 0 : 256) + parseInt(opcode, 16)]! |= 1 << Number(reg);
    }
  }
  return table;
}

function buildThreeDNow(): Uint8Array {
  const table = new Uint8Array(256);
  for (const suffix of bytes(THREE_DNOW_SUFFIXES)) table[suffix] = 1;
  return table;
}
