/** The writer's side of the vDSO's data pages: data.ts has the protocol. */
import { NSEC_PER_SEC } from "../../kernel/abi/time.ts";
import { u64big } from "../../kernel/abi/layout.ts";
import type { ClockLine } from "./clock_line.ts";
import { VdsoData } from "./data.ts";

/** Both clocks; they begin at the same TSC. */
export interface ClockLines {
  readonly monotonic: ClockLine;
  readonly realtime: ClockLine;
}

/** A copy of the same numbers in every page that was added. */
export class VdsoPages {
  readonly #pages = new Map<Uint8Array<ArrayBuffer>, Int32Array>();
  /** What pages hold behind their generation. */
  readonly #numbers = new Uint8Array(VdsoData.size);
  readonly #view = new DataView(this.#numbers.buffer);
  /** Odd while the numbers stand; never 0 again after the first. */
  #generation = 0;

  /** The page must be 4-aligned memory of the kernel's; it is written now and at every later change. */
  add(page: Uint8Array<ArrayBuffer>): void {
    const generation = new Int32Array(page.buffer, page.byteOffset + VdsoData.offset.generation, 1);
    this.#pages.set(page, generation);
    this.#write(page, generation);
  }

  /** The page is no longer mapped, or no longer a data page. */
  remove(page: Uint8Array<ArrayBuffer>): void {
    this.#pages.delete(page);
  }

  /**
   * Changes the clocks. `makeLines` reads the TSC, by then no reader takes the old lines for one that comes later:
   * they must begin there and must not show less than the old ones do.
   */
  publish(makeLines: () => ClockLines): void {
    this.#close();
    const { monotonic, realtime } = makeLines();
    u64big.write(this.#view, VdsoData.offset.baseTsc, monotonic.baseTsc);
    VdsoData.patch(this.#view, 0, { monotonic: encode(monotonic), realtime: encode(realtime) });
    this.#generation = this.#generation + 1 | 0;
    for (const [page, generation] of this.#pages) this.#write(page, generation);
  }

  /** From now on the vDSO asks the kernel. */
  withdraw(): void {
    this.#close();
  }

  #close(): void {
    if ((this.#generation & 1) !== 0) this.#generation = this.#generation + 1 | 0;
    for (const generation of this.#pages.values()) Atomics.store(generation, 0, this.#generation);
  }

  #write(page: Uint8Array<ArrayBuffer>, generation: Int32Array): void {
    page.set(this.#numbers.subarray(NUMBERS), NUMBERS);
    Atomics.store(generation, 0, this.#generation);
  }
}

const NUMBERS = VdsoData.offset.baseTsc;
const SECOND = BigInt(NSEC_PER_SEC);

function encode({ nanoseconds, mult }: ClockLine): { mult: number; nsec: number; sec: number } {
  return { mult, nsec: Number(nanoseconds % SECOND), sec: Number(nanoseconds / SECOND) };
}
