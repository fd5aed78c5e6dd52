/** How much memory an address space has, and has had at most (VmRSS and VmHWM of proc(5), ru_maxrss of getrusage(2)). */
import { TRAMPOLINES, type VmaList } from "./vma.ts";

export class Residence {
  readonly #vmas: VmaList;
  #peak = 0;

  constructor(vmas: VmaList) {
    this.#vmas = vmas;
  }

  /** Bytes of areas that have memory, whether used or not. */
  now(): number {
    let total = 0;
    for (const area of this.#vmas) {
      if (area.backing !== undefined && area.name !== TRAMPOLINES) total += area.size;
    }
    return total;
  }

  /** The most bytes there have been whenever this was called: as it is before much of it goes. */
  peak(): number {
    return this.#peak = Math.max(this.#peak, this.now());
  }
}
