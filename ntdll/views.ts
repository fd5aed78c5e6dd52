/**
 * What is mapped in a container, page by page.
 *
 * Windows reserves address space in 64 KiB units, and a view normally starts on one. A view that replaces a
 * placeholder may start on any page, but must be exactly as large as the placeholder (WINDOWS.md, fact 5). So this
 * class owns whole 64 KiB granules as placeholders and splits them to fit. It never joins any, which Wine 10 loses
 * track of: a mapping over several placeholders is a view over each, and granules without views are reserved anew.
 */
import { EEXIST, ENOMEM, type Errno } from "../kernel/abi/errno.ts";
import type { Range } from "../kernel/host.ts";
import {
  MEM_PRESERVE_PLACEHOLDER,
  MEM_RELEASE,
  MEM_REPLACE_PLACEHOLDER,
  MEM_RESERVE,
  MEM_RESERVE_PLACEHOLDER,
  PAGE_EXECUTE_READWRITE,
  PAGE_NOACCESS,
  STATUS_CONFLICTING_ADDRESSES,
} from "./constants.ts";
import { DATA_0, DATA_1, DATA_2, type GuestCall } from "./guest_calls.ts";
import type { Handle, MemoryCalls } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import { isOutOfMemory, type NtSection } from "./section.ts";

const GRANULE = 0x10000;
/**
 * To reserve takes a call from outside, and mappings come one beside the other: in a large address space this much is
 * reserved at a time, where it is free.
 */
const CHUNK = 0x100_0000;
/** There the host's own things are, and programs with fixed addresses. */
const CROWDED = 0x1_0000_0000;

/** What a view's pages are protected with when it is made. */
export const VIEW_PROTECTION = PAGE_EXECUTE_READWRITE;

/** A thread of the process that makes calls before guest code goes on, when there is one. */
export interface LocalCaller {
  readonly available: boolean;
  /** False when there is none: then the call has to be made from outside. */
  call(call: GuestCall): boolean;
  /** A handle of the kernel's, for the process to use. */
  duplicate(handle: Handle): Handle;
}

/** NtCurrentProcess() for a function called in the container; 32-bit code sees the low half. */
export const THIS_PROCESS = -1;

interface Region {
  readonly start: number;
  readonly end: number;
  /** Where the mapping starts that this is a view of; undefined for a placeholder. */
  readonly mapping: number | undefined;
}

export class Views {
  /** Ascending and disjoint; whole granules together. */
  #regions: Region[] = [];
  readonly #memory: MemoryCalls;
  readonly #process: Handle;
  readonly #local: LocalCaller;

  constructor(memory: MemoryCalls, process: Handle, local: LocalCaller) {
    this.#memory = memory;
    this.#process = process;
    this.#local = local;
  }

  /** Takes over placeholders that were reserved before the process ran. */
  adopt(ranges: readonly Range[]): void {
    for (const { start, end } of ranges) this.#insert({ start, end, mapping: undefined });
  }

  /**
   * Maps with VIEW_PROTECTION and tells of each view it took. ENOMEM when out of memory, EEXIST when something of the
   * host's, or a view, is in the way.
   */
  map(
    address: number,
    size: number,
    section: NtSection,
    offset: number,
    onView: (start: number, end: number) => void,
  ): Errno | undefined {
    const end = address + size;
    const failure = this.#own(address, end);
    if (failure !== undefined) return failure;
    if (this.#within(address, end).some((r) => r.mapping !== undefined)) return EEXIST;
    this.#renew(floor(address), ceil(end));
    this.#split(address);
    this.#split(end);
    for (const part of this.#within(address, end)) {
      const from = offset + part.start - address;
      const failed = this.#mapView(part.start, part.end - part.start, section, from);
      if (failed !== undefined) {
        if (part.start > address) this.unmap(address);
        return failed;
      }
      this.#replace(part, [{ ...part, mapping: address }]);
      onView(part.start, part.end);
    }
    return undefined;
  }

  /** The mapping's end. */
  unmap(address: number): number {
    const views = this.#regions.filter((r) => r.mapping === address);
    const last = views.at(-1);
    if (last === undefined) {
      throw new RangeError(`Cannot unmap 0x${address.toString(16)}: no mapping starts there`);
    }
    for (const view of views) {
      const local = this.#local.call({
        name: "NtUnmapViewOfSectionEx",
        arguments: [THIS_PROCESS, view.start, MEM_PRESERVE_PLACEHOLDER],
        data: [],
      });
      if (!local) {
        check("NtUnmapViewOfSectionEx", this.#memory.unmapToPlaceholder(this.#process, view.start));
      }
      this.#replace(view, [{ ...view, mapping: undefined }]);
    }
    return last.end;
  }

  /** True when the address is in a range this class owns. */
  owns(range: Range): boolean {
    return this.#regions.some((r) => r.start < range.end && range.start < r.end);
  }

  /** Makes the granules around [start, end) ours. */
  #own(start: number, end: number): Errno | undefined {
    let at = floor(start);
    const limit = ceil(end);
    while (at < limit) {
      const next = this.#regions.find((r) => r.end > at);
      if (next !== undefined && next.start <= at) {
        at = next.end;
        continue;
      }
      const stop = Math.min(limit, next?.start ?? limit);
      const failure = this.#reserveChunk(at, stop) ? undefined : this.#reserveRange(at, stop);
      if (failure !== undefined) return failure;
      at = stop;
    }
    return undefined;
  }

  #reserveRange(start: number, end: number): Errno | undefined {
    const status = this.#memory.reservePlaceholder(this.#process, start, end - start);
    if (status === STATUS_CONFLICTING_ADDRESSES) return EEXIST;
    if (isOutOfMemory(status)) return ENOMEM;
    check("NtAllocateVirtualMemoryEx", status);
    this.#insert({ start, end, mapping: undefined });
    return undefined;
  }

  /** Reserves whole chunks around a range that is not ours, up to what is; false when that is not free. */
  #reserveChunk(start: number, end: number): boolean {
    if (start < CROWDED) return false;
    const before = this.#regions.findLast((r) => r.end <= start)?.end ?? CROWDED;
    const behind = this.#regions.find((r) => r.start >= end)?.start ?? Infinity;
    const from = Math.max(before, start - start % CHUNK), to = Math.min(behind, end - end % CHUNK + CHUNK);
    return this.#reserveRange(from, to) === undefined;
  }

  /** Makes one placeholder of whole granules that are ours, if there is no view in them. */
  #renew(start: number, end: number): void {
    const parts = this.#within(start, end);
    const first = parts[0], last = parts.at(-1);
    if (first === undefined || last === undefined || parts.length === 1) return;
    if (first.start % GRANULE !== 0 || last.end % GRANULE !== 0) return;
    if (parts.some((r) => r.mapping !== undefined)) return;
    for (const part of parts) this.#free(part.start, 0, MEM_RELEASE);
    this.#reserve(first.start, last.end - first.start);
    this.#regions.splice(this.#regions.indexOf(first), parts.length, { ...first, end: last.end });
  }

  /** Makes a placeholder begin at `at`, which is in one of ours, or between two. */
  #split(at: number): void {
    const region = this.#regions.find((r) => r.start < at && at < r.end && r.mapping === undefined);
    if (region === undefined) return;
    this.#free(at, region.end - at, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER);
    this.#replace(region, [{ ...region, end: at }, { ...region, start: at }]);
  }

  #within(start: number, end: number): Region[] {
    return this.#regions.filter((r) => r.start < end && start < r.end);
  }

  /** Maps part of the section over the placeholder that is exactly [address, address+size). */
  #mapView(address: number, size: number, section: NtSection, offset: number): Errno | undefined {
    const { handle } = section;
    if (this.#local.available) {
      const local = Number(this.#local.duplicate(handle));
      const how = [MEM_REPLACE_PLACEHOLDER, VIEW_PROTECTION, 0, 0];
      this.#local.call({
        name: "NtMapViewOfSectionEx",
        arguments: [local, THIS_PROCESS, DATA_0, DATA_1, DATA_2, ...how],
        data: [address, offset, size],
      });
      this.#local.call({ name: "NtClose", arguments: [local], data: [] });
      return undefined;
    }
    const status = this.#memory.mapOverPlaceholder(
      this.#process,
      address,
      size,
      handle,
      offset,
      VIEW_PROTECTION,
    );
    if (isOutOfMemory(status)) return ENOMEM;
    check("NtMapViewOfSectionEx", status);
    return undefined;
  }

  /** NtAllocateVirtualMemoryEx: a placeholder where there was one. */
  #reserve(address: number, size: number): void {
    const local = this.#local.call({
      name: "NtAllocateVirtualMemoryEx",
      arguments: [THIS_PROCESS, DATA_0, DATA_1, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, 0, 0],
      data: [address, size],
    });
    if (local) return;
    check("NtAllocateVirtualMemoryEx", this.#memory.reservePlaceholder(this.#process, address, size));
  }

  /** NtFreeVirtualMemory: splits a placeholder, or gives up one that starts there (size 0). */
  #free(address: number, size: number, kind: number): void {
    const local = this.#local.call({
      name: "NtFreeVirtualMemory",
      arguments: [THIS_PROCESS, DATA_0, DATA_1, kind],
      data: [address, size],
    });
    if (!local) check("NtFreeVirtualMemory", this.#memory.free(this.#process, address, size, kind));
  }

  #insert(region: Region): void {
    const at = this.#regions.findIndex((r) => r.start > region.start);
    this.#regions.splice(at < 0 ? this.#regions.length : at, 0, region);
  }

  #replace(region: Region, parts: readonly Region[]): void {
    this.#regions.splice(this.#regions.indexOf(region), 1, ...parts);
  }
}

function floor(address: number): number {
  return address - address % GRANULE;
}

function ceil(address: number): number {
  return floor(address + GRANULE - 1);
}
