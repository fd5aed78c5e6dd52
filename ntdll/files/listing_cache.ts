/**
 * What directories were found to hold. To list one costs 1 to 2 ms under Wine for some hundred entries, and programs
 * list the same ones whenever they start (Python its library's). A directory's times tell whether it still holds the
 * same, unless it changed twice within one tick of the volume's clock: so only what had been there for a while is kept.
 */
import type { HostDirEntry, HostStat } from "../../kernel/host_files.ts";
import { sameTimes } from "./metadata.ts";

/** Directories kept, and the entries of one, at most. */
const CAPACITY = 64;
const MOST_ENTRIES = 4096;
/** Seconds without a change; the coarsest clock of a volume has ticks of 2. */
const SETTLED = 3;

interface Kept {
  /** What the directory's look-up had said before it was listed. */
  readonly stamp: HostStat;
  readonly entries: readonly HostDirEntry[];
}

export class ListingCache {
  readonly #kept = new Map<string, Kept>();

  /** What is in the directory that `seen` describes, if that is known. */
  take(path: string, seen: HostStat): readonly HostDirEntry[] | undefined {
    const kept = this.#kept.get(path);
    if (kept === undefined) return undefined;
    this.#kept.delete(path);
    if (!sameTimes(kept.stamp, seen) || !sameWriteTime(kept.stamp, seen)) return undefined;
    this.#kept.set(path, kept); // the latest used is the last to go
    return kept.entries;
  }

  /** `now`: seconds since 1970 when the listing began, after the look-up that filled in `stamp`. */
  keep(path: string, stamp: HostStat, entries: readonly HostDirEntry[], now: number): void {
    if (entries.length > MOST_ENTRIES || now - Math.max(stamp.ctime, stamp.mtime) < SETTLED) return;
    this.#kept.set(path, { stamp, entries });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= CAPACITY) break;
      this.#kept.delete(oldest);
    }
  }
}

function sameWriteTime(a: HostStat, b: HostStat): boolean {
  return a.mtime === b.mtime && a.mtimeNsec === b.mtimeNsec;
}
