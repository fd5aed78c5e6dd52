/** What a rewrite leaves behind: a compact table of sites and the map from trampolines to the guest's code. */
import type { Mode } from "./decoder.ts";
import { NO_SCRATCH, RUN_ON } from "./points.ts";

/** How a site was handled. */
export const Tactic = {
  /** `jmp` over the site itself. */
  jump: 0,
  /** `jmp` over the `mov $nr,%eax` before it; the site is ud2. */
  mov: 1,
  /** `jmp` over a group of instructions around it. */
  displace: 2,
  /** ud2. */
  trap: 3,
  /** A short jmp over the site to a long one, in padding nearby that is never executed. */
  island: 4,
  /** The instruction itself, with other operands. */
  patch: 5,
} as const;
export type Tactic = typeof Tactic[keyof typeof Tactic];

/** By SiteKind and Tactic. */
const KIND_NAMES = [
  "syscall",
  "int80",
  "sysenter",
  "tls",
  "segment-register",
  "fsbase",
  "host-segment",
] as const;
const TACTIC_NAMES = ["jump", "mov", "displace", "trap", "island", "patch"] as const;
export type SiteKindName = typeof KIND_NAMES[number];
export type TacticName = typeof TACTIC_NAMES[number];

export interface Site {
  readonly address: number;
  readonly length: number;
  readonly kind: SiteKindName;
  readonly tactic: TacticName;
  /** The original instruction. */
  readonly original: Uint8Array;
  /**
   * For a TLS site: where its trampoline is. When the ud2 at the site is reached, continuing here performs the
   * instruction and comes back behind it. Undefined if there is none: the kernel has to emulate.
   */
  readonly trampoline: number | undefined;
}

/** Where the guest is, for a thread stopped in a trampoline. */
export interface GuestPosition {
  readonly address: number;
  /** A general register (its number) whose guest value is in the spill slot; put it back before going on. */
  readonly scratch: number | undefined;
  /** The thread is halfway through a call: let it run on a little instead of moving it. */
  readonly runOn: boolean;
}

export interface Stats {
  readonly instructions: number;
  /** counts[kind][tactic]. */
  readonly counts: Readonly<Record<SiteKindName, Readonly<Record<TacticName, number>>>>;
}

/** The site tables, as typed arrays sorted by offset into the region's bytes. */
export interface SiteTable {
  readonly offsets: Int32Array;
  readonly lengths: Uint8Array;
  readonly kinds: Uint8Array;
  readonly tactics: Uint8Array;
  /** Offsets into the trampoline area, -1 for none. */
  readonly trampolines: Int32Array;
}

/** The map from trampolines to code (points.ts), in ascending order of `offsets`. */
export interface PointTable {
  readonly offsets: Int32Array;
  readonly originals: Int32Array;
  readonly scratch: Int8Array;
}

export class Rewritten {
  readonly mode: Mode;
  /** The address of the code and of the trampolines the rewrite was made for. */
  readonly address: number;
  readonly trampolines: number;
  /** The gate and behind it the trampolines. */
  readonly trampolineBytes: Uint8Array;
  readonly sites: SiteTable;
  /**
   * i386: offsets into trampolineBytes of 32-bit addresses of the code; add the difference to use the image at
   * another base. The code itself holds none.
   */
  readonly relocations: Int32Array;
  readonly instructions: number;
  readonly gateSize: number;
  readonly points: PointTable;
  #original: Uint8Array | (() => Uint8Array);
  #entries: ReadonlyMap<number, number> | undefined;

  constructor(
    init: {
      readonly mode: Mode;
      readonly address: number;
      readonly trampolines: number;
      /** A function is called when somebody first asks. */
      readonly original: Uint8Array | (() => Uint8Array);
      readonly gateSize: number;
      readonly trampolineBytes: Uint8Array;
      readonly sites: SiteTable;
      readonly relocations: Int32Array;
      readonly points: PointTable;
      readonly instructions: number;
    },
  ) {
    this.mode = init.mode;
    this.address = init.address;
    this.trampolines = init.trampolines;
    this.#original = init.original;
    this.trampolineBytes = init.trampolineBytes;
    this.sites = init.sites;
    this.relocations = init.relocations;
    this.gateSize = init.gateSize;
    this.points = init.points;
    this.instructions = init.instructions;
  }

  /** The code before the rewrite. */
  get original(): Uint8Array {
    if (typeof this.#original === "function") this.#original = this.#original();
    return this.#original;
  }

  get stats(): Stats {
    return { instructions: this.instructions, counts: count(this.sites) };
  }

  /** Whether there are sites of a kind. */
  has(kind: SiteKindName): boolean {
    return this.sites.kinds.includes(KIND_NAMES.indexOf(kind));
  }

  /** The trampolines' bytes for code that lies `bias` above where it was rewritten for. */
  trampolinesFor(bias: number): Uint8Array {
    if (bias === 0 || this.relocations.length === 0) return this.trampolineBytes;
    const bytes = this.trampolineBytes.slice();
    const view = new DataView(bytes.buffer);
    for (const at of this.relocations) view.setUint32(at, view.getUint32(at, true) + bias, true);
    return bytes;
  }

  /**
   * The site whose instruction starts at `address`. `base` is where the code's first byte is mapped, if not where
   * it was rewritten for; the trampolines keep their distance from it.
   */
  siteAt(address: number, base: number = this.address): Site | undefined {
    const { offsets, lengths, kinds, tactics, trampolines } = this.sites, offset = address - base;
    const index = lastAtOrBelow(offsets, offset);
    if (index < 0 || offsets[index] !== offset) return undefined;
    const length = lengths[index]!, trampoline = trampolines[index]!;
    return {
      address,
      length,
      kind: KIND_NAMES[kinds[index]!]!,
      tactic: TACTIC_NAMES[tactics[index]!]!,
      original: this.original.slice(offset, offset + length),
      trampoline: trampoline < 0 ? undefined : trampoline + this.trampolines - this.address + base,
    };
  }

  /**
   * Where the guest's instruction at `address` is done, if in a trampoline. To be asked for every address that a guest
   * is sent to: a jump to the trampoline may have overwritten the instruction where it was.
   */
  entryOf(address: number, base: number = this.address): number | undefined {
    this.#entries ??= this.#findEntries();
    const offset = this.#entries.get(address - base);
    return offset === undefined ? undefined : offset + this.trampolines - this.address + base;
  }

  /** By original, the first point of its trampoline: there nothing of the instruction is done yet. */
  #findEntries(): Map<number, number> {
    const { offsets, originals, scratch } = this.points;
    const entries = new Map<number, number>();
    for (let i = 0; i < offsets.length; i++) {
      const at = originals[i]!;
      if (scratch[i] === NO_SCRATCH && !entries.has(at)) entries.set(at, offsets[i]!);
    }
    return entries;
  }

  /**
   * Where the guest thinks it is when its instruction pointer is `address`, in the trampoline area. Undefined
   * outside of it and in the gate, whose channel knows.
   */
  originalAddress(address: number, base: number = this.address): GuestPosition | undefined {
    const offset = address - base - this.trampolines + this.address;
    if (offset < this.gateSize || offset >= this.trampolineBytes.length) return undefined;
    const { offsets, originals, scratch } = this.points;
    const index = lastAtOrBelow(offsets, offset);
    if (index < 0) return undefined;
    const register = scratch[index]!;
    return {
      address: base + originals[index]!,
      scratch: register >= 0 ? register : undefined,
      runOn: register === RUN_ON,
    };
  }
}

/** The index of the last value that is at most `wanted`, or -1. */
function lastAtOrBelow(sorted: Int32Array, wanted: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (sorted[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function count({ kinds, tactics }: SiteTable): Stats["counts"] {
  const none = () => ({ jump: 0, mov: 0, displace: 0, trap: 0, island: 0, patch: 0 });
  const counts = Object.fromEntries(KIND_NAMES.map((name) => [name, none()])) as Record<
    SiteKindName,
    Record<TacticName, number>
  >;
  kinds.forEach((kind, index) => counts[KIND_NAMES[kind]!][TACTIC_NAMES[tactics[index]!]!]++);
  return counts;
}
