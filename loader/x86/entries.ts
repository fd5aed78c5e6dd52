/**
 * Marks every place where control may arrive other than from the instruction before (Flag.entry), and the code
 * about which that cannot be said (Flag.opaque).
 *
 * The sweep has marked targets of direct branches, return addresses, addresses taken with lea, and immediates and
 * words of the data that look like code addresses. Any other way to an instruction is a pointer, and a pointer has to come from somewhere:
 * - an absolute one stands in the data, or is the addend of a relocation, which is data too (jump tables of non-PIC
 *   code, computed gotos, vtables); the relocations of position independent code name these words exactly;
 * - a table of 32-bit differences is reached through the address it counts from, which is an operand of a lea
 *   (x86-64) or an offset from the GOT (i386): what can be read there as such a table is taken to be one;
 * - a landing pad stands in its function's LSDA;
 * - an offset added to the address of a label in the function itself (hand-written unrolled loops): the function
 *   takes the address of its own interior and has an indirect jump, so it is opaque.
 * Marking too much costs speed only.
 */
import type { FunctionTable } from "./function_table.ts";
import type { Numbers } from "./numbers.ts";
import type { CodeRegion, DataRange } from "./region.ts";
import { Flag, read32, type Sweep } from "./sweep.ts";
import type { Loop } from "./sweep_loop/instance.ts";
import { CODE_AT, EVENTS_AT } from "./sweep_loop/layout.ts";
import type { SweepMemory } from "./sweep_loop/memory.ts";

/** Longer runs of plausible entries are not tables; as in entries.as.ts. */
const MAX_TABLE = 8192;

export function markEntries(region: CodeRegion, swept: Sweep): void {
  const { flags, functions, loop, memory } = swept;
  memory.functions.set(functions.starts);
  memory.functions.set(functions.ends, functions.length);
  loop.setFunctions(memory.functions.byteOffset, functions.length);
  loop.markStarts();
  if (loop.hasLostLeas() !== 0) markOpaque(flags, 0, flags.length);
  if (region.data === undefined) {
    if (region.anyEntry) markOpaque(flags, 0, flags.length);
    else markWithoutData(flags, swept.indirectJumps, functions);
    return;
  }
  for (const pointer of region.pointers ?? []) mark(flags, pointer - region.address);
  for (let i = 0; i < functions.length; i++) {
    if (!functions.hasPads(i)) continue;
    const pads = functions.landingPads(i, region);
    if (pads === undefined) markOpaque(flags, functions.starts[i]!, functions.ends[i]!);
    else for (const pad of pads) mark(flags, pad);
  }
  if (region.mode === 64) markRelativeTables(loop, region, memory);
  else {
    const places = [{ address: region.address, bytes: memory.code }, ...region.data];
    markGotTables(flags, places, region.address, swept);
  }
  markComputed(loop, swept);
}

function mark(flags: Uint8Array, offset: number): void {
  if (offset >= 0 && offset < flags.length) flags[offset]! |= Flag.entry;
}

/** x86-64: tables of differences from the table itself, each named by a lea. */
function markRelativeTables(
  loop: Loop,
  { address: origin, data = [] }: CodeRegion,
  memory: SweepMemory,
): void {
  loop.markTables(memory.code.byteOffset, memory.code.length, 0);
  for (const { address, bytes } of data) {
    memory.data.set(bytes);
    loop.markTables(memory.data.byteOffset, bytes.length, address - origin);
  }
}

/** Marks base + entry for each entry at `at` for as long as those are instructions. */
function markTable(flags: Uint8Array, bytes: Uint8Array, at: number, base: number): void {
  const end = Math.min(bytes.length - 3, at + 4 * MAX_TABLE);
  for (; at < end; at += 4) {
    const target = base + read32(bytes, at);
    if (!(target >= 0 && target < flags.length) || (flags[target]! & Flag.start) === 0) return;
    flags[target]! |= Flag.entry;
  }
}

/** i386: tables of differences from the GOT, and labels at such a difference. */
function markGotTables(
  flags: Uint8Array,
  places: readonly DataRange[],
  origin: number,
  { pcRelative, gotOffsets }: Sweep,
): void {
  // A module has one GOT; any other address computed so is that of a table, in hand-written code.
  const [likely] = [...pcRelative].sort((a, b) => b[1] - a[1]);
  if (likely === undefined) return;
  const got = likely[0];
  for (let i = 0; i < gotOffsets.length; i++) mark(flags, got + gotOffsets.values[i]!);
  for (const { address, bytes } of places) {
    const from = address - origin, last = bytes.length - 4;
    for (let i = 0; i < gotOffsets.length; i++) {
      const at = got + gotOffsets.values[i]! - from;
      if (at >= 0 && at <= last) markTable(flags, bytes, at, got);
    }
    for (const base of pcRelative.keys()) {
      mark(flags, base);
      if (base >= from && base - from <= last) markTable(flags, bytes, base - from, base);
    }
  }
}

function markOpaque(flags: Uint8Array, start: number, end: number): void {
  const from = Math.max(0, start), to = Math.min(flags.length, end);
  for (let at = from; at < to; at++) flags[at]! |= Flag.opaque;
}

/** Functions that take the address of their own interior and jump indirectly. */
function markComputed(loop: Loop, { memory: { memory }, indirectJumps: { values, length } }: Sweep): void {
  const room = new Int32Array(memory.buffer, EVENTS_AT, (CODE_AT - EVENTS_AT) / 4);
  for (let at = 0; at < length; at += room.length) {
    const part = values.subarray(at, Math.min(length, at + room.length));
    room.set(part);
    loop.noteJumps(part.byteLength);
  }
  loop.markComputed();
}

/** Without the data, only functions without indirect jumps and landing pads are known well enough. */
function markWithoutData(flags: Uint8Array, indirectJumps: Numbers, functions: FunctionTable): void {
  markOpaque(flags, 0, flags.length);
  for (let i = 0; i < functions.length; i++) {
    if (functions.hasPads(i)) continue;
    const from = Math.max(0, functions.starts[i]!), to = Math.min(flags.length, functions.ends[i]!);
    for (let at = from; at < to; at++) flags[at]! &= ~Flag.opaque;
  }
  for (let i = 0; i < indirectJumps.length; i++) {
    const index = functions.indexAt(indirectJumps.values[i]!);
    if (index >= 0) markOpaque(flags, functions.starts[index]!, functions.ends[index]!);
  }
}
