/** What mremap(2) does with areas: they go on, or move. */
import { ENOMEM, type Errno } from "../abi/errno.ts";
import { PROT_READ, PROT_WRITE } from "../host.ts";
import type { AddressSpace } from "./address_space.ts";
import type { MapRequest } from "./map_request.ts";
import { mapShared } from "./shared_mapping.ts";
import { LEAST_BY_GUEST } from "./backings.ts";
import { Vma } from "./vma.ts";

/** Goes on with the area that ends at `start`, up to `end`; the range is free. */
export function extendArea(mm: AddressSpace, start: number, end: number): Errno | undefined {
  const before = mm.vmas.find(start - 1);
  if (before === undefined) return ENOMEM;
  const { file } = before;
  const next = file && { ...file, offset: file.offset + before.size };
  const request = requestOf(before.with({ file: next }));
  if (before.showsFile && next !== undefined) {
    return mapShared(mm, { ...request, file: next, start, end });
  }
  return mm.map({ ...request, start, end });
}

/** Moves the areas of [from, from+size) to `to`, which is free. */
export function moveAreas(mm: AddressSpace, from: number, size: number, to: number): Errno | undefined {
  const opened = mm.open(from, from + size);
  if (opened !== undefined) return opened;
  const areas = mm.vmas.overlapping(from, from + size);
  // A range of one piece may be copied, and then cleaned, when the system call has ended.
  const byGuest = areas.length === 1 && size >= LEAST_BY_GUEST;
  for (const area of areas) {
    const part = area.slice(Math.max(from, area.start), Math.min(from + size, area.end));
    const start = part.start - from + to;
    const failure = movePart(mm, part, start, start + part.size, byGuest);
    if (failure !== undefined) return failure;
  }
  mm.unmap(from, from + size, byGuest);
  return undefined;
}

function movePart(
  mm: AddressSpace,
  part: Vma,
  start: number,
  end: number,
  byGuest: boolean,
): Errno | undefined {
  const { file, backing } = part;
  const request = { ...requestOf(part), start, end };
  if (part.showsFile && file !== undefined) return mapShared(mm, { ...request, file });
  if (backing === undefined) return mm.map({ ...request, untouched: true });
  const failure = mm.map({ start, end, prot: PROT_READ | PROT_WRITE });
  if (failure !== undefined) return failure;
  const copies = byGuest && mm.container.copyLater(part.start, start, part.size);
  if (!copies) mm.write(start, backing.view(part.start, part.end));
  mm.files.hold(file?.file);
  mm.insertParts(new Vma({ ...request, backing: undefined }));
  mm.enforce(start, end);
  return undefined;
}

function requestOf(area: Vma): Omit<MapRequest, "start" | "end"> {
  const { prot, file, name, shared } = area;
  return { prot, name, shared, ...(file && { file }) };
}
