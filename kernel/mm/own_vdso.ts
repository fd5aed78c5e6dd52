/** The vDSO of an address space, whose data page somebody keeps up to date until it goes. */
import type { MappedVdso } from "../exec/map_vdso.ts";
import type { VdsoSource } from "../host_vdso.ts";

export class OwnVdso {
  #mapped: MappedVdso | undefined;
  #source: VdsoSource | undefined;

  /** Where its parts are. */
  get mapped(): MappedVdso | undefined {
    return this.#mapped;
  }

  /** From now on the source writes to the data page. */
  attach(mapped: MappedVdso, source: VdsoSource | undefined): void {
    this.#mapped = mapped;
    this.#source = source;
    source?.addPage(mapped.page);
  }

  /** The same for a copy of a parent's. `pageOf` gives the data page that belongs to an image. */
  attachLike(parent: OwnVdso, pageOf: (image: number) => MappedVdso["page"]): void {
    const mapped = parent.#mapped;
    if (mapped !== undefined) this.attach({ ...mapped, page: pageOf(mapped.image) }, parent.#source);
  }

  detach(): void {
    if (this.#mapped !== undefined) this.#source?.removePage(this.#mapped.page);
    this.#mapped = undefined;
  }
}
