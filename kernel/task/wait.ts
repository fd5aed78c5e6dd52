/**
 * Waiting. Objects never block: they own a WaitQueue and wake it when their state changes. One helper, `untilReady`,
 * tries, registers, waits, tries again, and ends by event, signal or deadline.
 */
import { EAGAIN, ERESTARTSYS } from "../abi/errno.ts";
import type { Outcome, SyscallResult } from "../syscalls/result.ts";

export type WakeReason = "event" | "signal" | "timeout";

/** One task's wait; it may stand in several queues (poll). Ends once, with the first reason. */
export interface Waiter {
  wake(reason: WakeReason): void;
}

export class WaitQueue {
  readonly #waiters = new Set<Waiter>();

  /** The caller disposes of the entry when its wait is over. */
  register(waiter: Waiter): Disposable {
    this.#waiters.add(waiter);
    return { [Symbol.dispose]: () => void this.#waiters.delete(waiter) };
  }

  get empty(): boolean {
    return this.#waiters.size === 0;
  }

  wakeAll(): void {
    for (const waiter of this.#waiters) waiter.wake("event");
  }

  /** Wakes at most `count`, in the order they came; returns how many. */
  wake(count: number): number {
    let woken = 0;
    for (const waiter of this.#waiters) {
      if (woken === count) break;
      this.#waiters.delete(waiter);
      waiter.wake("event");
      woken++;
    }
    return woken;
  }
}

/** A wait that has begun: it stands in its queues until it is disposed of. */
export interface PendingWait extends Disposable {
  readonly reason: Promise<WakeReason>;
}

/** "long": what is waited for takes its time, as a child's end does: the thread need not look for it meanwhile. */
export type WaitKind = "uninterruptible" | "long";

/** What of a task the helpers need; see task.ts. */
export interface Blockable {
  /**
   * Registers at once, so that no event after the call is lost. Ends by an event of one of the queues, by a signal
   * for the task unless it is uninterruptible, or at the deadline (milliseconds of Kernel.now(), Infinity for none).
   */
  beginWait(queues: readonly WaitQueue[], deadline: number, how?: WaitKind): PendingWait;
}

/** Repeats `attempt` until it is not EAGAIN, after any event of the queues. Synchronous unless it has to wait. */
export function untilReady(
  task: Blockable,
  queues: WaitQueue | readonly WaitQueue[],
  nonblocking: boolean,
  attempt: () => Outcome,
  how?: WaitKind,
): SyscallResult {
  const first = attempt();
  if (first !== EAGAIN || nonblocking) return first;
  return retry();

  async function retry(): Promise<Outcome> {
    for (;;) {
      // Nothing can happen between an attempt and the registration after it: there is no await.
      using wait = task.beginWait(queues instanceof WaitQueue ? [queues] : queues, Infinity, how);
      const reason = await wait.reason;
      const result = attempt();
      if (result !== EAGAIN) return result;
      if (reason === "signal") return ERESTARTSYS;
    }
  }
}
