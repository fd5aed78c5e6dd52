/**
 * The machine's clocks. Where Windows trusts the time stamp counter, monotonic and realtime are lines over it, which
 * the vDSO reads in the guest and the kernel reads by the same code (clock_code.ts): they agree to the nanosecond.
 * The lines are measured against QueryPerformanceCounter and the system time, and put right now and then without a
 * step back. Elsewhere the kernel asks Windows, and the vDSO asks the kernel.
 */
import { i64, pad, struct } from "../kernel/abi/layout.ts";
import type { Timespec } from "../kernel/abi/time.ts";
import type { GuestThread } from "../kernel/host.ts";
import type { CpuTime, HostClock } from "../kernel/host_clock.ts";
import type { VdsoSource } from "../kernel/host_vdso.ts";
import { type ClockLine, lineThrough, multFor, timeAt, VdsoPages } from "../loader/vdso/mod.ts";
import { ClockCode } from "./clock_code.ts";
import { openClockCalls } from "./clock_symbols.ts";
import { GuestNtThread } from "./guest_thread.ts";
import { MachineTime, type Moment } from "./machine_time.ts";
import type { Ntdll } from "./symbols.ts";
import { windowsTrustsTsc } from "./tsc_trust.ts";

const ThreadTimes = 1;

/** KERNEL_USER_TIMES (ntpsapi.h), in 100 ns. */
const KERNEL_USER_TIMES = struct("KERNEL_USER_TIMES", 32, {
  _times: pad(16),
  KernelTime: i64,
  UserTime: i64,
});
const UNITS_PER_MS = 10_000;

/** The shortest time over which the TSC's rate is measured: good to 0.02 %; refreshes make it far better. */
const SHORTEST_MS = 2;
const REFRESH_MS = 2000;
/** A clock that is wrong by less catches up; by more, it steps: it was set, or the machine slept. */
const STEP_NS = 10_000_000;
/** Nanoseconds of a millisecond. */
const MS_NS = 1_000_000;

interface Lines {
  readonly monotonic: ClockLine;
  readonly realtime: ClockLine;
}

export class NtClock implements HostClock, VdsoSource {
  readonly refreshInterval = REFRESH_MS;
  readonly #nt: Ntdll;
  readonly #code: ClockCode;
  readonly #time: MachineTime;
  readonly #pages = new VdsoPages();
  readonly #times = new Uint8Array(KERNEL_USER_TIMES.size);
  /** Undefined while the TSC is not in use: not yet, or not at all. */
  #lines: Lines | undefined;
  #usable: boolean;
  /** Where the measurement of the TSC's rate began. */
  #begin: Moment;
  /** Milliseconds by which the monotonic clock is before the performance counter. */
  #ahead = 0;

  constructor(nt: Ntdll) {
    this.#nt = nt;
    const calls = openClockCalls();
    this.#code = new ClockCode(nt, calls);
    this.#time = new MachineTime(this.#code, calls);
    this.#usable = windowsTrustsTsc(calls) && this.#code.hasSteadyTsc();
    this.#begin = this.#time.monotonic();
    this.#pages.add(this.#code.page);
  }

  /** Whether the vDSO tells the time, once a page was asked for. */
  get usesTsc(): boolean {
    return this.#usable;
  }

  monotonic(): number {
    return this.#lines === undefined ? this.#time.counter() + this.#ahead : this.#code.monotonic();
  }

  realtime(): Timespec {
    if (this.#lines === undefined) return this.#time.systemTime();
    this.#code.realtime();
    const { answers } = this.#code;
    return { tv_sec: answers[0]!, tv_nsec: answers[1]! };
  }

  cpuTime(thread: GuestThread): CpuTime | undefined {
    if (!(thread instanceof GuestNtThread)) return undefined;
    const times = this.#times;
    const status = this.#nt.NtQueryInformationThread(thread.handle, ThreadTimes, times, times.length, null);
    if (status !== 0) return undefined;
    const { KernelTime, UserTime } = KERNEL_USER_TIMES.decode(times);
    return { user: UserTime / UNITS_PER_MS, system: KernelTime / UNITS_PER_MS };
  }

  addPage(page: Uint8Array<ArrayBuffer>): void {
    if (this.#lines === undefined && this.#usable) this.#start();
    this.#pages.add(page);
  }

  removePage(page: Uint8Array<ArrayBuffer>): void {
    this.#pages.remove(page);
  }

  refresh(): void {
    if (this.#lines === undefined) return;
    const now = this.#time.monotonic();
    const shown = timeAt(this.#lines.monotonic, now.tsc);
    const error = Number(now.nanoseconds - shown);
    if (error < -STEP_NS) return this.#giveUp(shown - now.nanoseconds);
    // The counter stood still, in sleep or hibernation: its rate has to be measured anew.
    if (error > STEP_NS) this.#begin = now;
    const measured = this.#begin === now ? this.#lines.monotonic.mult : this.#measure(now);
    if (measured === undefined) return this.#giveUp(shown - now.nanoseconds);
    this.#publish(this.#lines, { now, error, mult: measured });
  }

  /** From Windows' clocks to the TSC. The line begins where the counter was read at the earliest: never behind it. */
  #start(): void {
    let now = this.#time.monotonic();
    while (Number(now.nanoseconds - this.#begin.nanoseconds) < SHORTEST_MS * MS_NS) {
      now = this.#time.monotonic();
    }
    const mult = this.#measure(now);
    this.#usable = mult !== undefined;
    if (mult === undefined) return;
    const real = this.#time.realtime();
    const monotonic = { baseTsc: now.earliest, nanoseconds: now.nanoseconds, mult };
    const realtime = { baseTsc: real.tsc, nanoseconds: real.nanoseconds, mult };
    this.#publish({ monotonic, realtime }, { now, error: 0, mult });
  }

  /** Goes on from `lines` with the clocks put right. */
  #publish(lines: Lines, { now, error, mult }: { now: Moment; error: number; mult: number }): void {
    const real = this.#time.realtime();
    const realError = Number(real.nanoseconds - timeAt(lines.realtime, real.tsc));
    const realStep = Math.abs(realError) > STEP_NS;
    const interval = REFRESH_MS * MS_NS;
    this.#pages.publish(() => {
      const baseTsc = this.#code.ticks();
      const target = (moment: Moment) =>
        timeAt({ baseTsc: moment.tsc, nanoseconds: moment.nanoseconds, mult }, baseTsc);
      const monotonic = error > STEP_NS ? target(now) : timeAt(lines.monotonic, baseTsc);
      const realtime = realStep ? target(real) : timeAt(lines.realtime, baseTsc);
      this.#lines = {
        monotonic: lineThrough(
          { baseTsc, nanoseconds: monotonic },
          mult,
          error > STEP_NS ? 0 : error,
          interval,
        ),
        realtime: lineThrough({ baseTsc, nanoseconds: realtime }, mult, realStep ? 0 : realError, interval),
      };
      return this.#lines;
    });
  }

  /** The TSC's rate since the beginning, as a line's `mult`. */
  #measure(now: Moment): number | undefined {
    const nanoseconds = Number(now.nanoseconds - this.#begin.nanoseconds);
    return multFor(Number(now.tsc - this.#begin.tsc) / nanoseconds);
  }

  /** The TSC is no clock after all. Time goes on from where it is, by the performance counter. */
  #giveUp(aheadNs: bigint): void {
    this.#usable = false;
    this.#lines = undefined;
    this.#ahead = Math.max(0, Number(aheadNs) / MS_NS);
    this.#pages.withdraw();
  }
}
