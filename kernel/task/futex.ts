/**
 * Futexes: waiters in the order they came, by address space and address. Shared futexes in shared memory are keyed
 * the same way until memory is shared between processes. Linux: kernel/futex/core.c.
 */
import { FUTEX_BITSET_MATCH_ANY } from "../abi/futex.ts";
import type { UserPtr } from "../abi/types.ts";
import { WaitQueue } from "./wait.ts";

/** One task's place in a futex's queue. Disposal leaves it. */
export interface FutexWaiter extends Disposable {
  /** Woken with the waiter. */
  readonly queue: WaitQueue;
  /** Whether a wake has chosen this waiter. */
  readonly woken: boolean;
}

class Entry implements FutexWaiter {
  readonly queue = new WaitQueue();
  woken = false;
  constructor(public list: Entry[], readonly bitset: number) {}

  [Symbol.dispose](): void {
    const at = this.list.indexOf(this);
    if (at >= 0) this.list.splice(at, 1);
  }
}

export class FutexTable {
  readonly #spaces = new WeakMap<object, Map<UserPtr, Entry[]>>();

  /** Joins the queue of the futex at `address` of the address space `mm`. */
  join(mm: object, address: UserPtr, bitset = FUTEX_BITSET_MATCH_ANY): FutexWaiter {
    const list = this.#list(mm, address);
    const entry = new Entry(list, bitset);
    list.push(entry);
    return entry;
  }

  /** Wakes at most `count` waiters whose bitset meets `bitset`; returns how many. */
  wake(mm: object, address: UserPtr, count: number, bitset = FUTEX_BITSET_MATCH_ANY): number {
    const list = this.#spaces.get(mm)?.get(address);
    if (list === undefined) return 0;
    const chosen = list.filter((entry) => (entry.bitset & bitset) !== 0).slice(0, Math.max(0, count));
    for (const entry of chosen) {
      entry[Symbol.dispose]();
      entry.woken = true;
      entry.queue.wakeAll();
    }
    this.#forget(mm, address);
    return chosen.length;
  }

  /** Moves up to `moveCount` waiters to the futex at `to`; returns how many. */
  requeue(mm: object, from: UserPtr, to: UserPtr, moveCount: number): number {
    const source = this.#spaces.get(mm)?.get(from);
    if (source === undefined) return 0;
    const moved = source.splice(0, Math.max(0, moveCount));
    const target = this.#list(mm, to);
    for (const entry of moved) {
      entry.list = target;
      target.push(entry);
    }
    this.#forget(mm, from);
    return moved.length;
  }

  #list(mm: object, address: UserPtr): Entry[] {
    let futexes = this.#spaces.get(mm);
    if (futexes === undefined) this.#spaces.set(mm, futexes = new Map());
    let list = futexes.get(address);
    if (list === undefined) futexes.set(address, list = []);
    return list;
  }

  #forget(mm: object, address: UserPtr): void {
    const futexes = this.#spaces.get(mm);
    if (futexes?.get(address)?.length === 0) futexes.delete(address);
  }
}
