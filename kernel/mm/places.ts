/** Where in an address space something can be mapped. Addresses and sizes are whole pages. */
import type { Container } from "../host.ts";
import type { Backing } from "./backing.ts";
import { GRANULE, type MemoryLayout } from "./layout.ts";
import type { VmaList } from "./vma.ts";

/** So far above the heap's end mappings are put only when there is no room elsewhere. */
const HEAP_ROOM = 0x1000_0000;

/** What of an address space the search needs. */
export interface PlacedSpace {
  readonly vmas: VmaList;
  readonly layout: MemoryLayout;
  readonly container: Container;
  /** End of the heap. */
  readonly brk: number;
}

/** The memory that is there. */
interface BackingRanges extends Iterable<Backing> {
  overlapping(start: number, end: number): Backing[];
}

export class Places {
  readonly #space: PlacedSpace;
  readonly #backings: BackingRanges;

  constructor(space: PlacedSpace, backings: BackingRanges) {
    this.#space = space;
    this.#backings = backings;
  }

  /** A free range of `size` bytes, from the top down; undefined when there is none. */
  find(size: number): number | undefined {
    for (const backing of [...this.#backings].reverse()) {
      if (backing.shared || backing.end > this.#space.layout.mmapTop) continue;
      // An earlier guest's heap is where this one's is going to be.
      if (backing.start < this.#space.brk + HEAP_ROOM) continue;
      const found = this.#gapIn(backing.start, backing.end, size);
      if (found !== undefined) return found;
    }
    const found = this.findRoomy(size);
    // At the end of its room: new memory reaches down from there, with pages for the next request.
    return found === undefined ? undefined : found + Math.ceil(size / GRANULE) * GRANULE - size;
  }

  /** The same for what gets memory of its own: on a boundary that costs the host least. */
  findRoomy(size: number): number | undefined {
    const { brk, layout: { mmapTop, libraries } } = this.#space;
    return this.#roomyIn(brk, mmapTop, size) ?? this.#roomyIn(libraries.start, libraries.end, size);
  }

  #roomyIn(start: number, end: number, size: number): number | undefined {
    const whole = Math.ceil(size / GRANULE) * GRANULE;
    const found = this.#gapIn(start, end, whole);
    if (found === undefined || found % GRANULE === 0) return found;
    const larger = this.#gapIn(start, end, whole + GRANULE);
    return larger === undefined ? found : Math.ceil(larger / GRANULE) * GRANULE;
  }

  /** A free range of `size` bytes of which no byte is `reach` or more away from any of [start, end). */
  findNear(start: number, end: number, size: number, reach: number): number | undefined {
    const { usable } = this.#space.container;
    const low = Math.max(usable.start, end - reach), high = Math.min(usable.end, start + reach);
    const whole = Math.ceil(size / GRANULE) * GRANULE;
    const place = (from: number, to: number) => {
      for (let top = to; top - whole >= from;) {
        const found = this.#gapIn(from, top, whole);
        if (found === undefined) return undefined;
        // The boundary below may lie in what ends there.
        const at = found - found % GRANULE;
        if (at >= from && this.isFree(at, at + whole) && this.canBack(at, at + whole)) return at;
        top = found + whole - GRANULE;
      }
      return undefined;
    };
    return place(Math.max(low, this.#space.brk), Math.min(high, start)) ??
      place(Math.max(low, this.#space.brk), high) ??
      place(low, high);
  }

  /** A free range that no backing reaches into either: what is mapped there needs nothing taken apart. */
  findFresh(size: number): number | undefined {
    const { brk, layout: { mmapTop } } = this.#space;
    const taken = [
      ...this.#space.vmas.overlapping(brk, mmapTop),
      ...this.#backings.overlapping(brk, mmapTop),
    ];
    const room = Math.ceil(size / GRANULE) * GRANULE;
    let top = mmapTop - mmapTop % GRANULE;
    for (const { start, end } of taken.sort((a, b) => b.end - a.end)) {
      if (top - room >= end) break;
      top = Math.min(top, start - start % GRANULE);
    }
    return top - room >= brk ? top - room : undefined;
  }

  /** Whether [start, end) is free and inside the address space. */
  isFree(start: number, end: number): boolean {
    const { usable } = this.#space.container;
    return start >= usable.start && end <= usable.end &&
      this.#space.vmas.overlapping(start, end).length === 0;
  }

  /** Whether the host has nothing of its own in a free range. */
  canBack(start: number, end: number): boolean {
    return this.#space.container.firstOccupied({ start, end }) === undefined;
  }

  /** Highest gap of `size` bytes between areas in [start, end). */
  #gapIn(start: number, end: number, size: number): number | undefined {
    let top = end;
    for (const area of this.#space.vmas.overlapping(start, end).reverse()) {
      if (top - size >= area.end) return top - size;
      top = Math.min(top, area.start);
    }
    return top - size >= start ? top - size : undefined;
  }
}
