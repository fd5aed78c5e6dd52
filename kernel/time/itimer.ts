/** The three interval timers of a process (setitimer(2)). Linux: kernel/time/itimer.c. */
import { SIGALRM, SIGPROF, SIGVTALRM } from "../abi/signal.ts";
import { ITIMER_PROF, ITIMER_REAL } from "../abi/time.ts";
import { sendInfo } from "../signal/send.ts";
import { kernelInfo, type SigInfo } from "../signal/sig_info.ts";
import type { Task } from "../task/task.ts";
import { AlarmClock } from "./alarm_clock.ts";

/** Milliseconds. */
export interface Interval {
  /** Until the next expiration; 0: none is to come. */
  readonly value: number;
  /** From each to the next; 0: there is only one. */
  readonly interval: number;
}

/** What is left of a timer whose expiration is being delivered: Linux shows a microsecond. */
const ALMOST_NOTHING = 1e-3;

export class IntervalTimer {
  readonly #task: Task;
  readonly #signal: number;
  readonly #clock: AlarmClock;
  #interval = 0;

  constructor(task: Task, which: number) {
    this.#task = task;
    this.#signal = which === ITIMER_REAL ? SIGALRM : which === ITIMER_PROF ? SIGPROF : SIGVTALRM;
    this.#clock = new AlarmClock(task.kernel, () => timeOf(task, which), (due) => this.#expire(due));
  }

  get(): Interval {
    const { time } = this.#clock;
    const value = time === undefined ? 0 : Math.max(time - this.#clock.now(), ALMOST_NOTHING);
    return { value, interval: this.#interval };
  }

  set({ value, interval }: Interval): void {
    this.#interval = value === 0 ? 0 : interval;
    this.#clock.set(value === 0 ? undefined : this.#clock.now() + value);
  }

  disarm(): void {
    this.#clock.set(undefined);
  }

  /** The next one is counted from when it was due; it is not sent before this one has been delivered. */
  #expire(due: number): void {
    const info: SigInfo = {
      ...kernelInfo(this.#signal),
      refresh: () => {
        this.#goOn(due);
        return kernelInfo(this.#signal);
      },
    };
    sendInfo(this.#task, info, "process");
    if (!this.#task.signals.process.queue.has(info)) this.#goOn(due);
  }

  #goOn(due: number): void {
    if (this.#interval === 0 || this.#clock.time !== undefined || this.#task.exited) return;
    const passed = Math.floor((this.#clock.now() - due) / this.#interval);
    this.#clock.set(due + (passed + 1) * this.#interval);
  }
}

function timeOf(task: Task, which: number): number {
  if (which === ITIMER_REAL) return task.kernel.clock.now();
  const { user, system } = task.kernel.clock.cpuTime(task);
  return which === ITIMER_PROF ? user + system : user;
}
