/**
 * Where things go in a guest's address space. Windows and its DLLs sit at the top of the 64-bit space and in the
 * upper half of the lower 2 GiB of a 32-bit one, so guests' stacks and mappings grow down from below those.
 */
import type { AbiName } from "../abi/abi.ts";
import { PAGE_SIZE, type Range } from "../host.ts";

export interface MemoryLayout {
  /** First address above the stack. */
  readonly stackTop: number;
  /** Between the stack's room with its guard and mmapTop. Empty when libraries have no places of their own. */
  readonly libraries: Range;
  /** mmap goes down from here. */
  readonly mmapTop: number;
  /** Position-independent programs are loaded at the first of these that the host leaves free. */
  readonly pieBases: readonly number[];
  /** So many of them have places of their own, so far apart that their heaps have room. */
  readonly pieCount: number;
  readonly pieDistance: number;
  /** Bytes between the program and its heap. */
  readonly heapGap: number;
  /** Every run is to see the same addresses, whatever ran in the container before. */
  readonly repeatable: boolean;
}

const FIXED: Readonly<Record<AbiName, MemoryLayout>> = {
  x86_64: {
    stackTop: 0x6f00_0000_0000,
    libraries: { start: 0x6eff_0000_0000, end: 0x6eff_0000_0000 },
    mmapTop: 0x6eff_0000_0000,
    pieBases: [0x5555_5555_0000, 0x5655_5555_0000, 0x4655_5555_0000],
    pieCount: 1,
    pieDistance: 0,
    heapGap: 0,
    repeatable: true,
  },
  i386: {
    stackTop: 0xf000_0000,
    libraries: { start: 0xec00_0000, end: 0xec00_0000 },
    mmapTop: 0xec00_0000,
    pieBases: [0x5655_0000, 0xa000_0000, 0x2000_0000, 0x8000_0000],
    pieCount: 1,
    pieDistance: 0,
    heapGap: 0,
    repeatable: true,
  },
};

/** By how many units of GRANULE things are moved at most; heaps by pages. */
const ENTROPY: Readonly<Record<AbiName, Record<"stack" | "mmap" | "program" | "heap", number>>> = {
  x86_64: { stack: 2 ** 16, mmap: 2 ** 24, program: 2 ** 24, heap: 2 ** 13 },
  i386: { stack: 2 ** 6, mmap: 2 ** 10, program: 2 ** 8, heap: 2 ** 11 },
};

/** Bytes for libraries, and places for programs. A 32-bit program's heap may run into the next one's place. */
const PLACES: Readonly<Record<AbiName, { libraries: number; pieCount: number; pieDistance: number }>> = {
  x86_64: { libraries: 2 ** 36, pieCount: 256, pieDistance: 2 ** 36 },
  i386: { libraries: 2 ** 27, pieCount: 4, pieDistance: 2 ** 25 },
};

/** Windows' unit of address space: backings begin on one where nothing else decides. */
export const GRANULE = 0x1_0000;
/** Linux keeps this many bytes free below a growing stack (stack_guard_gap). */
export const STACK_GUARD_GAP = 256 * 4096;

/**
 * The layouts of one run of atratus. They are drawn once, as Windows draws its own once for all processes until it
 * starts again: so a container that is used for another program finds its memory where that one wants it.
 */
export class Layouts {
  readonly #random: Readonly<Record<AbiName, MemoryLayout>>;

  constructor(randomize: boolean) {
    this.#random = randomize ? { x86_64: randomized("x86_64"), i386: randomized("i386") } : FIXED;
  }

  /** `fixed`: ADDR_NO_RANDOMIZE of personality(2). */
  get(abi: AbiName, fixed: boolean): MemoryLayout {
    return (fixed ? FIXED : this.#random)[abi];
  }
}

function randomized(abi: AbiName): MemoryLayout {
  const { stackTop, mmapTop, pieBases } = FIXED[abi], entropy = ENTROPY[abi];
  const stack = below(entropy.stack) * GRANULE;
  const program = below(entropy.program) * GRANULE;
  const { libraries, ...programs } = PLACES[abi];
  const end = mmapTop - stack - below(entropy.mmap) * GRANULE;
  return {
    stackTop: stackTop - stack,
    libraries: { start: end - libraries, end },
    mmapTop: end - libraries,
    ...programs,
    pieBases: [...pieBases.map((base) => base + program), ...pieBases],
    heapGap: below(entropy.heap) * PAGE_SIZE,
    repeatable: false,
  };
}

/** A random number of [0, limit), which is a power of two. */
function below(limit: number): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! % limit;
}
