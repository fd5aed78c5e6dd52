/** What a guest leaves in its container for the next one: views that need not be made again. */
import type { Backing } from "./backing.ts";

export class Leftovers implements Disposable {
  constructor(
    /** Memory that is zero and inaccessible. */
    readonly memory: readonly Backing[],
    /** Inaccessible pages of modules, the latest used first. */
    readonly modules: readonly Backing[],
  ) {}

  [Symbol.dispose](): void {
    for (const { pages } of this.memory) pages.release();
    for (const { pages } of this.modules) pages.release();
  }
}
