/**
 * Locks on ranges of a file (fcntl_locking(2)): advisory, known only within this kernel. The owner is a descriptor
 * table for POSIX locks, which fork(2) does not hand on, or an open file for open file description locks. Linux:
 * fs/locks.c.
 */
import { EAGAIN, EDEADLK, type Errno } from "../abi/errno.ts";
import { F_RDLCK, F_UNLCK, F_WRLCK } from "../abi/fcntl.ts";
import { WaitQueue } from "../task/wait.ts";
import type { OpenFile } from "./open_file.ts";
import { Stat } from "./stat.ts";

/** Who holds a lock; compared by identity. */
export type LockOwner = object;

export interface RecordLock {
  /** F_RDLCK or F_WRLCK. */
  readonly type: number;
  /** Bytes; the end is exclusive, Infinity for the end of the file, however far it grows. */
  readonly start: number;
  readonly end: number;
  readonly owner: LockOwner;
  /** Who set it, -1 for an open file description. */
  readonly pid: number;
}

/** The locks of one file. */
export class FileRecords {
  readonly waiters = new WaitQueue();
  #locks: RecordLock[] = [];

  constructor(readonly dev: number, readonly ino: number, private readonly table: RecordLocks) {}

  /** The first lock that is in the way of `wanted`. */
  conflict(wanted: RecordLock): RecordLock | undefined {
    return this.#locks.find((held) =>
      held.owner !== wanted.owner && held.start < wanted.end && wanted.start < held.end &&
      (held.type === F_WRLCK || wanted.type === F_WRLCK)
    );
  }

  /** Puts the lock in the place of what its owner has there; F_UNLCK only takes that away. EAGAIN: another's. */
  set(wanted: RecordLock): 0 | Errno {
    if (wanted.type !== F_UNLCK && this.conflict(wanted) !== undefined) return EAGAIN;
    const { owner, start, end, type } = wanted;
    const kept: RecordLock[] = [];
    let merged = wanted;
    for (const held of this.#locks) {
      const touches = held.owner === owner && held.start <= merged.end && merged.start <= held.end;
      if (!touches) kept.push(held);
      else if (held.type === type) {
        merged = {
          ...merged,
          start: Math.min(merged.start, held.start),
          end: Math.max(merged.end, held.end),
        };
      } else {
        if (held.start < start) kept.push({ ...held, end: Math.min(held.end, start) });
        if (held.end > end) kept.push({ ...held, start: Math.max(held.start, end) });
      }
    }
    if (type !== F_UNLCK) kept.push(merged);
    this.#locks = kept.sort((a, b) => a.start - b.start);
    if (kept.length === 0) this.table.forget(this);
    this.waiters.wakeAll();
    return 0;
  }

  /** The owner has closed the file. */
  release(owner: LockOwner): void {
    if (!this.#locks.some((held) => held.owner === owner)) return;
    this.#locks = this.#locks.filter((held) => held.owner !== owner);
    if (this.#locks.length === 0) this.table.forget(this);
    this.waiters.wakeAll();
  }

  /** Whether `file` is the file that the locks are on. */
  isOf(file: OpenFile): boolean {
    const stat = new Stat();
    return file.stat(stat) === 0 && stat.ino === this.ino && stat.dev === this.dev;
  }
}

/** All record locks of one kernel. */
export class RecordLocks {
  readonly #files = new Map<string, FileRecords>();
  /** Who waits for whom; each waits for one at a time. */
  readonly #waits = new Map<LockOwner, LockOwner>();

  of(dev: number, ino: number): FileRecords {
    const key = `${dev}:${ino}`;
    let records = this.#files.get(key);
    if (records === undefined) this.#files.set(key, records = new FileRecords(dev, ino, this));
    return records;
  }

  forget(records: FileRecords): void {
    if (records.waiters.empty) this.#files.delete(`${records.dev}:${records.ino}`);
  }

  /** `owner` is about to wait for `other`: EDEADLK when `other` waits, in the end, for `owner`. */
  startWait(owner: LockOwner, other: LockOwner): 0 | Errno {
    for (let next: LockOwner | undefined = other; next !== undefined; next = this.#waits.get(next)) {
      if (next === owner) return EDEADLK;
    }
    this.#waits.set(owner, other);
    return 0;
  }
  endWait(owner: LockOwner): void {
    this.#waits.delete(owner);
  }
}

export function isLockType(type: number): boolean {
  return type === F_RDLCK || type === F_WRLCK || type === F_UNLCK;
}
