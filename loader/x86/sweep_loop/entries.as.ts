/// <reference path="./assembly.d.ts" />
/**
 * The part of entries.ts that looks at every `lea`: tables of differences, and labels that a computed jump may lead to.
 * It is AssemblyScript for the reason that loop.as.ts gives.
 */
import { CODE, ENTRY, EVENTS, flagsAt, leasAt, leasEnd, mark, OPAQUE, size, START } from "./loop.as.ts";

/** Longer runs of plausible entries are not tables; as in entries.ts. */
const MAX_TABLE: i32 = 8192;
/**
 * Where no functions are known: a label is taken for a jump to be computed if its address is taken this near, and as
 * much code around it is opaque, each way. (Go takes labels of other functions, to return to them.)
 */
const OPAQUE_WINDOW: i32 = 2048;

/** The functions: `count` starts and as many ends, and a byte for each and one more. */
let startsAt: i32 = 0, endsAt: i32 = 0, count: i32 = 0, jumpingAt: i32 = 0;

/** Offsets, as f64, from `functions` on; behind them the bytes, which are zero. */
export function setFunctions(functions: i32, length: i32): void {
  startsAt = functions;
  count = length;
  endsAt = functions + (length << 3);
  jumpingAt = endsAt + (length << 3);
}

/** A function is entered at its start. */
export function markStarts(): void {
  for (let i: i32 = 0; i < count; i++) {
    const start: f64 = load<f64>(startsAt + (i << 3));
    if (start >= 0 && start < <f64> size) mark(<i32> start, ENTRY);
  }
}

/** Marks what the tables in `length` bytes at `data`, which are at offset `from`, lead to. */
export function markTables(data: i32, length: i32, from: f64): void {
  const last: f64 = <f64> (length - 4);
  for (let p = leasAt; p < leasEnd; p += 8) {
    const table: i32 = load<i32>(p + 4), at: f64 = <f64> table - from;
    if (at >= 0 && at <= last) markTable(data, <i32> at, length - 3, table);
  }
}

function markTable(data: i32, start: i32, end: i32, base: i32): void {
  if (end - start > 4 * MAX_TABLE) end = start + 4 * MAX_TABLE;
  for (let at = start; at < end; at += 4) {
    const target: f64 = <f64> base + <f64> load<i32>(data + at);
    if (!(target >= 0 && target < <f64> size)) return;
    const flag = flagsAt + <i32> target, found: i32 = load<u8>(flag);
    if ((found & START) == 0) return;
    store<u8>(flag, found | ENTRY);
  }
}

/** The index of the function that holds an offset, or -1. */
function indexAt(offset: f64): i32 {
  let low: i32 = 0, high: i32 = count;
  while (low < high) {
    const middle = low + high >> 1;
    if (load<f64>(startsAt + (middle << 3)) <= offset) low = middle + 1;
    else high = middle;
  }
  return low > 0 && offset < load<f64>(endsAt + (low - 1 << 3)) ? low - 1 : -1;
}

/** `count` stands for what lies outside of all functions. */
function functionAt(offset: i32): i32 {
  const index = indexAt(<f64> offset);
  return index < 0 ? count : index;
}

/** At EVENTS stand offsets of indirect jumps. */
export function noteJumps(bytes: i32): void {
  for (let p = EVENTS; p < EVENTS + bytes; p += 4) store<u8>(jumpingAt + functionAt(load<i32>(p)), 1);
}

function markOpaque(start: f64, end: f64): void {
  const from: i32 = start > 0 ? <i32> start : 0, to: i32 = end < <f64> size ? <i32> end : size;
  for (let at = from; at < to; at++) store<u8>(flagsAt + at, load<u8>(flagsAt + at) | OPAQUE);
}

/** Functions that take the address of their own interior and jump indirectly. */
export function markComputed(): void {
  let opaqueFrom: i32 = 0, opaqueTo: i32 = 0;
  for (let p = leasAt; p < leasEnd; p += 8) {
    const source: i32 = load<i32>(p), offset: i32 = load<i32>(p + 4);
    if (<u32> offset >= <u32> size) continue;
    const index = functionAt(offset);
    if (index < count) {
      const start: f64 = load<f64>(startsAt + (index << 3));
      if (<f64> offset == start) continue;
      if (load<u8>(jumpingAt + index) == 0 && load<u8>(jumpingAt + functionAt(source)) == 0) continue;
      markOpaque(start, load<f64>(endsAt + (index << 3)));
    } else {
      const distance = offset - source;
      if (distance >= OPAQUE_WINDOW || distance <= -OPAQUE_WINDOW || followsEnd(offset)) continue;
      // Most windows overlap with the one before.
      const from = offset - OPAQUE_WINDOW, to = offset + OPAQUE_WINDOW;
      markOpaque(<f64> (from < opaqueTo && opaqueTo < to && opaqueFrom <= from ? opaqueTo : from), <f64> to);
      opaqueFrom = from;
      opaqueTo = to;
    }
  }
}

/** Whether the byte before can be the end of another function: padding, ret, int3, hlt or ud2. */
function followsEnd(offset: i32): boolean {
  if ((offset & 15) == 0) return true;
  const byte: i32 = load<u8>(CODE + offset - 1);
  return byte == 0x00 || byte == 0x90 || byte == 0xc3 || byte == 0xcc || byte == 0xf4 || byte == 0x0b;
}
