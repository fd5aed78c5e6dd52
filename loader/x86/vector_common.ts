/**
 * The VEX and EVEX rules that the sweep's loop knows itself: those of opcodes with nothing peculiar, whose rules
 * differ in no more than W and L. Only scripts/assemble_wasm.ts runs this: it takes too long for a start.
 */
import { MAP_COUNT, Rule, Rule2, vectorRules } from "./vector_table.ts";

/** Bits of a common rule, above the allowed (W << 2 | L). */
const MEMORY = 1 << 8, REGISTER = 1 << 9, NO_MODRM = 1 << 10, VVVV = 1 << 11, IMMEDIATE = 1 << 12;
const MASK = 1 << 13, ZEROING = 1 << 14, BROADCAST = 1 << 15, ROUNDING = 1 << 16, MASK_REG = 1 << 17;
const MASK_VVVV = 1 << 18;
/** Above them a bit for each ModRM.reg that is an opcode extension; none of them: it is an operand. */
const DIGIT_SHIFT = 19;

const ATTRIBUTES = (1 << DIGIT_SHIFT) - 0x100;

const PECULIAR = Rule.vsib | Rule.sib | Rule.immDword | Rule.writeMaskRequired | Rule.unique |
  Rule.uniqueDestination | Rule.only64;

const BITS: readonly (readonly [number, number])[] = [
  [Rule.memory, MEMORY],
  [Rule.register, REGISTER],
  [Rule.noModrm, NO_MODRM | REGISTER],
  [Rule.vvvv, VVVV],
  [Rule.immByte, IMMEDIATE],
  [Rule.writeMask, MASK],
  [Rule.zeroing, ZEROING],
  [Rule.broadcast, BROADCAST],
  [Rule.rounding, ROUNDING],
  [Rule.suppress, ROUNDING],
  [Rule.maskReg, MASK_REG],
  [Rule.maskVvvv, MASK_VVVV],
];

/** The maps of vector_table.ts: three of VEX, three of XOP, the rest of EVEX. */
const XOP_MAPS = [3, 4, 5];

/** The rules, and for each its key: (map * 4 + pp) * 256 + opcode, without the maps of XOP. */
export function commonVectorRules(): { readonly keys: Uint16Array; readonly rules: Uint32Array } {
  const keys: number[] = [], rules: number[] = [];
  for (let key = 0, index = 0; key < MAP_COUNT * 1024; key++) {
    if (XOP_MAPS.includes(key >> 10)) continue;
    const word = commonRule(vectorRules().start[key]!);
    if (word !== 0) {
      keys.push(index);
      rules.push(word);
    }
    index++;
  }
  return { keys: Uint16Array.from(keys), rules: Uint32Array.from(rules) };
}

function commonRule(rule: number): number {
  const { first, second } = vectorRules();
  if (rule === 0) return 0;
  let word = 0;
  for (let last = false, start = rule; !last; rule++) {
    const bits = first[rule]!, more = second[rule]!;
    last = (more & Rule2.last) !== 0;
    if ((bits & PECULIAR) !== 0 || (more & ~Rule2.last & ~Rule2.zeroingRegisterOnly) !== 0) return 0;
    let attributes = 0;
    for (const [from, to] of BITS) if ((bits & from) !== 0) attributes |= to;
    // Into registers only: leave it to the decoder.
    if ((more & Rule2.zeroingRegisterOnly) !== 0) attributes &= ~ZEROING;
    const digit = (bits & Rule.hasDigit) !== 0 ? 1 << DIGIT_SHIFT + (bits >> Rule.digitShift & 7) : 0;
    if (rule !== start) {
      if ((word & ATTRIBUTES) !== attributes || (digit === 0) !== (word >> DIGIT_SHIFT === 0)) return 0;
      // Which W and L go with which extension is not kept.
      if (digit !== 0 && (word & 0xff) !== (bits & 0xff)) return 0;
    }
    word |= digit | attributes | bits & 0xff;
  }
  return word;
}
