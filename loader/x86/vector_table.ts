/** Compiles the VEX, XOP and EVEX rows into the flat rule arrays that the decoder searches. */
import { PREFIXES, rowsOf } from "./opcode_table.ts";
import { VECTOR_FORMS } from "./opcode_rows_vector.ts";

/** Bits of a rule's first word. Bits 0-7 are the allowed (W << 2 | L). */
export const Rule = {
  memory: 1 << 8,
  register: 1 << 9,
  noModrm: 1 << 10,
  hasDigit: 1 << 11,
  digitShift: 12,
  vvvv: 1 << 15,
  maskReg: 1 << 16,
  maskVvvv: 1 << 17,
  vsib: 1 << 18,
  sib: 1 << 19,
  immByte: 1 << 20,
  immDword: 1 << 21,
  writeMask: 1 << 22,
  writeMaskRequired: 1 << 23,
  zeroing: 1 << 24,
  broadcast: 1 << 25,
  rounding: 1 << 26,
  suppress: 1 << 27,
  unique: 1 << 28,
  uniqueDestination: 1 << 29,
  only64: 1 << 30,
} as const;

/** Bits of a rule's second word. */
export const Rule2 = { tile: 1, rmZero: 2, zeroingRegisterOnly: 4, last: 8, generalReg: 16 } as const;

const ATTRIBUTES: Readonly<Record<string, readonly [number, number]>> = {
  m: [Rule.memory, 0],
  r: [Rule.register, 0],
  rm: [Rule.memory | Rule.register, 0],
  none: [Rule.noModrm, 0],
  v: [Rule.vvvv, 0],
  kreg: [Rule.maskReg, 0],
  kv: [Rule.maskVvvv, 0],
  vsib: [Rule.vsib, 0],
  sib: [Rule.sib, 0],
  ib: [Rule.immByte, 0],
  id: [Rule.immDword, 0],
  k: [Rule.writeMask, 0],
  "k!": [Rule.writeMask | Rule.writeMaskRequired, 0],
  z: [Rule.zeroing, 0],
  zr: [0, Rule2.zeroingRegisterOnly],
  bcst: [Rule.broadcast, 0],
  er: [Rule.rounding, 0],
  sae: [Rule.suppress, 0],
  uniq: [Rule.unique, 0],
  uniqd: [Rule.uniqueDestination, 0],
  o64: [Rule.only64, 0],
  tmm: [0, Rule2.tile],
  greg: [0, Rule2.generalReg],
  rm0: [0, Rule2.rmZero],
};

/** The maps of each encoding, in the order of the table. */
const VECTOR_MAPS = [
  ["VEX 0F", "VEX 0F38", "VEX 0F3A"],
  ["XOP XOP8", "XOP XOP9", "XOP XOPA"],
  ["EVEX 0F", "EVEX 0F38", "EVEX 0F3A", "EVEX MAP5", "EVEX MAP6"],
].flat();

/** By VEX.mmmmm, XOP.mmmmm - 8 and EVEX.mmm: the index of the map, or -1. */
export const vexMap = Int8Array.of(-1, 0, 1, 2);
export const xopMap = Int8Array.of(3, 4, 5);
export const evexMap = Int8Array.of(-1, 6, 7, 8, -1, 9, 10, -1);

interface CompiledRules {
  /** By (map * 4 + pp) * 256 + opcode: the index of the first rule; 0 means there is none. */
  readonly start: Uint16Array;
  readonly first: Uint32Array;
  /** The rule's second word; an opcode's rules end at one with Rule2.last. */
  readonly second: Uint8Array;
}

/** How many maps the table has. */
export const MAP_COUNT = VECTOR_MAPS.length;

let compiled: CompiledRules | undefined;

/** Compiled when first asked for, which takes some milliseconds. */
export function vectorRules(): CompiledRules {
  return compiled ??= compile();
}

function compile(): CompiledRules {
  const lists = new Map<number, [number, number][]>();
  let count = 1;
  for (const row of rowsOf(VECTOR_FORMS)) {
    const [left, right] = row.split(" : ");
    const [encoding, map, pp, lengths, ...attributes] = left!.trim().split(/\s+/);
    let first = lengthBits(lengths!), second = 0;
    for (const attribute of attributes) {
      if (attribute.startsWith("/")) first |= Rule.hasDigit | Number(attribute[1]) << Rule.digitShift;
      else {
        const [a, b] = ATTRIBUTES[attribute]!;
        first |= a;
        second |= b;
      }
    }
    const base = VECTOR_MAPS.indexOf(`${encoding} ${map}`) * 4 +
      PREFIXES.indexOf(pp as typeof PREFIXES[number]);
    for (const opcode of right!.trim().split(/\s+/)) {
      const key = base * 256 + parseInt(opcode, 16), list = lists.get(key);
      if (list === undefined) lists.set(key, [[first, second]]);
      else list.push([first, second]);
      count++;
    }
  }
  const table = {
    start: new Uint16Array(VECTOR_MAPS.length * 4 * 256),
    first: new Uint32Array(count),
    second: new Uint8Array(count),
  };
  let next = 1;
  for (const [key, list] of lists) {
    table.start[key] = next;
    for (const [first, second] of list) {
      table.first[next] = first;
      table.second[next++] = second;
    }
    table.second[next - 1]! |= Rule2.last;
  }
  return table;
}

/** `W-.L012` or `W0.L0+W1.L01` as bits (W << 2 | L). */
function lengthBits(text: string): number {
  let bits = 0;
  for (const part of text.split("+")) {
    for (const length of part.slice(4)) {
      if (part[1] !== "1") bits |= 1 << Number(length);
      if (part[1] !== "0") bits |= 1 << (4 | Number(length));
    }
  }
  return bits;
}
