/**
 * The sweep: decodes a region once, finds the sites and what the tactics must know about control flow.
 *
 * Function ranges from .eh_frame are decoded exactly from their starts; what lies between them is decoded
 * linearly, unless it is data (see gaps.ts). Behind an invalid instruction decoding goes on at the next byte.
 */
import { Decoder, Segment } from "./decoder.ts";
import { addRange, layOut, looksLikeCode, runEnd } from "./gaps.ts";
import { FunctionTable } from "./function_table.ts";
import { Kind } from "./instruction_kind.ts";
import { Numbers } from "./numbers.ts";
import type { CodeRegion } from "./region.ts";
import { RangeSweeper } from "./range_sweeper.ts";
import type { Loop } from "./sweep_loop/instance.ts";
import { SweepMemory } from "./sweep_loop/memory.ts";

/** Why an instruction must not run as it is. */
export const SiteKind = {
  syscall: 0,
  int80: 1,
  sysenter: 2,
  /** A memory operand in the guest's TLS segment: %fs on x86-64, %gs on i386. */
  tls: 3,
  /** Reads or writes the selector in %fs or %gs. */
  segmentRegister: 4,
  /** rdfsbase and kin, swapgs. */
  segmentBase: 5,
  /** A memory operand in the segment that is the host's: %gs on x86-64, %fs on i386. A guest's bug: SIGSEGV. */
  hostSegment: 6,
} as const;
export type SiteKind = typeof SiteKind[keyof typeof SiteKind];
export const NOT_A_SITE = -1;

/** Flags of a code byte. */
export const Flag = {
  /** An instruction starts here. */
  start: 1,
  /** Control may arrive here other than from the instruction before: never the interior of a displaced group. */
  entry: 2,
  /** The instruction that starts here is a site. */
  site: 4,
  /** Not the first byte of a jump that was written: nothing may continue here. */
  covered: 8,
  /** Belongs to a function about whose flow too little is known: no displacement. */
  opaque: 16,
  /** Control never comes from the instruction before: it jumps, returns or faults. */
  unfollowed: 32,
  /** A direct branch or call of swept code leads here: no guess, as other entries may be. */
  target: 64,
} as const;

/** All positions are offsets into the region's bytes, unless named otherwise. */
export class Sweep {
  readonly memory: SweepMemory;
  readonly flags: Uint8Array;
  readonly sites = new Numbers();
  readonly siteKinds = new Numbers();
  readonly siteLengths = new Numbers();
  /** Jumps through a register or memory. */
  readonly indirectJumps = new Numbers();
  #loop: Loop | undefined;
  /** i386: what `call thunk; add $imm,%reg` computes, as offsets: the GOT, or a table; with how often. */
  readonly pcRelative = new Map<number, number>();
  /** i386: displacements that may be a table's or a label's offset from the GOT. */
  readonly gotOffsets = new Numbers();
  instructions = 0;
  /** What was decoded but for padding, each range from its start: [start, end, start, end, ...]. */
  readonly swept: Numbers[] = [];

  constructor(region: CodeRegion, readonly functions: FunctionTable, rangeNumbers: number) {
    this.memory = new SweepMemory(region, rangeNumbers, functions.length);
    this.flags = this.memory.flags;
  }

  /** Knows every lea x(%rip). Set by the sweep. */
  get loop(): Loop {
    if (this.#loop === undefined) throw new TypeError("Cannot ask about code that was not swept");
    return this.#loop;
  }
  set loop(loop: Loop) {
    this.#loop = loop;
  }

  addSite(at: number, length: number, kind: number): void {
    this.flags[at]! |= Flag.site;
    this.sites.push(at);
    this.siteLengths.push(length);
    this.siteKinds.push(kind);
  }

  /** Sorts the sites, which code among data leaves out of order. */
  sort(): void {
    const { sites, siteKinds, siteLengths } = this, count = sites.length;
    let sorted = true;
    for (let i = 1; i < count && sorted; i++) sorted = sites.values[i]! >= sites.values[i - 1]!;
    if (sorted) return;
    // Both numbers in one: offsets have 31 bits, and there is a site in two bytes at most.
    const order = new Float64Array(count);
    for (let i = 0; i < count; i++) order[i] = sites.values[i]! * MAX_SITES + i;
    order.sort();
    for (const column of [sites, siteKinds, siteLengths]) {
      const old = column.values.slice(0, count);
      for (let i = 0; i < count; i++) column.values[i] = old[order[i]! % MAX_SITES]!;
    }
  }
}

const MAX_SITES = 2 ** 22;

export function sweep(region: CodeRegion): Sweep {
  const table = new FunctionTable(region), { functions, gaps } = layOut(region, table);
  const out = new Sweep(region, table, functions.length + gaps.length),
    decoder = new Decoder(region.mode);
  const sweeper = new RangeSweeper(region, decoder, out);
  if (functions.length === 0) sweeper.sweep(gaps);
  else {
    const unclear = sweeper.dropPadding(gaps), code = new Numbers(), data = new Numbers();
    for (let i = 0; i < unclear.length; i += 2) {
      const start = unclear.values[i]!, end = unclear.values[i + 1]!;
      addRange(looksLikeCode(region.bytes, decoder, start, end) ? code : data, start, end);
    }
    sweeper.sweep(merged(functions, code));
    for (let i = 0; i < data.length; i += 2) {
      sweepReachable(region, decoder, out, sweeper, data.values[i]!, data.values[i + 1]!);
    }
    out.sort();
  }
  if (region.pointers === undefined) {
    for (const range of region.data ?? []) sweeper.scanWords(range);
  }
  return out;
}

/** The ranges of both in their order, so that what is found in them is in order, too. */
function merged(a: Numbers, b: Numbers): Numbers {
  if (b.length === 0) return a;
  const all = new Numbers();
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const first = j >= b.length || i < a.length && a.values[i]! < b.values[j]!;
    if (first) addRange(all, a.values[i++]!, a.values[i++]!);
    else addRange(all, b.values[j++]!, b.values[j++]!);
  }
  return all;
}

/** Sweeps a gap that holds data only where something swept before leads. */
function sweepReachable(
  { bytes }: CodeRegion,
  decoder: Decoder,
  { flags }: Sweep,
  sweeper: RangeSweeper,
  start: number,
  end: number,
): void {
  for (let again = true; again;) {
    again = false;
    for (let at = start; at < end; at++) {
      if ((flags[at]! & (Flag.entry | Flag.start)) !== Flag.entry) continue;
      const stop = runEnd(bytes, decoder, flags, at, end);
      if (stop < 0) continue;
      const range = new Numbers();
      addRange(range, at, stop);
      sweeper.sweep(range);
      again = true;
    }
  }
}

/** The SiteKind of the instruction just decoded, or NOT_A_SITE. */
export function siteKind(decoder: Decoder): SiteKind | typeof NOT_A_SITE {
  switch (decoder.kind) {
    case Kind.syscall:
      return SiteKind.syscall;
    case Kind.int80:
      return SiteKind.int80;
    case Kind.sysenter:
      return SiteKind.sysenter;
    case Kind.selector:
      return SiteKind.segmentRegister;
    case Kind.segmentBase:
      return SiteKind.segmentBase;
    case Kind.addressOnly:
    case Kind.stop: // ud0 and ud1 have an operand, but do not get to read it
    case Kind.invalid:
      return NOT_A_SITE;
  }
  if (!decoder.hasMemory && decoder.kind !== Kind.implicitMemory) return NOT_A_SITE;
  if (decoder.segment === Segment.fs) return decoder.mode === 64 ? SiteKind.tls : SiteKind.hostSegment;
  if (decoder.segment === Segment.gs) return decoder.mode === 64 ? SiteKind.hostSegment : SiteKind.tls;
  return NOT_A_SITE;
}

export function read32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
}
