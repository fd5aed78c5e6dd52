/**
 * Mapping an ELF image: views of its module's pages, and private copies of what is writable. Linux:
 * fs/binfmt_elf.c.
 */
import type { ElfImage } from "../../loader/elf/mod.ts";
import { ENOMEM, Errno } from "../abi/errno.ts";
import { PAGE_SIZE, PROT_READ, PROT_WRITE } from "../host.ts";
import type { AddressSpace } from "../mm/address_space.ts";
import { placeTrampolines } from "../mm/module_code.ts";
import type { ModulePlaces } from "../mm/module_places.ts";
import type { Module } from "./module.ts";
import type { ImageFile } from "./program_file.ts";
import { protOf } from "./rewrite_image.ts";

export interface LoadedImage {
  /** Run-time address minus the file's. */
  readonly bias: number;
  readonly entry: number;
  /** AT_PHDR. */
  readonly programHeaders: number;
  /** First page after the image and its trampolines. */
  readonly end: number;
}

/** Maps a program where it wants to be, or where programs that do not mind begin. ENOMEM: there is no room. */
export function loadProgram(mm: AddressSpace, module: Module, file: ImageFile): LoadedImage | Errno {
  const { image } = module;
  const bases = image.type === "dyn" ? placesOf(mm).program(file.identity) : [image.lowest];
  let loaded: LoadedImage | Errno = ENOMEM;
  for (const base of bases) {
    loaded = placeImage(mm, module, aligned(base, image) - image.lowest, file.path);
    if (!(loaded instanceof Errno)) break;
  }
  return loaded;
}

/** Maps a dynamic linker among the libraries. */
export function loadInterpreter(mm: AddressSpace, module: Module, file: ImageFile): LoadedImage | Errno {
  const { image } = module;
  const { path } = file;
  if (image.type === "exec") return placeImage(mm, module, 0, path);
  const size = module.room.end - image.lowest + image.alignment;
  const own = placesOf(mm).library(file.identity, size);
  const base = own !== undefined && mm.places.isFree(own, own + size) ? own : mm.places.findRoomy(size);
  return base === undefined ? ENOMEM : placeImage(mm, module, aligned(base, image) - image.lowest, path);
}

function placesOf({ modules, layout }: AddressSpace): ModulePlaces {
  return modules.places(layout);
}

function aligned(base: number, { alignment, lowest }: ElfImage): number {
  return Math.ceil((base - lowest) / alignment) * alignment + lowest;
}

function placeImage(mm: AddressSpace, module: Module, bias: number, path: string): LoadedImage | Errno {
  const { image } = module;
  const failure = mapSegments(mm, module, bias, path) ?? placeTrampolines(mm, module, bias);
  if (failure instanceof Errno) {
    mm.unmap(image.lowest + bias, module.room.end + bias);
    return failure;
  }
  for (const { segment, rewritten } of module.segments) {
    const start = segment.mapAddress + bias, end = start + segment.mapSize;
    mm.code.add({ start, end, rewritten, bias, room: failure });
    mm.enforce(start, end);
  }
  return {
    bias,
    entry: image.entry + bias,
    programHeaders: image.programHeaders.address === 0 ? 0 : image.programHeaders.address + bias,
    end: module.room.end + bias,
  };
}

function mapSegments(mm: AddressSpace, module: Module, bias: number, path: string): Errno | undefined {
  const { image, pages } = module;
  // What programs write to first: in one piece, with the zeros behind it.
  for (const { start, end } of writableRuns(image)) {
    const failure = mm.map({ start: start + bias, end: end + bias, prot: PROT_READ | PROT_WRITE });
    if (failure !== undefined) return failure;
  }
  for (const { segment } of module.segments) {
    const { start, end } = module.pristineAround(segment);
    if (mm.vmas.covers(start + bias, end + bias)) continue;
    const source = { pages, offset: module.offsetOf(start), size: end - start, shared: true };
    const failure = mm.mapPages(
      { start: start + bias, end: end + bias, prot: PROT_READ, name: path },
      source,
    );
    if (failure !== undefined) return failure;
  }
  for (const segment of image.segments) {
    const { mapAddress, mapSize, mapOffset, bssStart, bssSize, bssProt } = segment;
    const failure = place(mapAddress, mapAddress + mapSize, protOf(image, segment), path, mapOffset) ??
      place(bssStart, bssStart + bssSize, bssProt, "");
    if (failure !== undefined) return failure;
  }
  return undefined;

  /** Gives pages their protection, and those that are not shared their contents. */
  function place(
    start: number,
    end: number,
    prot: number,
    name: string,
    nameOffset?: number,
  ): Errno | undefined {
    if (end <= start) return undefined;
    const from = start + bias, to = end + bias;
    if (!mm.vmas.covers(from, to)) {
      const failure = mm.map({ start: from, end: to, prot: PROT_READ | PROT_WRITE });
      if (failure !== undefined) return failure;
    }
    if (name !== "") {
      for (const area of mm.vmas.overlapping(from, to)) {
        if (area.backing?.shared) continue;
        const first = Math.max(from, area.start), last = Math.min(to, area.end);
        mm.write(first, module.bytes(first - bias, last - bias));
      }
    }
    mm.relabel(from, to, prot, name, nameOffset);
    return undefined;
  }
}

/** Pages of writable segments, joined where they touch. */
function writableRuns(image: ElfImage): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (const s of image.segments.toSorted((a, b) => a.mapAddress - b.mapAddress)) {
    if ((s.prot & PROT_WRITE) === 0 || s.memorySize === 0) continue;
    const start = s.mapAddress, end = Math.max(s.bssStart + s.bssSize, start + PAGE_SIZE);
    const last = runs.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else runs.push({ start, end });
  }
  return runs;
}
