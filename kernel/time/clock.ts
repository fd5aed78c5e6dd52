/** The kernel's clocks (clock_gettime(2)), read from the host's. Times are seconds and nanoseconds, both numbers. */
import { EINVAL, Errno } from "../abi/errno.ts";
import {
  CLOCK_BOOTTIME,
  CLOCK_BOOTTIME_ALARM,
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_REALTIME_ALARM,
  CLOCK_REALTIME_COARSE,
  CLOCK_TAI,
  CLOCK_THREAD_CPUTIME_ID,
  NSEC_PER_SEC,
  type Timespec,
} from "../abi/time.ts";
import type { GuestThread } from "../host.ts";
import type { CpuTime, HostClock } from "../host_clock.ts";

/** What of a task the processor-time clocks need. */
export interface HasCpuTime {
  readonly thread: GuestThread;
  /** Kernel.now() at its start. */
  readonly startTime: number;
}

/** Nanoseconds of a jiffy, the resolution of the coarse clocks (HZ = 250). */
const JIFFY_NSEC = 4_000_000;

/** Milliseconds: less than a tick of Windows' accounting. */
const SHORT_LIFE = 10;
const NO_TIME: CpuTime = { user: 0, system: 0 };

/** Milliseconds: more than a time loses between clocks. */
const ROUNDING = 2e-6;

export class Clock {
  readonly #host: HostClock;
  /** What ended tasks have used of their threads' processor time. */
  readonly #earlier = new WeakMap<GuestThread, CpuTime>();

  constructor(host: HostClock) {
    this.#host = host;
  }

  /** Milliseconds, with a fraction, of CLOCK_MONOTONIC. */
  now(): number {
    return this.#host.monotonic();
  }

  /** Time of CLOCK_REALTIME. */
  realtime(): Timespec {
    return this.#host.realtime();
  }

  /** EINVAL for a clock that does not exist. */
  read(clock: number, task: HasCpuTime): Timespec | Errno {
    switch (clock) {
      case CLOCK_REALTIME:
      case CLOCK_REALTIME_COARSE:
      case CLOCK_REALTIME_ALARM:
      case CLOCK_TAI:
        return this.#host.realtime();
      case CLOCK_MONOTONIC:
      case CLOCK_MONOTONIC_RAW:
      case CLOCK_MONOTONIC_COARSE:
      case CLOCK_BOOTTIME:
      case CLOCK_BOOTTIME_ALARM:
        return fromMilliseconds(this.#host.monotonic());
      case CLOCK_PROCESS_CPUTIME_ID:
      case CLOCK_THREAD_CPUTIME_ID: {
        const { user, system } = this.cpuTime(task);
        return fromMilliseconds(user + system);
      }
      default:
        return EINVAL;
    }
  }

  /**
   * When, in milliseconds of now(), the clock will show `time`: never too early, however the two clocks round.
   * EINVAL for a clock that does not exist.
   */
  deadline(clock: number, time: Timespec, task: HasCpuTime): number | Errno {
    const shown = this.read(clock, task); // before now(): what passes in between makes the deadline later
    return shown instanceof Errno ? shown : this.now() + millisecondsBetween(time, shown) + ROUNDING;
  }

  /** clock_getres(2). EINVAL for a clock that does not exist. */
  resolution(clock: number, task: HasCpuTime): Timespec | Errno {
    const coarse = clock === CLOCK_REALTIME_COARSE || clock === CLOCK_MONOTONIC_COARSE;
    const time = this.read(clock, task);
    return time instanceof Errno ? time : { tv_sec: 0, tv_nsec: coarse ? JIFFY_NSEC : 1 };
  }

  /** Processor time of the task, or all of its time where the host does not tell. */
  cpuTime(task: HasCpuTime): CpuTime {
    const total = this.#host.cpuTime(task.thread);
    if (total === undefined) return { user: this.now() - task.startTime, system: 0 };
    const { user, system } = this.#earlier.get(task.thread) ?? NO_TIME;
    return { user: Math.max(0, total.user - user), system: Math.max(0, total.system - system) };
  }

  /**
   * Processor time of a task that has ended; its thread may run other ones. A short life counts as spent on the
   * processor: to ask the host takes a good part of what a short life does, and its answer is no finer.
   */
  settleCpuTime(task: HasCpuTime): CpuTime {
    const life = this.now() - task.startTime;
    const used = life < SHORT_LIFE ? { user: life, system: 0 } : this.cpuTime(task);
    const { user, system } = this.#earlier.get(task.thread) ?? NO_TIME;
    this.#earlier.set(task.thread, { user: user + used.user, system: system + used.system });
    return used;
  }

  /** The task goes on in a thread that it has not had before: what it has used so far stays its own. */
  moveCpuTime(task: HasCpuTime, thread: GuestThread): void {
    const used = this.settleCpuTime(task);
    const { user, system } = this.#earlier.get(thread) ?? NO_TIME;
    this.#earlier.set(thread, { user: user - used.user, system: system - used.system });
  }
}

/** From milliseconds, 0 or more, to the nanosecond below. */
export function fromMilliseconds(milliseconds: number): Timespec {
  const tv_sec = Math.floor(milliseconds / 1000);
  const tv_nsec = Math.min(Math.floor((milliseconds - tv_sec * 1000) * 1e6), NSEC_PER_SEC - 1);
  return { tv_sec, tv_nsec };
}

export function toMilliseconds(time: Timespec): number {
  return time.tv_sec * 1000 + time.tv_nsec / 1e6;
}

/** `a - b` in milliseconds, exact to a fraction of a microsecond also for times since the epoch. */
export function millisecondsBetween(a: Timespec, b: Timespec): number {
  return (a.tv_sec - b.tv_sec) * 1000 + (a.tv_nsec - b.tv_nsec) / 1e6;
}

/** Linux: timespec64_valid. */
export function isValid(time: Timespec): boolean {
  return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < NSEC_PER_SEC;
}
