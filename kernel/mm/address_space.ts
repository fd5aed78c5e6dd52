/**
 * The address space of a guest (mm_struct): areas over backings, in a container. Memory is anonymous, a private copy of
 * a file, the rewritten pages of a module, or a file's shared pages; the kernel sees it through its own view of the
 * backing's section.
 *
 * Addresses and sizes in here are whole pages unless a comment says otherwise; callers have checked them.
 */
import type { Abi } from "../abi/abi.ts";
import { EACCES, ENOMEM, Errno } from "../abi/errno.ts";
import {
  type Container,
  type Host,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../host.ts";
import type { OpenFile } from "../fs/open_file.ts";
import type { ModuleCache } from "../exec/module_cache.ts";
import type { PageSource } from "./backing.ts";
import { Backings } from "./backings.ts";
import { type Code, CodeMap, originalOf } from "./code_map.ts";
import { copyPages } from "./copy_pages.ts";
import { enforceOn } from "./enforce.ts";
import { HeldFiles } from "./held_files.ts";
import type { MemoryLayout } from "./layout.ts";
import { LentHeap } from "./lent_heap.ts";
import type { MapRequest } from "./map_request.ts";
import { mapFileCode } from "./module_code.ts";
import { OwnVdso } from "./own_vdso.ts";
import { Places } from "./places.ts";
import { Residence } from "./residence.ts";
import { Stack } from "./stack.ts";
import type { UserSpace } from "./user_memory.ts";
import { Vma, VmaList } from "./vma.ts";

/** Bytes whose going shows in ru_maxrss. */
const MUCH = 0x10_0000;

const EMPTY = new Uint8Array(0);

export class AddressSpace implements UserSpace, Disposable {
  readonly vmas = new VmaList();
  readonly code = new CodeMap();
  /** A task in it has set a base of the other segment. */
  hasOtherBase = false;
  /** The heap: first byte, and the byte after its last (not page-aligned; brk(2)). */
  startBrk = 0;
  brk = 0;
  /** Where argv and the environment lie, for /proc. */
  arguments = { argStart: 0, argEnd: 0, envStart: 0, envEnd: 0, auxv: EMPTY };
  readonly vdso = new OwnVdso();
  readonly #backings: Backings;
  /** Where something can be mapped. */
  readonly places: Places;
  readonly stack = new Stack(this);
  readonly files = new HeldFiles();
  readonly residence = new Residence(this.vmas);
  readonly heap: LentHeap;

  constructor(
    readonly host: Host,
    readonly container: Container,
    readonly abi: Abi,
    readonly modules: ModuleCache,
    readonly layout: MemoryLayout,
    /** The identity of the program file that is mapped. */
    readonly program: string,
  ) {
    this.#backings = new Backings(host, this);
    this.places = new Places(this, this.#backings);
    this.heap = new LentHeap(this, this.#backings);
  }

  span(address: number, length: number, write: boolean): Uint8Array<ArrayBuffer> {
    const area = this.vmas.find(address) ?? this.stack.grow(address);
    if (area === undefined || length <= 0) return EMPTY;
    if ((area.prot & (write ? PROT_WRITE : PROT_READ)) === 0) return EMPTY;
    const backing = area.backing;
    if (backing === undefined) {
      return this.populate(area) === undefined ? this.span(address, length, write) : EMPTY;
    }
    if (write && (area.prot & PROT_EXEC) !== 0) this.open(address, address + length);
    const at = address - backing.start;
    return backing.bytes.subarray(at, at + Math.min(length, area.end - address));
  }

  /** The kernel's own look at guest memory, whatever its protection; undefined where nothing is. */
  peek(address: number, length: number): Uint8Array<ArrayBuffer> | undefined {
    const area = this.vmas.find(address);
    return area?.backing?.view(address, Math.min(area.end, address + length));
  }

  /** Writes into guest memory whatever its protection; the range is mapped. */
  write(address: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const part = this.peek(address + done, bytes.length - done);
      if (part === undefined) {
        throw new RangeError(`Cannot write to 0x${address.toString(16)}: it is not mapped`);
      }
      part.set(bytes.subarray(done, done + part.length));
      done += part.length;
    }
  }

  /** Maps zeroed memory, or a copy of a file, in the place of whatever was there. */
  map(request: MapRequest): Errno | undefined {
    const { start, end, prot, file, untouched = false } = request;
    const area = new Vma({ ...request, backing: undefined });
    if (this.#isThere(area)) {
      this.insertParts(area);
      this.enforce(start, end);
      return undefined;
    }
    const waiting = this.#waitingBehind(end, file?.file);
    this.unmap(start, end);
    this.files.hold(file?.file);
    const isCode = file !== undefined && (prot & (PROT_EXEC | PROT_WRITE)) === PROT_EXEC;
    if (untouched || isCode || prot === PROT_NONE && file === undefined) {
      this.vmas.insert(area);
      if (!isCode) return undefined;
      const failure = mapFileCode(this, area) ?? (untouched ? undefined : this.#populateAll(start, end));
      if (failure !== undefined) this.unmap(start, end);
      return failure;
    }
    const failure = this.#backings.back(start, waiting);
    if (failure !== undefined) return failure;
    this.insertParts(area);
    if (file !== undefined) this.#readFile(start, end);
    this.enforce(start, end);
    return undefined;
  }

  /** Maps pages of a section in the place of whatever was there. */
  mapPages(request: MapRequest, source: PageSource): Errno | undefined {
    const { start, end } = request;
    this.unmap(start, end);
    this.vmas.insert(new Vma({ ...request, backing: undefined }));
    const failure = this.share(start, end, source);
    if (failure !== undefined) this.unmap(start, end);
    return failure;
  }

  /** Gives areas that have no memory yet pages of a section. */
  share(start: number, end: number, source: PageSource): Errno | undefined {
    const failure = this.#backings.show(start, source);
    if (failure !== undefined) return failure;
    for (const area of this.vmas.overlapping(start, end)) {
      this.insertParts(area.slice(Math.max(start, area.start), Math.min(end, area.end)));
    }
    this.enforce(start, end);
    return undefined;
  }

  /** Gives pages that the kernel has filled their final protection and name. */
  relabel(start: number, end: number, prot: number, name: string, nameOffset?: number): void {
    this.insertParts(new Vma({ start, end, prot, name, nameOffset, backing: undefined }));
    this.enforce(start, end);
  }

  /** Whether an area would change nothing but the protection: pages that nobody has written to, of the same file. */
  #isThere(area: Vma): boolean {
    const { file } = area;
    if (file === undefined || (area.prot & PROT_WRITE) !== 0) return false;
    const there = this.vmas.overlapping(area.start, area.end);
    return this.vmas.covers(area.start, area.end) &&
      there.every((other) =>
        other.backing?.shared && !other.showsFile && other.file?.file === file.file &&
        other.file.offset - other.start === file.offset - area.start
      );
  }

  /** The end of what waits behind `end` for another mapping of the file, or for zeros. */
  #waitingBehind(end: number, file: OpenFile | undefined): number {
    const behind = this.vmas.find(end);
    const waits = file !== undefined && behind?.file?.file === file && behind.backing === undefined;
    return waits ? behind.end : end;
  }

  /** Gives an area that nobody has touched its memory. */
  populate(area: Vma): Errno | undefined {
    if (area.prot === PROT_NONE) return EACCES;
    const failure = this.#backings.back(area.start, area.end);
    if (failure !== undefined) return failure;
    this.insertParts(area);
    if (area.file !== undefined) this.#readFile(area.start, area.end);
    this.enforce(area.start, area.end);
    return undefined;
  }

  #populateAll(start: number, end: number): Errno | undefined {
    for (const area of this.vmas.overlapping(start, end)) {
      if (area.backing !== undefined) continue;
      const failure = this.populate(area.slice(Math.max(start, area.start), Math.min(end, area.end)));
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** `last`: the system call does nothing to these addresses after it. */
  unmap(start: number, end: number, last = false): void {
    if (end - start >= MUCH) this.residence.peak();
    const removed = this.vmas.remove(start, end);
    for (const area of removed) this.#forget(area);
    const touched = new Set(removed.map((area) => area.backing));
    for (const backing of touched) {
      if (backing !== undefined) this.#backings.release(backing, start, end, last);
    }
  }

  /** ENOMEM: part of the range is not mapped; what lies before it has changed, as on Linux. */
  protect(start: number, end: number, prot: number): Errno | undefined {
    let at = start;
    for (const area of this.vmas.overlapping(start, end)) {
      if (area.start > at) return ENOMEM;
      const part = area.slice(Math.max(start, area.start), Math.min(end, area.end));
      at = part.end;
      if (part.prot === prot) continue;
      if (part.backing === undefined) {
        this.vmas.insert(part.with({ prot }));
        if (prot !== PROT_NONE) {
          const failure = this.populate(part.with({ prot }));
          if (failure !== undefined) return failure;
        }
        continue;
      }
      if ((prot & PROT_WRITE) !== 0) {
        const failure = this.open(part.start, part.end) ?? this.own(part.start, part.end);
        if (failure !== undefined) return failure;
      }
      this.insertParts(part.with({ prot, backing: undefined }));
      this.enforce(part.start, part.end);
    }
    return at < end ? ENOMEM : undefined;
  }

  /** Makes pages zero again, or the file's (MADV_DONTNEED). */
  discard(start: number, end: number): void {
    if (end - start >= MUCH) this.residence.peak();
    for (const area of this.vmas.overlapping(start, end)) {
      const part = area.slice(Math.max(start, area.start), Math.min(end, area.end));
      const { backing } = part;
      if (backing === undefined || backing.shared || part.shared) continue;
      if ((part.prot & PROT_EXEC) !== 0) this.open(part.start, part.end);
      const view = backing.view(part.start, part.end);
      view.fill(0);
      part.file?.file.pread(view, part.file.offset);
    }
  }

  /** Fills fresh pages of a mapping with what the file holds. */
  #readFile(start: number, end: number): void {
    for (const area of this.vmas.overlapping(start, end)) {
      // It may be one with older neighbours, whose pages the guest has written to.
      const part = area.slice(Math.max(start, area.start), Math.min(end, area.end));
      part.file?.file.pread(part.backing?.view(part.start, part.end) ?? EMPTY, part.file.offset);
    }
  }

  /** Bytes of all areas (RLIMIT_AS). */
  totalSize(): number {
    let total = 0;
    for (const area of this.vmas) total += area.size;
    return total;
  }

  /** Takes the rewriter's view of [start, end) back: those pages cannot be executed before they are swept again. */
  open(start: number, end: number): Errno | undefined {
    for (const code of this.code.overlapping(start, end)) {
      const failure = this.openCode(code);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Puts the guest's own bytes back where code was rewritten. */
  openCode(code: Code): Errno | undefined {
    const failure = this.own(code.start, code.end);
    if (failure !== undefined) return failure;
    for (const area of this.vmas.overlapping(code.start, code.end)) {
      const from = Math.max(code.start, area.start), to = Math.min(code.end, area.end);
      area.backing?.view(from, to).set(originalOf(code, from, to));
    }
    this.#forgetCode(code.start, code.end);
    this.enforce(code.start, code.end);
    return undefined;
  }

  #forgetCode(start: number, end: number): void {
    for (const room of this.code.forget(start, end)) this.unmap(room.start, room.end);
  }

  /** Makes pages that other spaces see, too, copies of the guest's own. */
  own(start: number, end: number): Errno | undefined {
    for (const area of this.vmas.overlapping(start, end)) {
      const { backing } = area;
      if (!backing?.shared || area.showsFile) continue;
      const from = Math.max(start, area.start), to = Math.min(end, area.end);
      const contents = backing.view(from, to).slice();
      const failure = this.#backings.cut(from, to) ?? this.#backings.back(from, to);
      if (failure !== undefined) return failure;
      this.insertParts(area.slice(from, to));
      this.write(from, contents);
      this.enforce(from, to);
    }
    return undefined;
  }

  /** Makes room in this empty space for what a parent's has (fork). ENOMEM leaves it half filled. */
  mapLike(parent: AddressSpace): Errno | undefined {
    const used = [...parent.#backings].filter(({ start, end }) =>
      parent.vmas.overlapping(start, end).length > 0
    );
    // Shared ones first: they may take the place of what an earlier guest left, which the others use.
    for (const backing of used.toSorted((a, b) => Number(b.shared) - Number(a.shared))) {
      const { start, end, shared } = backing;
      const failure = shared ? this.#backings.show(start, backing) : this.#backings.back(start, end);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Copies everything that a parent's space has into this one, which was mapped like it. */
  copyFrom(parent: AddressSpace): void {
    this.code.copyFrom(parent.code);
    for (const area of parent.vmas) {
      this.files.hold(area.file?.file);
      if (area.backing === undefined) {
        this.vmas.insert(area);
        continue;
      }
      this.insertParts(area);
      if (!area.backing.shared) copyPages(area, this);
      this.enforce(area.start, area.end);
    }
    this.vdso.attachLike(parent.vdso, (image) => this.peek(image - PAGE_SIZE, PAGE_SIZE)!);
    this.startBrk = parent.startBrk;
    this.brk = parent.brk;
    this.arguments = parent.arguments;
    this.stack.copyFrom(parent.stack);
  }

  /** Whether its threads may have selectors, or a base of the other segment, that are not 0. */
  get usesSegments(): boolean {
    return this.hasOtherBase || this.code.hasSelectors;
  }

  /**
   * The guest is gone, or becomes another program: leaves the container nothing of it but clean views of moderate
   * size. The space must not be used any more.
   */
  scrub(): void {
    this.heap.takeBack();
    if (this.usesSegments) this.container.mainThread.segments.inherit(undefined);
    this.vdso.detach();
    this.files.dropAll();
    this.#backings.retire();
  }

  /** The container has ended. */
  [Symbol.dispose](): void {
    this.vdso.detach();
    this.files.dropAll();
    this.#backings.dispose();
  }

  /** An area is gone: so may be its code, and its file's last mapping. */
  #forget(area: Vma): void {
    this.#forgetCode(area.start, area.end);
    if (area.name === "[vvar]") this.vdso.detach();
    const file = area.file?.file;
    if (area.showsFile) file?.syncPages();
    if (file === undefined || [...this.vmas].some((other) => other.file?.file === file)) return;
    this.files.drop(file);
  }

  /** Inserts an area over the backings below it, as one area for each. */
  insertParts(area: Vma): void {
    const backings = this.#backings.overlapping(area.start, area.end);
    if (backings.length === 0) {
      this.vmas.insert(area);
      return;
    }
    for (const backing of backings) {
      const start = Math.max(area.start, backing.start);
      this.vmas.insert(area.slice(start, Math.min(area.end, backing.end)).with({ backing }));
    }
  }

  /** Tells the processor of the protection of [start, end). */
  enforce(start: number, end: number): void {
    enforceOn(this, start, end);
  }
}
