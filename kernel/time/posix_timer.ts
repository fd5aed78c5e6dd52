/** Timers of timer_create(2). Linux: kernel/time/posix-timers.c. */
import { SI_TIMER, SIGEV_NONE, SIGEV_THREAD_ID } from "../abi/signal.ts";
import { CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, type Timespec } from "../abi/time.ts";
import { Errno } from "../abi/errno.ts";
import { sendInfo } from "../signal/send.ts";
import type { SigInfo } from "../signal/sig_info.ts";
import type { Task } from "../task/task.ts";
import { AlarmClock } from "./alarm_clock.ts";
import { toMilliseconds } from "./clock.ts";
import type { Interval } from "./itimer.ts";

/** What it does when it expires (sigevent(7)). */
export interface Notification {
  /** SIGEV_*. */
  readonly how: number;
  readonly signal: number;
  readonly value: number;
  /** With SIGEV_THREAD_ID, else the task that made the timer. */
  readonly target: Task;
}

/** Milliseconds: a nanosecond. */
const ALMOST_NOTHING = 1e-6;
/** The most timer_getoverrun(2) tells (DELAYTIMER_MAX). */
const MAX_OVERRUN = 0x7fff_ffff;

export class PosixTimer {
  readonly #clock: AlarmClock;
  readonly #notification: Notification;
  #interval = 0;
  /** Expirations since the one that was delivered last. */
  overrun = 0;
  /** When the expiration was due that waits for its delivery. */
  #due: number | undefined;
  /** Counts settings: what a setting before this one sent is not this one's. */
  #setting = 0;

  constructor(task: Task, readonly id: number, readonly clockId: number, notification: Notification) {
    this.#notification = notification;
    this.#clock = new AlarmClock(task.kernel, () => timeOf(task, clockId), (due) => this.#expire(due));
  }

  get(): Interval {
    const time = this.#clock.time ?? this.#next();
    const left = time === undefined ? 0 : time - this.#clock.now();
    // A timer that sends a signal shows that it runs until the signal is sent. Linux: common_timer_get.
    const value = left > 0 || time === undefined || this.#notification.how === SIGEV_NONE
      ? Math.max(left, 0)
      : ALMOST_NOTHING;
    return { value, interval: this.#interval };
  }

  /** `value` is zero to disarm; with `absolute` it is a time of the clock. */
  set(task: Task, value: Timespec, interval: Timespec, absolute: boolean): void {
    const milliseconds = toMilliseconds(value);
    this.#setting++;
    this.#due = undefined;
    this.#interval = milliseconds === 0 ? 0 : toMilliseconds(interval);
    this.overrun = 0;
    this.#clock.set(milliseconds === 0 ? undefined : this.#timeOfFirst(task, value, absolute));
  }

  #timeOfFirst(task: Task, value: Timespec, absolute: boolean): number {
    if (!absolute) return this.#clock.now() + toMilliseconds(value);
    if (isCpuClock(this.clockId)) return toMilliseconds(value);
    const deadline = task.kernel.clock.deadline(this.clockId, value, task);
    return deadline instanceof Errno ? this.#clock.now() : deadline;
  }

  disarm(): void {
    this.#setting++;
    this.#due = undefined;
    this.#clock.set(undefined);
  }

  /** The next expiration after the one that waits to be delivered. */
  #next(): number | undefined {
    if (this.#due === undefined || this.#interval === 0) return undefined;
    return this.#due + (this.#passed(this.#due) + 1) * this.#interval;
  }

  #passed(due: number): number {
    return Math.max(0, Math.floor((this.#clock.now() - due) / this.#interval));
  }

  #expire(due: number): void {
    const setting = this.#setting;
    const { how, signal, value, target } = this.#notification;
    this.#due = due;
    const plain: SigInfo = {
      signal,
      code: SI_TIMER,
      errno: 0,
      fields: { kind: "timer", id: this.id, overrun: 0, value },
    };
    const info: SigInfo = {
      ...plain,
      refresh: () => {
        if (setting === this.#setting) this.#goOn(due);
        return { ...plain, fields: { kind: "timer", id: this.id, overrun: this.overrun, value } };
      },
    };
    if (how !== SIGEV_NONE) sendInfo(target, info, how === SIGEV_THREAD_ID ? "task" : "process");
    const { queue, process } = target.signals;
    if (!queue.has(info) && !process.queue.has(info)) this.#goOn(due);
  }

  /** The expiration was delivered: those that have passed meanwhile are counted, and the next one is set. */
  #goOn(due: number): void {
    this.#due = undefined;
    this.overrun = 0;
    if (this.#interval === 0) return;
    const passed = this.#passed(due);
    this.overrun = Math.min(passed, MAX_OVERRUN);
    this.#clock.set(due + (passed + 1) * this.#interval);
  }
}

export function isCpuClock(clock: number): boolean {
  return clock === CLOCK_PROCESS_CPUTIME_ID || clock === CLOCK_THREAD_CPUTIME_ID;
}

function timeOf(task: Task, clock: number): number {
  if (!isCpuClock(clock)) return task.kernel.clock.now();
  const { user, system } = task.kernel.clock.cpuTime(task);
  return user + system;
}
