/**
 * The heap's end while the guest's thread moves it by itself: brk(2) that grows a heap within memory that is there
 * anyway. It may do so until the memory there is wanted for something else, or the kernel moves the end itself; what it has
 * done is put down here before the kernel does anything else for it, or tells others of it.
 */
import {
  type Container,
  type GuestThread,
  type HeapLoan,
  PAGE_SIZE,
  pageCeil,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../host.ts";
import type { Backings } from "./backings.ts";
import { Vma, type VmaList } from "./vma.ts";

/** What of an address space its heap needs. */
export interface HeapSpace {
  readonly vmas: VmaList;
  readonly container: Container;
  brk: number;
  insertParts(area: Vma): void;
}

/** What areas of the heap are like. */
export const HEAP = { name: "[heap]", prot: PROT_READ | PROT_WRITE } as const;

export class LentHeap {
  readonly #space: HeapSpace;
  readonly #backings: Pick<Backings, "overlapping">;
  #loan: HeapLoan | undefined;
  /** How far it may be moved: a guest may write anything where it says how far it has. */
  #top = 0;
  /** End of the pages that the container knows to be accessible. */
  #pages = 0;

  constructor(space: HeapSpace, backings: Pick<Backings, "overlapping">) {
    this.#space = space;
    this.#backings = backings;
  }

  /** The thread may move the end up to `limit`, as far as there is memory and nothing in the way. */
  lend(thread: GuestThread, limit: number): void {
    this.takeBack();
    const { brk, vmas } = this.#space, end = pageCeil(brk);
    const [backing] = this.#backings.overlapping(end, end + PAGE_SIZE);
    if (backing === undefined || backing.shared) return;
    const [above] = vmas.overlapping(end, backing.end + PAGE_SIZE);
    // A page stays free between the heap and what is above it.
    const top = this.#top = Math.min(limit, backing.end, (above?.start ?? Infinity) - PAGE_SIZE);
    if (top <= end) return;
    this.#loan = thread.lendHeap(brk, top);
    this.#pages = end;
    if (this.#loan === undefined) return;
    const last = Math.max(top + PAGE_SIZE, backing.end);
    vmas.beforeChange = (start, end) => {
      if (start < last && end > backing.start) this.takeBack();
    };
  }

  /** What the thread has done so far becomes known. It may go on meanwhile. */
  sync(): void {
    if (this.#loan === undefined) return;
    const space = this.#space, end = Math.min(this.#loan.end, this.#top);
    const pages = pageCeil(Math.min(this.#loan.pages, this.#top));
    if (pages > this.#pages) space.container.wasProtected(this.#pages, pages - this.#pages, HEAP.prot);
    this.#pages = Math.max(pages, this.#pages);
    if (end <= space.brk) return;
    const from = pageCeil(space.brk), to = pageCeil(end);
    space.brk = end;
    if (from === to) return;
    const { beforeChange } = space.vmas;
    space.vmas.beforeChange = undefined;
    space.insertParts(new Vma({ ...HEAP, start: from, end: to, backing: undefined }));
    space.vmas.beforeChange = beforeChange;
  }

  /** The end is not the thread's to move any more; it does not run. */
  takeBack(): void {
    if (this.#loan === undefined) return;
    this.#space.vmas.beforeChange = undefined;
    this.#loan.stop();
    this.sync();
    this.#loan = undefined;
    const end = pageCeil(this.#space.brk);
    if (this.#pages > end) this.#space.container.protect(end, this.#pages - end, PROT_NONE);
  }

  /** The thread, which may be running, asks the next time. */
  stop(): void {
    this.#loan?.stop();
  }
}
