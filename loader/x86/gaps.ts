/**
 * What lies between the functions of .eh_frame: padding, hand-written code without unwind information, and data.
 *
 * OpenSSL's libcrypto and its kin keep tables in .text (150 KiB of P-256 multiples); a linear sweep finds "sites"
 * there, and patching them corrupts the tables. Data gives itself away: one in seven of its "instructions" does not
 * exist, where in code without data none is (of 3.3 million in a Go program, one). So a gap with more than a few
 * impossible instructions is swept only from where branches, calls and lea lead, as long as what they lead to makes
 * sense up to its end. Regions without any function ranges are swept linearly: missing a system call is worse.
 */
import type { Decoder } from "./decoder.ts";
import { endsFlow, isStringPortIo } from "./flow.ts";
import type { FunctionTable } from "./function_table.ts";
import { Kind } from "./instruction_kind.ts";
import { Numbers } from "./numbers.ts";
import type { CodeRegion } from "./region.ts";

/** A gap is data when more than one in this many instructions is impossible. */
const PLAUSIBLE = 64;
/**
 * Of a gap of this size and more, as a program of Go is one, a part of each stretch is looked at: it is all decoded
 * again by the sweep, many times as fast.
 */
const LARGE = 0x10_0000;
const STRETCH = 0x2_0000, PART = 0x4000;
/** Flag.start, which sweep.ts defines. */
const START = 1;

/** The functions' offset ranges and the gaps between them, as [start, end, start, end, ...]. */
export function layOut(
  { bytes, address, executableRanges }: CodeRegion,
  { starts, ends, length }: FunctionTable,
): { readonly functions: Numbers; readonly gaps: Numbers } {
  const size = bytes.length, functions = new Numbers(), gaps = new Numbers();
  const parts = (executableRanges ?? [{ start: address, end: address + size }])
    .map(({ start, end }) => [Math.max(0, start - address), Math.min(size, end - address)] as const)
    .filter(([start, end]) => start < end).sort((a, b) => a[0] - b[0]);
  let index = 0;
  for (const [start, end] of parts) {
    let at = start;
    while (index < length && ends[index]! <= at) index++;
    for (; index < length && starts[index]! < end; index++) {
      const last = ends[index]!, following = index + 1 < length ? starts[index + 1]! : size;
      const stop = Math.min(last, following, end), from = Math.max(starts[index]!, at);
      addRange(gaps, at, from);
      addRange(functions, from, stop);
      at = Math.max(at, stop);
      if (last > end) break;
    }
    addRange(gaps, at, end);
  }
  return { functions, gaps };
}

export function addRange(to: Numbers, start: number, end: number): void {
  if (start >= end) return;
  to.push(start);
  to.push(end);
}

/** Whether [start, end) has about as few impossible instructions as code has. */
export function looksLikeCode(bytes: Uint8Array, decoder: Decoder, start: number, end: number): boolean {
  const [stretch, part] = end - start < LARGE ? [end - start, end - start] : [STRETCH, PART];
  let count = 0, impossible = 0;
  for (let from = start; from < end; from += stretch) {
    const stop = Math.min(end, from + part);
    for (let at = from; at < stop; count++) {
      const length = decoder.decode(bytes, at, end);
      if (isImpossible(decoder)) impossible++;
      at += length || 1;
    }
  }
  return impossible * PLAUSIBLE <= count;
}

/**
 * Where the run of instructions at `start` ends: behind one that ends the flow, or where decoded code begins.
 * -1 if it comes to something impossible or runs off the end.
 */
export function runEnd(
  bytes: Uint8Array,
  decoder: Decoder,
  flags: Uint8Array,
  start: number,
  end: number,
): number {
  for (let at = start; at < end;) {
    const length = decoder.decode(bytes, at, end);
    if (isImpossible(decoder)) return -1;
    at += length;
    if (endsFlow(decoder) || at < end && (flags[at]! & START) !== 0) return at;
  }
  return -1;
}

/** Invalid, or nothing that a user program of this mode executes: port I/O, far transfers, selectors, cli and sti. */
function isImpossible(decoder: Decoder): boolean {
  const { kind, map, opcode, mode } = decoder;
  if (kind === Kind.invalid || kind === Kind.far) return true;
  if (mode === 64 && kind === Kind.selector) return true;
  if (isStringPortIo(decoder)) return true;
  return map === 0 && ((opcode & 0xf4) === 0xe4 || opcode === 0xfa || opcode === 0xfb);
}
