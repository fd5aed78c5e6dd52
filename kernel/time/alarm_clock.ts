/** A moment on any clock, for timers of processes: time that passes, or processor time that is used. */
import type { Kernel } from "../kernel.ts";

/** Milliseconds between looks at a clock that may stand still. */
const SLOW_LOOK = 4;
/** Milliseconds: clocks and the kernel's timers do not round alike. */
const EARLY = 1e-3;

export class AlarmClock {
  readonly #kernel: Kernel;
  readonly #now: () => number;
  readonly #ring: (time: number) => void;
  #timer: Disposable | undefined;
  #time: number | undefined;

  /** `now` reads the clock in milliseconds; `ring` is called with the time that was set once that has come. */
  constructor(kernel: Kernel, now: () => number, ring: (time: number) => void) {
    this.#kernel = kernel;
    this.#now = now;
    this.#ring = ring;
  }

  now(): number {
    return this.#now();
  }

  /** When it rings; undefined when it does not. */
  get time(): number | undefined {
    return this.#time;
  }

  set(time: number | undefined): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#time = time;
    if (time !== undefined) this.#sleep(time - this.#now());
  }

  #sleep(milliseconds: number): void {
    this.#timer = this.#kernel.later(milliseconds, () => this.#look());
  }

  #look(): void {
    const time = this.#time!;
    const left = time - this.#now();
    if (left > EARLY) {
      this.#sleep(Math.max(left, SLOW_LOOK));
      return;
    }
    this.#time = undefined;
    this.#ring(time);
  }
}
