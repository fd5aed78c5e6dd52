/**
 * The backings of an address space: it makes them where areas need memory, and gives them up when nobody does. Views
 * of modules that the space does not need yet or any more stay in the container, inaccessible: every module has its
 * own place (module_places.ts), so the program that wants one again, in this guest or the next, finds it there. So do
 * small views of files that are only read, which every child of a shell has from it; they do not count as users of the
 * file's pages.
 */
import { EEXIST, ENOMEM, Errno } from "../abi/errno.ts";
import { type Container, type Host, PROT_NONE } from "../host.ts";
import { Backing, BackingList, type PageSource } from "./backing.ts";
import { GRANULE, type MemoryLayout } from "./layout.ts";
import { Leftovers, releaseKept } from "./leftovers.ts";
import type { VmaList } from "./vma.ts";

/** New backings for small requests are this large, in one piece with what they are asked for. */
const BACKING_SIZE: Readonly<Record<32 | 64, number>> = { 32: 0x4_0000, 64: 0x10_0000 };
/** A heap's next piece is four times as large as what it has, from the size above up to this: each takes 2 ms under Wine. */
const MAX_HEAP_PIECE = 0x100_0000;
/** From this size on the guest's own processor, where it was used last, cleans or copies memory faster than ours. */
export const LEAST_BY_GUEST = 0x1_0000;
/** An empty backing up to this size is kept for the next request instead of being given back. */
const KEPT_BACKING_SIZE = 0x40_0000;
/** Nor is what lies so close to the heap's start: a heap that has shrunk is likely to grow again. */
const KEPT_HEAP_SIZE = 0x200_0000;
/** Bytes of memory, and views of modules, that a container keeps from one guest to the next. */
const LEFTOVERS_SIZE = 0x100_0000;
const KEPT_VIEWS = 64;
/** A view of a file up to this size is kept: it holds memory until it goes. */
const KEPT_FILE_VIEW_SIZE = 0x2_0000;

/** What of an address space its backings need. */
export interface BackedSpace {
  readonly vmas: VmaList;
  readonly layout: MemoryLayout;
  readonly container: Container;
  readonly program: string;
  /** Start and end of the heap. */
  readonly startBrk: number;
  readonly brk: number;
  /** Tells the processor of the protection of areas whose backing changed. */
  enforce(start: number, end: number): void;
}

export class Backings {
  readonly #host: Host;
  readonly #space: BackedSpace;
  readonly #list = new BackingList();
  /** Views of modules and files that are there, but not the guest's. */
  #kept: Backing[] = [];

  /** Takes over what the last guest left in the container. */
  constructor(host: Host, space: BackedSpace) {
    this.#host = host;
    this.#space = space;
    const { container, layout } = space;
    const { leftovers } = container;
    if (!(leftovers instanceof Leftovers)) return;
    container.leftovers = undefined;
    for (const backing of leftovers.memory) {
      if (layout.repeatable) this.#discard(backing);
      else this.#list.add(backing);
    }
    this.#kept = [...leftovers.views];
    if (layout.repeatable) this.#discardKept(this.#kept);
  }

  [Symbol.iterator](): Iterator<Backing> {
    return this.#list[Symbol.iterator]();
  }

  overlapping(start: number, end: number): Backing[] {
    return this.#list.overlapping(start, end);
  }

  /** Makes sure that there is memory below [start, end). ENOMEM. */
  back(start: number, end: number): Errno | undefined {
    let at = start;
    for (const backing of this.#list.overlapping(start, end)) {
      const failure = at < backing.start ? this.#fill(at, backing.start) : undefined;
      if (failure !== undefined) return failure;
      at = backing.end;
    }
    return at < end ? this.#fill(at, end) : undefined;
  }

  /** Maps pages of a section at `start`, over areas without memory or none at all. ENOMEM. */
  show(start: number, source: PageSource): Errno | undefined {
    const { pages, offset, size } = source;
    const failure = this.cut(start, start + size);
    if (failure !== undefined) return failure;
    const kept = this.#kept.find((b) =>
      b.start === start && b.pages === pages && b.offset === offset && b.size === size
    );
    if (kept !== undefined) {
      this.#kept.splice(this.#kept.indexOf(kept), 1);
      if (!kept.ofModule) pages.retain();
      this.#list.add(kept);
      return undefined;
    }
    const refused = this.#mapView(start, source);
    if (refused !== undefined) return refused;
    this.#list.add(new Backing(start, { pages: pages.retain(), offset, size, shared: true }));
    return undefined;
  }

  /** Takes backings away from [start, end); what they hold beside it stays. ENOMEM. */
  cut(start: number, end: number): Errno | undefined {
    for (const backing of this.#list.overlapping(start, end)) {
      this.#space.container.unmap(backing.start);
      this.#list.remove(backing);
      const failure = this.#keepPart(backing, backing.start, Math.min(start, backing.end)) ??
        this.#keepPart(backing, Math.max(end, backing.start), backing.end);
      if (failure !== undefined) return failure;
      backing.pages.release();
    }
    return undefined;
  }

  /**
   * Areas in [start, end) have gone: gives their backing up if it is empty and large, else cleans the pages; `byGuest`
   * when nothing touches them before the guest goes on.
   */
  release(backing: Backing, start: number, end: number, byGuest: boolean): void {
    const { vmas, container, startBrk } = this.#space;
    const empty = vmas.overlapping(backing.start, backing.end).length === 0;
    const isOfHeap = backing.start >= startBrk && backing.end <= startBrk + KEPT_HEAP_SIZE;
    if (empty && (backing.shared || backing.size > KEPT_BACKING_SIZE && !isOfHeap)) {
      this.#list.remove(backing);
      if (!this.#space.layout.repeatable && isWorthKeeping(backing)) this.#keep(backing);
      else this.#discard(backing);
      return;
    }
    const from = Math.max(start, backing.start);
    const to = Math.min(end, backing.end);
    if (backing.shared) {
      this.cut(from, to);
      return;
    }
    const isLarge = to - from >= LEAST_BY_GUEST;
    if (!byGuest || !isLarge || !container.zeroLater(from, to - from)) backing.view(from, to).fill(0);
    container.protect(from, to - from, PROT_NONE);
  }

  /** The guest is gone: leaves what the next one may want, of moderate size and without a byte of the guest's. */
  retire(): void {
    const { container, vmas } = this.#space;
    const memory: Backing[] = [];
    let size = 0;
    const isUnused = ({ start, end }: Backing) => vmas.overlapping(start, end).length === 0;
    // What this guest did not use is older.
    for (const backing of [...this.#list].sort((a, b) => Number(isUnused(a)) - Number(isUnused(b)))) {
      if (isWorthKeeping(backing)) {
        this.#keep(backing);
        continue;
      }
      if (!backing.isWhole || size + backing.size > LEFTOVERS_SIZE) {
        this.#discard(backing);
        continue;
      }
      size += backing.size;
      for (const area of vmas.overlapping(backing.start, backing.end)) {
        backing.view(Math.max(area.start, backing.start), Math.min(area.end, backing.end)).fill(0);
      }
      container.protect(backing.start, backing.size, PROT_NONE);
      memory.push(backing);
    }
    container.leftovers = new Leftovers(this.#space.program, memory, this.#kept);
  }

  /** The container has ended. */
  dispose(): void {
    for (const { pages } of this.#list) pages.release();
    releaseKept(this.#kept);
  }

  #keepPart(backing: Backing, start: number, end: number): Errno | undefined {
    const { vmas } = this.#space;
    if (start >= end || vmas.overlapping(start, end).length === 0) return undefined;
    const part = backing.part(start, end);
    const failure = this.#mapView(start, part);
    if (failure !== undefined) return failure;
    part.pages.retain();
    const rest = new Backing(start, part);
    this.#list.add(rest);
    for (const area of vmas.overlapping(start, end)) {
      if (area.backing !== backing) continue;
      const from = Math.max(start, area.start), to = Math.min(end, area.end);
      vmas.insert(area.slice(from, to).with({ backing: rest }));
    }
    this.#space.enforce(start, end);
    return undefined;
  }

  /**
   * Backs the gap [start, end). Where the place is ours to choose it takes more, so that the next request is free of
   * cost; where the host refuses that, just what was asked.
   */
  #fill(start: number, end: number): Errno | undefined {
    const { container, layout, brk } = this.#space;
    const wanted = Math.max(BACKING_SIZE[container.bits], end - start);
    const generous = end - Math.ceil(wanted / GRANULE) * GRANULE;
    // While a program is being loaded (brk is 0) it will have its other pages there.
    const above = brk !== 0 && end % GRANULE === 0 && end <= layout.mmapTop && start > brk;
    if (above && generous > brk && this.#list.overlapping(generous, start).length === 0) {
      if (this.#add(generous, end) === undefined) return undefined;
    }
    const ahead = this.#heapPieceEnd(start);
    if (ahead > end && this.#isUnused(end, ahead) && this.#add(start, ahead) === undefined) return undefined;
    return this.#add(start, end);
  }

  /** Where the heap's next piece ends, if that is what begins at `start`; else 0. */
  #heapPieceEnd(start: number): number {
    const { container, layout, brk, startBrk } = this.#space;
    if (brk === 0 || start < brk || start > brk + MAX_HEAP_PIECE) return 0; // 0: the program is being mapped
    const size = Math.min(MAX_HEAP_PIECE, Math.max(BACKING_SIZE[container.bits], 4 * (brk - startBrk)));
    return Math.min(layout.mmapTop, Math.ceil((start + size) / GRANULE) * GRANULE);
  }

  #isUnused(start: number, end: number): boolean {
    return this.#space.vmas.overlapping(start, end).length === 0 &&
      this.#list.overlapping(start, end).length === 0;
  }

  #add(start: number, end: number): Errno | undefined {
    const section = this.#host.createSection(end - start);
    if (section instanceof Errno) return section;
    const backing = Backing.whole(section, start);
    const failure = this.#mapView(start, backing);
    if (failure !== undefined) backing.pages.release();
    else this.#list.add(backing);
    return failure;
  }

  /** Maps inaccessible pages where the host has nothing of its own; views that are only kept go. */
  #mapView(start: number, { pages, offset, size }: PageSource): Errno | undefined {
    this.#discardKept(this.#kept.filter((kept) => kept.start < start + size && start < kept.end));
    const failure = this.#space.container.map(start, size, pages.section, offset, PROT_NONE);
    return failure === EEXIST ? ENOMEM : failure;
  }

  /** Keeps a view; the one that was not used for longest goes when there are many. */
  #keep(backing: Backing): void {
    this.#space.container.protect(backing.start, backing.size, PROT_NONE);
    if (!backing.ofModule) backing.pages.release();
    this.#kept.unshift(backing);
    this.#discardKept(this.#kept.slice(KEPT_VIEWS));
  }

  #discardKept(views: readonly Backing[]): void {
    if (views.length === 0) return;
    this.#kept = this.#kept.filter((kept) => !views.includes(kept));
    for (const { start } of views) this.#space.container.unmap(start);
    releaseKept(views);
  }

  #discard(backing: Backing): void {
    this.#space.container.unmap(backing.start);
    backing.pages.release();
  }
}

/** Nobody can have written to any of these. */
function isWorthKeeping({ ofModule, pages, size }: Backing): boolean {
  return ofModule || pages.areOnFile && size <= KEPT_FILE_VIEW_SIZE;
}
