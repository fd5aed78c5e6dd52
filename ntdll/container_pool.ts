/** Containers that wait for a guest. Making one costs many times what a guest's fork may. */
import type { Bits } from "../kernel/host.ts";
import type { NtContainer } from "./container.ts";

/** More would hold memory that no fork will ask for soon. */
const MAX_SPARES = 8;

export class ContainerPool {
  readonly #spares: Readonly<Record<Bits, NtContainer[]>> = { 32: [], 64: [] };

  /** One that somebody has ended is none. */
  drop(container: NtContainer): void {
    const spares = this.#spares[container.bits], at = spares.indexOf(container);
    if (at >= 0) spares.splice(at, 1);
  }

  /** Best with what `program` left; else the one that has waited longest, which is the least likely to be asked for. */
  take(bits: Bits, program?: string): NtContainer | undefined {
    const spares = this.#spares[bits];
    const at = spares.findLastIndex(({ leftovers }) =>
      leftovers !== undefined && leftovers.program === program
    );
    return at < 0 ? spares.shift() : spares.splice(at, 1)[0];
  }

  hasSpare(bits: Bits): boolean {
    return this.#spares[bits].length > 0;
  }

  /** False when there are enough. */
  put(container: NtContainer): boolean {
    const spares = this.#spares[container.bits];
    if (spares.length >= MAX_SPARES) return false;
    spares.push(container);
    return true;
  }
}
