/**
 * Sweeps ranges of a region: the loop is WebAssembly (sweep_loop/loop.as.ts), which leaves the less common
 * instructions to the decoder here.
 */
import type { Decoder } from "./decoder.ts";
import { immediateWidths, operandLayouts } from "./fast_table.ts";
import { endsFlow } from "./flow.ts";
import { Kind } from "./instruction_kind.ts";
import { lockable } from "./opcode_table.ts";
import { Numbers } from "./numbers.ts";
import type { CodeRegion, DataRange } from "./region.ts";
import { Flag, read32, SiteKind, siteKind, type Sweep } from "./sweep.ts";
import { instantiate, type Loop } from "./sweep_loop/instance.ts";
import { VECTOR_KEYS_BASE64, VECTOR_RULES_BASE64 } from "./sweep_loop/loop_bytes.ts";
import {
  CODE_AT,
  EVENT_SIZE,
  EVENTS_AT,
  FAST_AT,
  FORMS_AT,
  LAYOUT_AT,
  LOCKABLE_AT,
  LoopEvent,
  PREFIXES_AT,
  VECTOR_AT,
  WIDTHS_AT,
} from "./sweep_loop/layout.ts";

/** The rules of vector_common.ts. */
function setVectorRules(table: Int32Array): void {
  const keys = new Uint16Array(Uint8Array.fromBase64(VECTOR_KEYS_BASE64).buffer);
  const rules = new Int32Array(Uint8Array.fromBase64(VECTOR_RULES_BASE64).buffer);
  for (let i = 0; i < keys.length; i++) table[keys[i]!] = rules[i]!;
}

export class RangeSweeper {
  readonly #code: Uint8Array;
  readonly #address: number;
  readonly #out: Sweep;
  readonly #decoder: Decoder;
  readonly #loop: Loop;
  readonly #events: Int32Array;

  constructor({ mode, address }: CodeRegion, decoder: Decoder, out: Sweep) {
    this.#address = address;
    this.#out = out;
    this.#decoder = decoder;
    const { memory, code, flags, leas } = out.memory;
    this.#code = code;
    this.#events = new Int32Array(memory.buffer, EVENTS_AT, (CODE_AT - EVENTS_AT) / 4);
    new Int32Array(memory.buffer, FAST_AT).set(decoder.fast);
    const table = new Uint8Array(memory.buffer);
    table.set(decoder.prefixes, PREFIXES_AT);
    table.set(decoder.forms, FORMS_AT);
    table.set(operandLayouts(), LAYOUT_AT);
    table.set(immediateWidths(mode), WIDTHS_AT);
    table.set(lockable, LOCKABLE_AT);
    setVectorRules(new Int32Array(memory.buffer, VECTOR_AT));
    this.#loop = out.loop = instantiate(memory, {
      decode: (at, end) => this.#decode(at, end),
      flush: () => this.#drain(),
    });
    this.#loop.setForms(out.memory.forms);
    this.#loop.prepare(code.length, flags.byteOffset, mode === 64, address, leas.start, leas.end);
  }

  /** Decodes ranges, [start, end, start, end, ...], and notes what is there. */
  sweep(ranges: Numbers): void {
    this.#out.instructions += this.#loop.sweepRanges(this.#place(ranges), ranges.length / 2);
    this.#drain();
    this.#out.swept.push(ranges);
  }

  /** Those of the ranges that are more than padding. */
  dropPadding(ranges: Numbers): Numbers {
    const kept = new Numbers(), count = this.#loop.dropPadding(this.#place(ranges), ranges.length / 2);
    kept.values = this.#out.memory.ranges.slice(0, count * 2);
    kept.length = count * 2;
    return kept;
  }

  #place({ values, length }: Numbers): number {
    const room = this.#out.memory.ranges;
    room.set(values.subarray(0, length));
    return room.byteOffset;
  }

  /** Marks what the aligned words of other bytes point to in the code. */
  scanWords({ address, bytes }: DataRange): void {
    const word = this.#decoder.mode / 8,
      room = new Uint8Array(this.#events.buffer, EVENTS_AT, CODE_AT - EVENTS_AT);
    for (let at = (word - address % word) % word; at < bytes.length; at += room.length) {
      const part = bytes.subarray(at, at + room.length);
      room.set(part);
      this.#loop.scanWords(part.length);
    }
  }

  /** Takes over what the loop has noted. */
  #drain(): void {
    const events = this.#events, out = this.#out, end = (this.#loop.eventsEnd() - EVENTS_AT) >> 2;
    if (end === 0) return;
    for (let i = 0; i < end; i += EVENT_SIZE / 4) {
      const at = events[i + 1]!, value = events[i + 2]!;
      switch (events[i]) {
        case LoopEvent.site:
          out.addSite(at, value >> 8, this.#siteKind(value & 255));
          break;
        case LoopEvent.gotOffset:
          out.gotOffsets.push(value);
          break;
        case LoopEvent.indirectJump:
          out.indirectJumps.push(at);
          break;
        case LoopEvent.pcRelative:
          out.pcRelative.set(value, (out.pcRelative.get(value) ?? 0) + 1);
      }
    }
    this.#loop.reset();
  }

  #siteKind(byte: number): SiteKind {
    if (byte === 0x05) return SiteKind.syscall;
    if (byte === 0x80) return SiteKind.int80;
    return (byte === 0x64) === (this.#decoder.mode === 64) ? SiteKind.tls : SiteKind.hostSegment;
  }

  /** Does for an uncommon instruction what the loop does for the others; returns its length, 0 if there is none. */
  #decode(at: number, end: number): number {
    const decoder = this.#decoder, length = decoder.decode(this.#code, at, end);
    if (length === 0) return 0;
    const { kind } = decoder, { flags } = this.#out, size = flags.length, next = at + length;
    flags[at]! |= Flag.start;
    const site = siteKind(decoder);
    if (site >= 0) {
      this.#drain(); // the sites before
      this.#out.addSite(at, length, site);
    }
    if (kind === Kind.other) this.#noteConstants(at);
    else if (kind === Kind.addressOnly) {
      if (decoder.opcode === 0x8d && decoder.displacementSize === 4) {
        this.#loop.noteLea(at, next, decoder.modrm);
      }
    } else {
      if (kind === Kind.callIndirect || kind === Kind.far) {
        if (next < size) flags[next]! |= Flag.entry;
      } else if (kind === Kind.call) this.#loop.noteCall(decoder.target, next);
      else if (kind === Kind.jumpIndirect) this.#out.indirectJumps.push(at);
      if (isDirect(kind) && decoder.target >= 0 && decoder.target < size) {
        flags[decoder.target]! |= Flag.entry | Flag.target;
      }
      if (next < size && endsFlow(decoder)) flags[next]! |= Flag.unfollowed;
    }
    return length;
  }

  /** The constants of an instruction that may be code addresses or, in 32-bit code, offsets from the GOT. */
  #noteConstants(at: number): void {
    const { immediateSize, immediateOffset, mode, displacementSize, displacementOffset, modrm, modrmOffset } =
      this.#decoder;
    const code = this.#code, { flags, gotOffsets } = this.#out;
    if (immediateSize === 4 || immediateSize === 8) {
      const where = at + immediateOffset;
      let offset = (read32(code, where) >>> 0) - this.#address;
      if (immediateSize === 8) offset += (read32(code, where + 4) >>> 0) * 0x1_0000_0000;
      if (offset >= 0 && offset < flags.length) flags[offset]! |= Flag.entry;
    }
    if (mode === 32 && displacementSize === 4 && (modrm & 0xc7) === 0x84) {
      if (code[at + modrmOffset + 1]! >> 6 === 2) gotOffsets.push(read32(code, at + displacementOffset));
    }
  }
}

function isDirect(kind: Kind): boolean {
  return kind === Kind.call || kind === Kind.jump || kind === Kind.branch || kind === Kind.loop ||
    kind === Kind.transaction;
}
