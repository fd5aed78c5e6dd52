/** What a guest leaves in its container for the next one: views that need not be made again. */
import type { Leftovers as HostLeftovers } from "../host.ts";
import type { Backing } from "./backing.ts";

export class Leftovers implements HostLeftovers {
  constructor(
    readonly program: string,
    /** Memory that is zero and inaccessible. */
    readonly memory: readonly Backing[],
    /** Inaccessible pages of modules and files, the latest used first. */
    readonly views: readonly Backing[],
  ) {}

  [Symbol.dispose](): void {
    for (const { pages } of this.memory) pages.release();
    releaseKept(this.views);
  }
}

/** Views that were kept go: those of files were no users of their pages any more. */
export function releaseKept(views: readonly Backing[]): void {
  for (const { ofModule, pages } of views) if (ofModule) pages.release();
}
