/**
 * What directories were found to hold. To list one costs 1 to 2 ms under Wine for some hundred entries, and programs
 * list the same ones whenever they start (Python its library's). A directory's times tell whether it still holds the
 * same, unless it changed twice within one tick of the volume's clock: so only what had been there for a while is kept.
 */
import type { HostDirEntry, HostStat } from "../../kernel/host_files.ts";
import { sameTimes } from "./known_files.ts";

/** Entries kept in all, a directory counting for some as well, and those of one directory: at most some 8 MiB. */
const CAPACITY = 65536;
const DIRECTORY_COST = 8;
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
  #size = 0;

  /** What is in the directory that `seen` describes, if that is known. */
  take(path: string, seen: HostStat): readonly HostDirEntry[] | undefined {
    const kept = this.#kept.get(path);
    if (kept === undefined) return undefined;
    this.#drop(path, kept);
    if (!sameTimes(kept.stamp, seen) || !sameWriteTime(kept.stamp, seen)) return undefined;
    this.#add(path, kept); // the latest used is the last to go
    return kept.entries;
  }

  /** `now`: seconds since 1970 when the listing began, after the look-up that filled in `stamp`. */
  keep(path: string, stamp: HostStat, entries: readonly HostDirEntry[], now: number): void {
    if (entries.length > MOST_ENTRIES || now - Math.max(stamp.ctime, stamp.mtime) < SETTLED) return;
    const before = this.#kept.get(path);
    if (before !== undefined) this.#drop(path, before);
    this.#add(path, { stamp, entries });
    for (const [oldest, kept] of this.#kept) {
      if (this.#size <= CAPACITY) break;
      this.#drop(oldest, kept);
    }
  }

  #add(path: string, kept: Kept): void {
    this.#kept.set(path, kept);
    this.#size += costOf(kept);
  }

  #drop(path: string, kept: Kept): void {
    this.#kept.delete(path);
    this.#size -= costOf(kept);
  }
}

function costOf({ entries }: Kept): number {
  return entries.length + DIRECTORY_COST;
}

function sameWriteTime(a: HostStat, b: HostStat): boolean {
  return a.mtime === b.mtime && a.mtimeNsec === b.mtimeNsec;
}
