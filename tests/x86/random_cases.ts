/** For the differential test: random instructions with a TLS operand, between random neighbours. */
import { Decoder, Kind, type Mode } from "../../loader/x86/mod.ts";

/** Where the harness puts %rsp; see differential.c. */
export const STACK = 0x08800000 + 2048;
/** The address of the pointer through which a case ends. */
export const FINISH = 0x08900000;

/** Opcodes with ModRM, as [prefixes and opcode, immediate size, fixed ModRM.reg or -1]. `W` allows REX.W. */
type Template = readonly [code: readonly number[], immediate: number, reg: number];

function templates(mode: Mode): Template[] {
  const out: Template[] = [];
  const add = (code: number[], immediate = 0, reg = -1) => out.push([code, immediate, reg]);
  for (let op = 0; op < 0x40; op += 8) for (let form = 0; form < 4; form++) add([op + form]);
  for (let i = 0; i < 12; i++) add([0x8b]), add([0x89]); // what programs are made of
  for (const op of [0x84, 0x85, 0x86, 0x87, 0x88, 0x8a]) add([op]);
  for (let reg = 0; reg < 8; reg++) add([0x80], 1, reg), add([0x81], 4, reg), add([0x83], 1, reg);
  for (const reg of [0, 1, 2, 3, 4, 5, 7]) add([0xd3], 0, reg), add([0xc1], 1, reg), add([0xd0], 0, reg);
  for (const reg of [0, 2, 3, 4, 5]) add([0xf7], reg === 0 ? 4 : 0, reg), add([0xf6], reg === 0 ? 1 : 0, reg);
  add([0xc7], 4, 0), add([0xc6], 1, 0), add([0xfe], 0, 0), add([0xff], 0, 1), add([0x69], 4), add([0x6b], 1);
  add([0xff], 0, 6), add([0x8f], 0, 0), add([0xff], 0, 6);
  if (mode === 64) add([0x63]);
  for (
    const op of [0xb6, 0xb7, 0xbe, 0xbf, 0xaf, 0xa3, 0xab, 0xb0, 0xb1, 0xc0, 0xc1, 0x44, 0x4f, 0x95, 0xbc]
  ) {
    add([0x0f, op]);
  }
  add([0x0f, 0xba], 1, 5),
    add([0x0f, 0xa4], 1),
    add([0x0f, 0xa5]),
    add([0x0f, 0xc7], 0, 1),
    add([0x0f, 0x10]);
  add([0x0f, 0x11]), add([0xf3, 0x0f, 0x6f]), add([0xf3, 0x0f, 0x7e]), add([0xf2, 0x0f, 0x58]);
  add([0x66, 0x0f, 0x6e]), add([0x66, 0x0f, 0xd6]), add([0x66, 0x0f, 0x3a, 0x22], 1), add([0x0f, 0x38, 0xf0]);
  add([0xf0, 0x01]),
    add([0xf0, 0xff], 0, 0),
    add([0xf0, 0x0f, 0xb1]),
    add([0xf0, 0x0f, 0xc1]),
    add([0xf0, 0x83], 1, 1);
  return out;
}

export class CaseMaker {
  readonly #mode: Mode;
  readonly #next: () => number;
  readonly #templates: Template[];
  readonly #decoder: Decoder;
  readonly #specials: number;

  constructor(mode: Mode, next: () => number, avx: boolean, avx512: boolean) {
    this.#mode = mode;
    this.#next = next;
    this.#templates = templates(mode);
    this.#decoder = new Decoder(mode);
    this.#specials = avx512 ? 6 : avx ? 5 : 2;
  }

  #below(limit: number): number {
    return this.#next() % limit;
  }

  /** Register values that make small addresses, aligned for cmpxchg16b, but for the stack pointer. */
  registers(): number[] {
    const registers = Array.from({ length: this.#mode === 64 ? 16 : 8 }, () => this.#below(64) * 16);
    registers[4] = STACK;
    return registers;
  }

  /** The bytes of a case that starts with `registers`: neighbours, a TLS instruction, neighbours, the end. */
  make(registers: readonly number[]): number[] {
    const before = this.#neighbours(this.#below(3)), tls = this.#tls(registers);
    const after = this.#neighbours(this.#below(3));
    const end = [0xff, 0x24, 0x25, ...word(FINISH)];
    return [...before, ...tls, ...after, ...end];
  }

  /** Instructions that keep all registers which an address may use, and show whether flags survive. */
  #neighbours(count: number): number[] {
    const out: number[] = [];
    for (let i = 0; i < count; i++) {
      const wide = this.#mode === 64 && this.#below(2) === 0 ? [0x48] : [];
      switch (this.#below(8)) {
        case 0:
          out.push(0x90);
          break;
        case 1: // movl $imm,-8(%rsp)
          out.push(...wide, 0xc7, 0x44, 0x24, 0xf8, ...word(this.#next()));
          break;
        case 2: // cmp $imm,-16(%rsp)
          out.push(...wide, 0x83, 0x7c, 0x24, 0xf0, this.#below(256));
          break;
        case 3: // jcc over a nop
          out.push(0x70 | this.#below(16), 1, 0x90);
          break;
        case 4: // jrcxz over a nop
          out.push(0xe3, 1, 0x90);
          break;
        case 5:
          out.push(0xf5); // cmc
          break;
        case 6: // endbr
          out.push(0xf3, 0x0f, 0x1e, this.#mode === 64 ? 0xfa : 0xfb);
          break;
        case 7: // lea x(%rip),%r and a store of it
          if (this.#mode === 64) {
            out.push(0x50, 0x48, 0x8d, 0x05, ...word(64), 0x48, 0x89, 0x44, 0x24, 0xe0, 0x58);
          }
          break;
      }
    }
    return out;
  }

  #tls(registers: readonly number[]): number[] {
    const segment = this.#mode === 64 ? 0x64 : 0x65;
    for (;;) {
      const code = this.#below(12) === 0
        ? this.#special(segment, registers)
        : this.#general(segment, registers);
      if (code === undefined) continue;
      const bytes = Uint8Array.from(code);
      if (this.#decoder.decode(bytes, 0, bytes.length) !== bytes.length) continue;
      const kind = this.#decoder.kind;
      if (kind === Kind.other || kind === Kind.callIndirect || kind === Kind.jumpIndirect) return code;
    }
  }

  #general(segment: number, registers: readonly number[]): number[] | undefined {
    const [opcode, immediate, reg] = this.#templates[this.#below(this.#templates.length)]!;
    const prefixes = opcode.filter((_, i) => i === 0 && [0x66, 0xf0, 0xf2, 0xf3].includes(opcode[0]!));
    const rest = opcode.slice(prefixes.length);
    const small = this.#below(8) === 0 && prefixes.length === 0 && rest[0] !== 0xff && rest[0] !== 0x8f;
    const rex = this.#mode === 64 && this.#below(4) !== 0 ? 0x40 | this.#below(16) : 0;
    const operand = this.#operand(registers, rex, reg < 0 ? this.#below(8) : reg, 16);
    // The stack pointer must stay where the harness can see it.
    if (operand === undefined || (operand[0]! >> 3 & 7) === 4 && (rex & 4) === 0 && reg < 0) return undefined;
    const size = immediate === 4 && small && (rex & 8) === 0 ? 2 : immediate;
    const imm = Array.from({ length: size }, () => this.#below(256));
    return [...small ? [0x66] : [], segment, ...prefixes, ...rex ? [rex] : [], ...rest, ...operand, ...imm];
  }

  /** call, jmp, moffs, VEX and EVEX. */
  #special(segment: number, registers: readonly number[]): number[] | undefined {
    const rex = this.#mode === 64 ? 0x40 | this.#below(8) : 0x40;
    const which = this.#below(this.#specials);
    if (which === 0) { // call, to a landing place that returns
      const operand = this.#operand(registers, rex, 2, 16, 0x5000);
      return operand && [segment, ...this.#mode === 64 ? [rex] : [], 0xff, ...operand];
    }
    if (which === 1) {
      const displacement = word(this.#below(0x1000));
      const high = this.#mode === 64 ? [0, 0, 0, 0] : [];
      return [segment, 0xa0 | this.#below(4), ...displacement, ...high];
    }
    const reg = this.#below(8), vvvv = this.#below(8);
    const operand = this.#operand(registers, rex, reg, 16);
    if (operand === undefined) return undefined;
    const inverted = this.#mode === 64 ? (~rex & 7) << 5 : 0xe0;
    const third = (~vvvv & 15) << 3;
    if (which === 2) { // vaddps, two-byte VEX
      const plain = this.#operand(registers, 0x40, reg, 16);
      return plain && [segment, 0xc5, 0x80 | third, 0x58, ...plain];
    }
    if (which === 3) return reg === 4 ? undefined : [segment, 0xc4, inverted | 2, third, 0xf2, ...operand]; // andn
    if (which === 4) {
      return reg === 4 ? undefined : [segment, 0xc4, inverted | 2, third | 1, 0xf7, ...operand]; // shlx
    }
    // vpaddd xmm, EVEX, with a scaled displacement
    const p0 = (this.#mode === 64 ? inverted : 0xe0) | 0x11;
    return [segment, 0x62, p0, third | 0x05, 0x08, 0xfe, ...operand];
  }

  /** ModRM, SIB and displacement of an operand that lies in the TLS block whatever size it has. */
  #operand(
    registers: readonly number[],
    rex: number,
    reg: number,
    size: number,
    at = -1,
  ): number[] | undefined {
    const mod = at >= 0 ? 2 : this.#below(3), rm = this.#below(8);
    const out = [mod << 6 | reg << 3 | rm];
    let base = rm | (rex & 1) << 3, index = 4, scale = 0, none = mod === 0 && rm === 5;
    if (rm === 4) {
      const sib = this.#below(256);
      out.push(sib);
      base = sib & 7 | (rex & 1) << 3;
      index = sib >> 3 & 7 | (rex & 2) << 2;
      scale = sib >> 6;
      none = mod === 0 && (sib & 7) === 5;
    } else if (none && this.#mode === 64) return undefined; // %rip
    const wanted = at >= 0 ? at : this.#below(128) * size;
    const fixed = (none ? 0 : registers[base]!) + (index === 4 ? 0 : registers[index]! << scale);
    if (mod === 1) {
      if (base === 4 || index !== 4 && fixed > 0x7000) return undefined;
      out.push(this.#below(8) * 16);
    } else if (mod === 2 || none) out.push(...word(wanted - fixed));
    else if (base === 4) return undefined;
    return out;
  }
}

export function word(value: number): number[] {
  return [value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24];
}
