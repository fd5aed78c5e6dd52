/** Which system calls a program's code names: those whose number is loaded right before the instruction. */
import type { Rewritten, Site } from "../../loader/x86/mod.ts";
import type { Bits } from "../host.ts";
import type { Support } from "../syscalls/table.ts";
import { i386 } from "../syscalls/table_i386.ts";
import { x86_64 } from "../syscalls/table_x86_64.ts";

export interface NamedCall {
  readonly number: number;
  readonly name: string;
  readonly support: Support;
  /** What is missing. */
  readonly note: string;
}

const MOV_EAX = 0xb8;
const MOV_LENGTH = 5;

/** By number, each once. A program may never make them, and may make others, with a number it computes. */
export function namedCalls(
  bits: Bits,
  codes: readonly { readonly rewritten: Rewritten }[],
): NamedCall[] {
  const found = new Map<string, NamedCall>();
  for (const { rewritten } of codes) {
    for (const site of sitesOf(rewritten)) {
      const table = tableOf(bits, site);
      const number = table && numberBefore(rewritten.original, site.address - rewritten.address);
      if (table === undefined || number === undefined) continue;
      const row = table.rows[number];
      if (row === undefined) continue; // no Linux has it: the bytes are something else
      const { name, support, note } = row;
      found.set(`${table.abi.name} ${number}`, { number, name, support, note });
    }
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

/** Every site, in ascending order. */
export function sitesOf(rewritten: Rewritten): Site[] {
  return Array.from(rewritten.sites.offsets, (offset) => rewritten.siteAt(rewritten.address + offset))
    .filter((site) => site !== undefined);
}

function tableOf(bits: Bits, { kind, original }: Site): typeof x86_64 | undefined {
  if (kind === "syscall") return bits === 64 ? x86_64 : i386;
  if (kind === "int80" || kind === "sysenter") return i386;
  const isVsyscall = bits === 32 && kind === "tls" && VSYSCALL.every((byte, i) => original[i] === byte);
  return isVsyscall ? i386 : undefined;
}

/** `call *%gs:0x10`: how i386 C libraries enter __kernel_vsyscall. */
const VSYSCALL = [0x65, 0xff, 0x15, 0x10, 0, 0, 0];

function numberBefore(code: Uint8Array, at: number): number | undefined {
  if (at < MOV_LENGTH || code[at - MOV_LENGTH] !== MOV_EAX) return undefined;
  return new DataView(code.buffer, code.byteOffset + at - MOV_LENGTH + 1, 4).getUint32(0, true);
}
