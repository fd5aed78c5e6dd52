/**
 * What was learnt of files by opening them, which costs a hundred times a path query: so it is remembered by path for as
 * long as the file's times say that nothing changed. Every change of these updates ChangeTime; but a volume's clock may
 * be too slow for that to be seen, so what guests change is told here as well.
 */
import { S_IFDIR } from "../../kernel/abi/stat.ts";
import type { HostStat } from "../../kernel/host_files.ts";
import type { LxAttributes } from "./lx_attributes.ts";

/** Paths remembered; then all are forgotten. */
const CAPACITY = 8192;

export interface Details {
  /** Creation and change times when this was learnt. */
  readonly stamp: HostStat;
  readonly type: number;
  readonly ino: number;
  readonly nlink: number;
  readonly lx: LxAttributes;
  readonly target: string | undefined;
}

export class KnownFiles {
  readonly #byPath = new Map<string, Details>();
  /** Of these, files with several names. */
  readonly #linked = new Set<string>();

  /** What is known of the file that a look-up of `path` has just `seen`. */
  find(path: string, seen: HostStat): Details | undefined {
    const known = this.#byPath.get(path);
    return known !== undefined && sameTimes(known.stamp, seen) ? known : undefined;
  }

  remember(path: string, details: Details): void {
    if (this.#byPath.size >= CAPACITY) this.forgetAll();
    this.#byPath.set(path, details);
    if (details.nlink > 1 && details.type !== S_IFDIR) this.#linked.add(path);
    else this.#linked.delete(path);
  }

  forget(path: string): void {
    this.#byPath.delete(path);
    this.#linked.delete(path);
  }

  forgetAll(): void {
    this.#byPath.clear();
    this.#linked.clear();
  }

  /** Attributes or the number of names have changed of the file that has, or had, the name `path`: and others perhaps. */
  changed(path: string): void {
    const known = this.#byPath.get(path);
    this.forget(path);
    if (known?.nlink === 1) return;
    for (const other of this.#linked) this.#byPath.delete(other);
    this.#linked.clear();
  }
}

/** Whether two looks at a path saw the same file, unchanged: every change moves the change time. */
export function sameTimes(a: HostStat, b: HostStat): boolean {
  return a.ctimeNsec === b.ctimeNsec && a.ctime === b.ctime && sameBirth(a, b);
}

export function sameBirth(a: HostStat, b: HostStat): boolean {
  return a.btimeNsec === b.btimeNsec && a.btime === b.btime;
}
