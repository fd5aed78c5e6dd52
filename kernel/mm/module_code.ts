/**
 * Code that comes from a file: when a dynamic linker maps a library's text, the pages of the rewritten module appear
 * there, with its trampolines behind the image where there is room for them.
 *
 * A dynamic linker first maps the whole library readable, to have room in one piece, and then its parts over it. So a
 * first mapping stays without memory until it is touched, and gets it from the module together with the text.
 */
import { type ElfImage, type ElfSource, LoadError, readElf } from "../../loader/elf/mod.ts";
import { ELFMAG } from "../abi/elf.ts";
import type { Module } from "../exec/module.ts";
import { likelyRoom } from "../exec/rewrite_image.ts";
import { identify } from "../exec/module_cache.ts";
import { ENOMEM, Errno } from "../abi/errno.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { PROT_EXEC, PROT_READ, PROT_WRITE, type Range } from "../host.ts";
import type { AddressSpace } from "./address_space.ts";
import { TRAMPOLINES, type Vma } from "./vma.ts";

/** The most that a jump with a 32-bit distance may have to bridge, with room to spare. */
const REACH = 0x7000_0000;

/** Maps the trampolines of a module that is at `bias`; undefined when it has none. */
export function placeTrampolines(mm: AddressSpace, module: Module, bias: number): Range | undefined | Errno {
  const start = module.room.start + bias, end = module.room.end + bias;
  if (start === end) return undefined;
  const prot = PROT_READ | PROT_EXEC;
  const relocated = bias !== 0 && module.segments.some(({ rewritten }) => rewritten.relocations.length > 0);
  if (!relocated) {
    const source = {
      pages: module.pages,
      offset: module.offsetOf(module.room.start),
      size: end - start,
      shared: true,
    };
    return mm.mapPages({ start, end, prot, name: TRAMPOLINES }, source) ?? { start, end };
  }
  const failure = mm.map({ start, end, prot: PROT_READ | PROT_WRITE, name: TRAMPOLINES });
  if (failure !== undefined) return failure;
  for (const { rewritten, room } of module.segments) {
    mm.write(room.start + bias, rewritten.trampolinesFor(bias));
  }
  mm.relabel(start, end, prot, TRAMPOLINES);
  return { start, end };
}

/**
 * Where the first mapping of a library by a dynamic linker goes, which wants room for trampolines behind it. undefined:
 * it is another mapping, or there is no such room.
 */
export function placeLibrary(
  mm: AddressSpace,
  file: OpenFile,
  offset: number,
  size: number,
): number | undefined {
  if (offset !== 0) return undefined;
  const found = identify(file);
  if (found === undefined) return undefined;
  const image = mm.modules.imageOf(found.identity) ?? readIfElf(found.source);
  if (image === undefined || image instanceof LoadError || image.type !== "dyn") return undefined;
  const text = image.segments.filter(({ prot }) => (prot & PROT_EXEC) !== 0);
  if (text.length === 0 || text.some((s) => s.mapAddress + s.mapSize > size)) return undefined;
  const whole = image.highest - image.lowest + likelyRoom(image);
  const own = mm.modules.places(mm.layout).library(found.identity, whole);
  return own !== undefined && mm.places.isFree(own, own + whole) ? own : mm.places.findRoomy(whole);
}

/** Most files that are mapped are none: what they are instead nobody wants to know. */
function readIfElf(source: ElfSource): ElfImage | LoadError | undefined {
  const magic = source.read(0, ELFMAG.length);
  return ELFMAG.every((byte, i) => magic[i] === byte) ? readElf(source, "any") : undefined;
}

/**
 * Puts a module's text under the area [start, end) that has just been mapped executable from a file, still without
 * memory. What is left of it is swept when it is executed.
 */
export function mapFileCode(mm: AddressSpace, area: Vma): Errno | undefined {
  const { file } = area;
  if (file === undefined) return undefined;
  const found = mm.modules.open(file.file);
  if (found === undefined || found instanceof Errno) return found;
  if (found.image.bits !== mm.abi.bits) return undefined;
  for (const { segment } of found.segments) {
    const bias = area.start - file.offset + segment.mapOffset - segment.mapAddress;
    const start = Math.max(area.start, segment.mapAddress + bias);
    const end = Math.min(area.end, segment.mapAddress + segment.mapSize + bias);
    if (start >= end) continue;
    const placed = reachable(mm, found, file.file, bias);
    if (placed instanceof Errno) return placed;
    const { module, room } = placed;
    const failure = showPages(mm, module, area, start, end, bias);
    if (failure !== undefined) return failure;
    const { rewritten } = module.textAt(segment.mapOffset)!;
    mm.code.add({ start, end, rewritten, bias, room });
    mm.enforce(start, end);
  }
  return undefined;
}

/** The module with its trampolines at its bias: behind the image, or else at the nearest place that is free. */
function reachable(
  mm: AddressSpace,
  module: Module,
  file: OpenFile,
  bias: number,
): { module: Module; room: Range | undefined } | Errno {
  const { room, image } = module;
  const start = room.start + bias, end = room.end + bias;
  const there = mm.code.roomAt(start, end, module.segments.map(({ rewritten }) => rewritten));
  if (there !== undefined) return { module, room: there };
  let chosen: Module | Errno | undefined = module;
  if (!mm.places.isFree(start, end)) {
    const near = mm.places.findNear(image.lowest + bias, image.highest + bias, end - start, REACH);
    if (near === undefined) return ENOMEM;
    chosen = mm.modules.open(file, near - bias);
    if (chosen === undefined || chosen instanceof Errno) return chosen ?? ENOMEM;
  }
  const placed = placeTrampolines(mm, chosen, bias);
  return placed instanceof Errno ? placed : { module: chosen, room: placed };
}

/** Shows the module's pages in [start, end) and in all that the file's first mapping left without memory around it. */
function showPages(
  mm: AddressSpace,
  module: Module,
  area: Vma,
  start: number,
  end: number,
  bias: number,
): Errno | undefined {
  const { segment } = module.segments.find(({ segment: s }) =>
    s.mapAddress + bias < end && start < s.mapAddress + s.mapSize + bias
  )!;
  const pristine = module.pristineAround(segment);
  const isWaiting = (other: Vma | undefined) =>
    other !== undefined && other.backing === undefined && other.file?.file === area.file!.file &&
    other.file.offset - other.start === area.file!.offset - area.start;
  let from = start, to = end;
  for (let before = mm.vmas.find(from - 1); isWaiting(before); before = mm.vmas.find(from - 1)) {
    const next = Math.max(before!.start, pristine.start + bias);
    if (next >= from) break;
    from = next;
  }
  for (let behind = mm.vmas.find(to); isWaiting(behind); behind = mm.vmas.find(to)) {
    const next = Math.min(behind!.end, pristine.end + bias);
    if (next <= to) break;
    to = next;
  }
  const source = { pages: module.pages, offset: module.offsetOf(from - bias), size: to - from, shared: true };
  return mm.share(from, to, source);
}
