/** Deadlines in order, on the kernel's own clock. A binary heap: thousands of sleepers cost the loop one look. */

interface Timer {
  readonly deadline: number;
  readonly fire: () => void;
  cancelled: boolean;
}

export class TimerQueue {
  readonly #heap: Timer[] = [];

  /** Calls `fire` once `now` has reached `deadline` (milliseconds of Kernel.now()); disposal cancels it. */
  at(deadline: number, fire: () => void): Disposable {
    const timer: Timer = { deadline, fire, cancelled: false };
    this.#push(timer);
    return { [Symbol.dispose]: () => void (timer.cancelled = true) };
  }

  /** When the next timer is due; Infinity when there is none. */
  get next(): number {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.deadline ?? Infinity;
  }

  fireDue(now: number): void {
    while (this.next <= now) this.#pop()?.fire();
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let child = heap.length;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (heap[parent]!.deadline <= timer.deadline) break;
      heap[child] = heap[parent]!;
      child = parent;
    }
    heap[child] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let parent = 0;
    for (;;) {
      let child = parent * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.deadline < heap[child]!.deadline) child++;
      if (heap[child]!.deadline >= last.deadline) break;
      heap[parent] = heap[child]!;
      parent = child;
    }
    heap[parent] = last;
    return top;
  }
}
