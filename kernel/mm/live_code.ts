/**
 * Code that appears while a program runs: written by the guest, or mapped from what is no library. Nothing may execute
 * before its sites are patched, so memory is never writable and executable at once to the processor, and what the guest
 * may execute is not executable before the first jump into it: then the pages around are swept ("sealed"). The next
 * write puts the guest's own bytes back and makes them writable again.
 */
import { codeRuns, Decoder, Functions, rewrite } from "../../loader/x86/mod.ts";
import { PAGE_SIZE, PROT_EXEC, PROT_READ, PROT_WRITE, type Range } from "../host.ts";
import type { AddressSpace } from "./address_space.ts";
import { TRAMPOLINES, type Vma } from "./vma.ts";

/** Pages around a jump that are swept together, at most: a run that is aligned so. */
const WINDOW = 0x1_0000;
/** Pages by which a window grows, at most, so that no instruction lies across its borders; data has none to lie so. */
const MAX_GROWTH = 16;
/** How far before a page decoding starts, to be in step when it gets there. */
const LEAD = 128;
/** Far enough for a trampoline of each instruction to be reached, and from there all of the code. */
const REACH = 0x7000_0000;

/**
 * Sweeps the pages around `address`, which the guest may execute and wanted to, at the instruction at `entry`. False
 * when they were swept already.
 */
export function sealCode(mm: AddressSpace, address: number, entry: number): boolean {
  const page = address - address % PAGE_SIZE;
  if (mm.code.overlapping(page, page + PAGE_SIZE).length > 0) return false;
  const around = executableAround(mm, page);
  const { start, end } = whole(mm, around, windowAround(mm, around, page), entry);
  const { bits } = mm.abi, { engine } = mm.modules;
  const gate = engine.rewriteTarget(bits, 0, false).gateBytes.length;
  // A trampoline is shorter than this many times its instruction.
  const size = (end - start) * 8 + PAGE_SIZE;
  const near = bits === 64 ? mm.places.findNear(start, end, size, REACH) : mm.places.findRoomy(size);
  if (mm.own(start, end) !== undefined) return false;
  const original = contentsOf(mm, start, end), bytes = original.slice();
  const target = near === undefined
    ? { trampolines: end, gateBytes: new Uint8Array(0), tls: undefined }
    : engine.rewriteTarget(bits, near, false);
  const functions = Functions.of(codeRuns(bits, start, original, [entry]));
  const region = { mode: bits, address: start, bytes, original, functions, anyEntry: true };
  const rewritten = rewrite(region, target);
  const used = Math.ceil(rewritten.trampolineBytes.length / PAGE_SIZE) * PAGE_SIZE;
  let room: Range | undefined;
  if (near !== undefined && rewritten.trampolineBytes.length > gate) {
    room = { start: near, end: near + used };
    const failure = mm.map({ ...room, prot: PROT_READ | PROT_WRITE, name: TRAMPOLINES });
    if (failure !== undefined) return false;
    mm.write(near, rewritten.trampolineBytes);
    mm.relabel(room.start, room.end, PROT_READ | PROT_EXEC, TRAMPOLINES);
  }
  mm.write(start, bytes);
  mm.code.add({ start, end, rewritten, bias: 0, room });
  mm.enforce(start, end);
  return true;
}

/** The memory around `page` that may be executed and lies in one piece, as far as a window can grow. */
function executableAround(mm: AddressSpace, page: number): Range {
  let start = page, end = page + PAGE_SIZE;
  const isCode = (area: Vma | undefined): area is Vma =>
    area?.backing !== undefined && (area.prot & PROT_EXEC) !== 0 && area.name !== TRAMPOLINES;
  const limit = WINDOW + MAX_GROWTH * PAGE_SIZE;
  for (let area = mm.vmas.find(start); isCode(area) && start > page - limit;) {
    start = area.start;
    area = mm.vmas.find(start - 1);
  }
  for (let area = mm.vmas.find(page); isCode(area) && end < page + limit;) {
    end = area.end;
    area = mm.vmas.find(end);
  }
  return { start: Math.max(start, page - limit), end: Math.min(end, page + limit) };
}

/** The aligned run of pages around `page` that are executable and not swept. */
function windowAround(mm: AddressSpace, around: Range, page: number): Range {
  const size = mm.code.isApart(page) ? PAGE_SIZE : WINDOW, origin = page - page % size;
  let start = Math.max(around.start, origin), end = Math.min(around.end, origin + size);
  for (const code of mm.code.overlapping(start, end)) {
    if (code.end <= page) start = Math.max(start, code.end);
    else end = Math.min(end, code.start);
  }
  return { start, end };
}

/**
 * The window, with as many pages more that no instruction lies across its borders. A page that is kept apart grows into
 * swept pages only: one that is not will fault when the instruction gets there, and be swept together with this one.
 */
function whole(mm: AddressSpace, around: Range, { start, end }: Range, entry: number): Range {
  const alone = end - start === PAGE_SIZE && mm.code.isApart(start);
  const mayTake = (page: number) => !alone || mm.code.overlapping(page, page + PAGE_SIZE).length > 0;
  for (let grown = 0; grown < MAX_GROWTH; grown++) {
    const from = Math.max(around.start, start - LEAD), to = Math.min(around.end, end + PAGE_SIZE);
    const bytes = contentsOf(mm, from, to);
    const runs = codeRuns(mm.abi.bits, from, bytes, [entry]);
    const crosses = (border: number) => liesAcross(mm, runs, from, bytes, border);
    if (start > around.start && mayTake(start - PAGE_SIZE) && crosses(start)) {
      start = include(mm, start - PAGE_SIZE).start;
    } else if (end < around.end && mayTake(end) && crosses(end)) end = include(mm, end).end;
    else break;
  }
  return { start, end };
}

/** Whether an instruction of the runs lies across a border. */
function liesAcross(
  { abi: { bits } }: AddressSpace,
  runs: readonly Range[],
  from: number,
  bytes: Uint8Array,
  border: number,
): boolean {
  const run = runs.find((r) => r.start < border && border < r.end);
  if (run === undefined) return false;
  const decoder = new Decoder(bits);
  let at = run.start;
  while (at < border) at += decoder.decode(bytes, at - from, run.end - from) || 1;
  return at > border;
}

/** The page, and all that was swept together with it, as the guest's own again. */
function include(mm: AddressSpace, page: number): Range {
  let start = page, end = page + PAGE_SIZE;
  for (const code of mm.code.overlapping(page, page + PAGE_SIZE)) {
    start = Math.min(start, code.start);
    end = Math.max(end, code.end);
    mm.openCode(code);
  }
  return { start, end };
}

/** The guest's own bytes of [start, end), which has memory. */
function contentsOf(mm: AddressSpace, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  for (const { backing, start: from, end: to } of mm.vmas.overlapping(start, end)) {
    const first = Math.max(start, from);
    bytes.set(backing!.view(first, Math.min(end, to)), first - start);
  }
  return mm.code.unpatch(start, bytes);
}
