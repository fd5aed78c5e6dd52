/**
 * Handles of files that were read and closed a moment ago, or of directories that were asked about: opening one costs a
 * hundred times what asking for its attributes does, programs open the same files again and again, and list what they
 * have asked about. Only handles for reading are kept, shared with everyone (delete included), few and not for long, so
 * that nobody on the machine is in the way of.
 */
import type { HostStat } from "../../kernel/host_files.ts";
import { sameTimes } from "./known_files.ts";
import type { FileHandle, NtCalls } from "./nt_calls.ts";

/** Milliseconds a handle is kept unused. */
const LIFETIME = 2000;

interface Kept {
  readonly handle: FileHandle;
  /** What the path's look-up said when it was opened. */
  readonly stamp: HostStat;
  readonly since: number;
}

export class HandleCache {
  readonly #calls: NtCalls;
  readonly #capacity: number;
  readonly #kept = new Map<string, Kept>();
  /** A look at what has been kept too long is to come. */
  #waiting = false;

  /** `capacity`: handles kept at most. */
  constructor(calls: NtCalls, capacity: number) {
    this.#calls = calls;
    this.#capacity = capacity;
  }

  /** The handle for what `seen` describes, if it is kept. */
  take(path: string, seen: HostStat): FileHandle | undefined {
    const kept = this.#kept.get(path);
    if (!kept) return undefined;
    this.#kept.delete(path);
    if (sameTimes(kept.stamp, seen)) return kept.handle;
    this.#calls.close(kept.handle);
    return undefined;
  }

  keep(path: string, handle: FileHandle, stamp: HostStat): void {
    this.drop(path);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < this.#capacity) break;
      this.drop(oldest);
    }
    this.#kept.set(path, { handle, stamp, since: performance.now() });
    this.#expireLater();
  }

  drop(path: string): void {
    const kept = this.#kept.get(path);
    if (!kept) return;
    this.#kept.delete(path);
    this.#calls.close(kept.handle);
  }

  /** Drops a directory's files, before it is renamed or removed. */
  dropBelow(path: string): void {
    for (const key of [...this.#kept.keys()]) if (key === path || key.startsWith(path + "/")) this.drop(key);
  }

  #expireLater(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#calls.later(LIFETIME, () => {
      this.#waiting = false;
      const limit = performance.now() - LIFETIME;
      for (const [path, kept] of [...this.#kept]) if (kept.since <= limit) this.drop(path);
      if (this.#kept.size > 0) this.#expireLater();
    });
  }
}
