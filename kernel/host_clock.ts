/** The machine's clocks, as the kernel asks for them. `ntdll/` implements this on Windows. */
import type { Timespec } from "./abi/time.ts";
import type { GuestThread } from "./host.ts";

/** Processor time in milliseconds. */
export interface CpuTime {
  readonly user: number;
  readonly system: number;
}

export interface HostClock {
  /**
   * Milliseconds since the machine started, with a fraction finer than a microsecond; never goes back. The kernel's
   * deadlines are on this clock.
   */
  monotonic(): number;
  /** Time since the epoch, 0 <= tv_nsec < 10^9. */
  realtime(): Timespec;
  /** Processor time of a guest thread; undefined where the machine does not tell. */
  cpuTime(thread: GuestThread): CpuTime | undefined;
}

/** A clock from what every JavaScript engine has: to the microsecond, and monotonic time counted from its start. */
export function performanceClock(): HostClock {
  return {
    monotonic: () => performance.now(),
    realtime() {
      const now = performance.now();
      const origin = performance.timeOrigin;
      const seconds = Math.floor(origin / 1000) + Math.floor(now / 1000);
      const nanoseconds = Math.floor((origin % 1000) * 1e6 + (now % 1000) * 1e6);
      return { tv_sec: seconds + Math.floor(nanoseconds / 1e9), tv_nsec: nanoseconds % 1e9 };
    },
    cpuTime: () => undefined,
  };
}
