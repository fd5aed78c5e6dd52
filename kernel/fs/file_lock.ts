/** flock(2) locks: advisory, whole files, owned by open file descriptions. Known only within this kernel. */
import { EAGAIN, Errno } from "../abi/errno.ts";
import { WaitQueue } from "../task/wait.ts";
import type { OpenFile } from "./open_file.ts";

/** The lock state of one file. */
export class FileLock {
  readonly waiters = new WaitQueue();
  readonly #holders = new Set<OpenFile>();
  #exclusive = false;

  constructor(private readonly whenFree: () => void) {}

  /** Takes the lock, or changes its kind; EAGAIN while others hold it in the way. */
  acquire(file: OpenFile, exclusive: boolean): 0 | Errno {
    const others = this.#holders.size - (this.#holders.has(file) ? 1 : 0);
    if (others > 0 && (exclusive || this.#exclusive)) return EAGAIN;
    const wasExclusive = this.#exclusive;
    this.#holders.add(file);
    this.#exclusive = exclusive;
    if (wasExclusive && !exclusive) this.waiters.wakeAll();
    return 0;
  }

  release(file: OpenFile): void {
    if (!this.#holders.delete(file)) return;
    this.#exclusive = false;
    file.lock = undefined;
    if (this.#holders.size === 0) this.whenFree();
    this.waiters.wakeAll();
  }
}

/** All locks, by device and inode number. */
export class FileLocks {
  readonly #locks = new Map<string, FileLock>();

  of(dev: number, ino: number): FileLock {
    const key = `${dev}:${ino}`;
    let lock = this.#locks.get(key);
    if (!lock) {
      lock = new FileLock(() => this.#locks.delete(key));
      this.#locks.set(key, lock);
    }
    return lock;
  }
}
