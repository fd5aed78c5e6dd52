/** Containers that wait for a guest. Making one costs many times what a guest's fork may. */
import type { Bits } from "../kernel/host.ts";
import type { NtContainer } from "./container.ts";

/** More would hold memory that no fork will ask for soon. */
const MAX_SPARES = 8;

export class ContainerPool {
  readonly #spares: Readonly<Record<Bits, NtContainer[]>> = { 32: [], 64: [] };

  /** The one that came last: its memory is the likeliest to be what is wanted again. */
  take(bits: Bits): NtContainer | undefined {
    return this.#spares[bits].pop();
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
