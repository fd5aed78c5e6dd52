/** MAP_SHARED: mappings that show a file's own pages (shared_pages.ts). */
import { Errno } from "../abi/errno.ts";
import type { OpenFile } from "../fs/open_file.ts";
import type { AddressSpace } from "./address_space.ts";
import type { MapRequest } from "./map_request.ts";
import { type FileRange, Vma } from "./vma.ts";

/**
 * Maps the pages that every mapping of the file shows, in the place of whatever was there. ENODEV: the file has none.
 */
export function mapShared(
  mm: AddressSpace,
  request: MapRequest & { readonly file: FileRange },
): Errno | undefined {
  const { start, end, file: { file, offset } } = request;
  const shared = file.sharedPages(mm.host);
  if (shared instanceof Errno) return shared;
  shared.retain(); // until the backings do
  try {
    const extents = shared.cover(file.store, offset, offset + end - start, file.writable);
    if (extents instanceof Errno) return extents;
    mm.unmap(start, end);
    mm.files.hold(file);
    mm.vmas.insert(new Vma({ ...request, shared: true, backing: undefined }));
    for (const { offset: first, end: last, pages } of extents) {
      const from = Math.max(start, start + first - offset), to = Math.min(end, start + last - offset);
      const within = offset + (from - start) - first;
      const failure = mm.share(from, to, { pages, offset: within, size: to - from, shared: true });
      if (failure === undefined) continue;
      mm.unmap(start, end);
      return failure;
    }
    return undefined;
  } finally {
    shared.release();
  }
}

/** Writes back what the guest has stored in shared pages of files (msync(2)). */
export function syncShared(mm: AddressSpace, start: number, end: number): 0 | Errno {
  const files = new Set<OpenFile>();
  for (const area of mm.vmas.overlapping(start, end)) {
    if (area.showsFile && area.file !== undefined) files.add(area.file.file);
  }
  for (const file of files) {
    const failure = file.syncPages();
    if (failure !== 0) return failure;
  }
  return 0;
}
