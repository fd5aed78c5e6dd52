/**
 * The map from the trampoline area back to the guest's own code.
 *
 * A point says, from its trampoline offset to the next point's: this is where the guest is, and what has to be put
 * back into its registers first. Stopped threads are rolled to the point's address.
 */
import { Numbers } from "./numbers.ts";
import type { PointTable } from "./rewritten.ts";

/** `scratch` of a point: no register is borrowed. Else its number. */
export const NO_SCRATCH = -1;
/** `scratch` of a point: a call is half done; let the thread run on. */
export const RUN_ON = -2;

export class Points {
  readonly offsets = new Numbers();
  /** Offsets into the region's bytes. */
  readonly originals = new Numbers();
  readonly scratch = new Numbers();

  table(): PointTable {
    const { offsets, originals, scratch } = this;
    return {
      offsets: offsets.values.slice(0, offsets.length),
      originals: originals.values.slice(0, originals.length),
      scratch: new Int8Array(scratch.values.subarray(0, scratch.length)),
    };
  }

  add(offset: number, original: number, scratch: number): void {
    const last = this.offsets.length - 1;
    if (last >= 0 && this.offsets.values[last] === offset) {
      this.originals.values[last] = original;
      this.scratch.values[last] = scratch;
      return;
    }
    this.offsets.push(offset);
    this.originals.push(original);
    this.scratch.push(scratch);
  }
}
