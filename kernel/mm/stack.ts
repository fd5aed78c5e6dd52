/** The stack of a process, which grows when it is touched below its end. Linux: mm/mmap.c:expand_stack. */
import type { Errno } from "../abi/errno.ts";
import { PAGE_SIZE } from "../host.ts";
import { type MemoryLayout, STACK_GUARD_GAP } from "./layout.ts";
import type { MapRequest } from "./map_request.ts";
import type { Vma, VmaList } from "./vma.ts";

/** It begins with so many bytes, which most programs stay within: fork looks at all of them. */
const INITIAL_SIZE = 0x2_0000;
/** And grows by so many. */
const STEP = 0x8_0000;
/** The name of its areas. */
export const STACK = "[stack]";

/** What of an address space its stack needs. */
export interface StackSpace {
  readonly vmas: VmaList;
  readonly layout: MemoryLayout;
  map(request: MapRequest): Errno | undefined;
}

export class Stack {
  readonly #space: StackSpace;
  /** Bytes that it may have. */
  #limit = 0;

  constructor(space: StackSpace) {
    this.#space = space;
  }

  /** Lays out a stack that may grow to `limit` bytes; its first pages are there at once. ENOMEM. */
  create(limit: number, prot: number): Errno | undefined {
    const { stackTop } = this.#space.layout;
    this.limit(limit);
    return this.#space.map({ start: stackTop - INITIAL_SIZE, end: stackTop, prot, name: STACK });
  }

  /** RLIMIT_STACK has changed: the stack grows to `limit` bytes at most, as far as there is room. */
  limit(limit: number): void {
    const { stackTop, libraries } = this.#space.layout;
    this.#limit = Math.min(limit, stackTop - libraries.end - STACK_GUARD_GAP);
  }

  /** Grows down to `address` if that is where it may grow. */
  grow(address: number): Vma | undefined {
    const { vmas, layout: { stackTop } } = this.#space;
    const bottom = stackTop - this.#limit;
    if (address >= stackTop || address < bottom) return undefined;
    const lowest = vmas.overlapping(bottom, stackTop).find((area) => area.name === STACK);
    if (lowest === undefined || address >= lowest.start) return undefined;
    const page = address - address % PAGE_SIZE;
    const start = Math.max(bottom, page - page % STEP);
    if (vmas.overlapping(start - STACK_GUARD_GAP, lowest.start).length > 0) return undefined;
    const { prot } = lowest;
    if (this.#space.map({ start, end: lowest.start, prot, name: STACK }) !== undefined) return undefined;
    return vmas.find(address);
  }

  /** As its twin in the parent (fork). */
  copyFrom(other: Stack): void {
    this.#limit = other.#limit;
  }
}
