/**
 * A length decoder for 32- and 64-bit code: where an instruction ends, where its parts are and what kind it is.
 *
 * One object is used for a whole sweep and allocates nothing: `decode` fills its fields. Source: Intel SDM vol. 2,
 * chapter 2 and appendix A, AMD APM vol. 3. Where vendors differ, Intel's reading (66 does not shorten a near
 * branch in 64-bit mode), which is also what iced-x86 does by default and what the tests compare with.
 */
import { Encoding, type Mode, Segment } from "./encoding.ts";
import { fastTable } from "./fast_table.ts";
import { Kind } from "./instruction_kind.ts";
import { decodeLegacy } from "./legacy_decode.ts";
import { LegacyTable } from "./opcode_table.ts";
import { prefixClasses } from "./prefixes.ts";

export { Encoding, type Mode, Segment };

/** An instruction is at most 15 bytes (SDM vol. 2, 2.3.11). */
export const MAX_LENGTH = 15;

/** What decoding in a mode needs. */
interface Tables {
  /** See opcode_table.ts. */
  readonly words: Uint32Array;
  readonly forms: Uint8Array;
  /** See prefixes.ts. */
  readonly prefixes: Uint8Array;
  /** See fast_table.ts. */
  readonly fast: Int32Array;
}

/** Made when first used: building them takes a millisecond or two. */
const tables: { 32?: Tables; 64?: Tables } = {};

function tablesOf(mode: Mode): Tables {
  const known = tables[mode];
  if (known !== undefined) return known;
  const { words, forms } = new LegacyTable(mode);
  return tables[mode] = { words, forms, prefixes: prefixClasses(mode), fast: fastTable(words) };
}

export class Decoder {
  readonly mode: Mode;
  readonly words: Uint32Array;
  readonly forms: Uint8Array;
  readonly prefixes: Uint8Array;
  readonly fast: Int32Array;

  /** In bytes; 0 for an invalid instruction. */
  length = 0;
  kind: Kind = Kind.invalid;
  encoding: Encoding = Encoding.legacy;
  /** The effective override, a value of Segment. In 64-bit mode only fs and gs count. */
  segment: number = Segment.none;
  operandSize16 = false;
  /** 67h was given: 32-bit addresses in 64-bit mode, 16-bit ones in 32-bit mode. */
  addressSizeOverride = false;
  lock = false;
  /** The mandatory or repeat prefix in force, numbered as VEX.pp: 0 none, 1 66, 2 F3, 3 F2. */
  pp = 0;
  /** The REX byte in force, or 0. */
  rex = 0;
  /** 0 one byte, 1 0F, 2 0F38, 3 0F3A; for VEX, XOP and EVEX the number in the prefix. */
  map = 0;
  opcode = 0;
  /** Offsets from the instruction's start; -1 when absent. `prefixOffset` is that of REX, VEX, XOP or EVEX. */
  prefixOffset = -1;
  opcodeOffset = 0;
  modrmOffset = -1;
  displacementOffset = -1;
  displacementSize = 0;
  immediateOffset = -1;
  immediateSize = 0;
  modrm = 0;
  /** The VEX, XOP or EVEX vvvv operand, not inverted; 0 when there is none. */
  vvvv = 0;
  /** A ModRM or moffs memory operand is encoded. */
  hasMemory = false;
  /** The address of a memory operand is relative to the next instruction. */
  ripRelative = false;
  /** The index of a memory operand is a vector register. */
  vsib = false;
  /** Direct branches: the target as an offset into the bytes decoded; it can lie outside them. */
  target = 0;
  /** The selector or base that Kind.selector and Kind.segmentBase work on, a value of Segment. */
  selector: number = Segment.none;

  constructor(mode: Mode) {
    this.mode = mode;
    const { words, forms, prefixes, fast } = tablesOf(mode);
    this.words = words;
    this.forms = forms;
    this.prefixes = prefixes;
    this.fast = fast;
  }

  /** Decodes the instruction at `start`, reading no byte at or past `end`. Returns its length, 0 if invalid. */
  decode(bytes: Uint8Array, start: number, end: number): number {
    this.segment = Segment.none;
    this.encoding = Encoding.legacy;
    this.operandSize16 = false;
    this.addressSizeOverride = false;
    this.lock = false;
    this.vsib = false;
    this.hasMemory = false;
    this.ripRelative = false;
    this.pp = 0;
    this.rex = 0;
    this.vvvv = 0;
    this.modrm = 0;
    this.prefixOffset = -1;
    this.modrmOffset = -1;
    this.displacementOffset = -1;
    this.displacementSize = 0;
    this.immediateOffset = -1;
    this.immediateSize = 0;
    const length = decodeLegacy(this, bytes, start, end < start + MAX_LENGTH ? end : start + MAX_LENGTH);
    this.length = length;
    if (length === 0) this.kind = Kind.invalid;
    return length;
  }
}
