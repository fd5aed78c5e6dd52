/** The names that the assembly sources of the vDSO and of the kernel's own clock leave open. */
import * as time from "../../kernel/abi/time.ts";
import { SHIFT, VdsoClock, VdsoData } from "./data.ts";

/** The clocks of either line, as sets of clock ids; the coarse ones are told as exactly as the others. */
const MONOTONIC_CLOCKS = [
  time.CLOCK_MONOTONIC,
  time.CLOCK_MONOTONIC_RAW,
  time.CLOCK_MONOTONIC_COARSE,
  time.CLOCK_BOOTTIME,
];
const REALTIME_CLOCKS = [time.CLOCK_REALTIME, time.CLOCK_REALTIME_COARSE, time.CLOCK_TAI];
const COARSE_CLOCKS = [time.CLOCK_REALTIME_COARSE, time.CLOCK_MONOTONIC_COARSE];

function setOf(clocks: readonly number[]): number {
  return clocks.reduce((set, clock) => set | 1 << clock, 0);
}

const FINE_CLOCKS = [...MONOTONIC_CLOCKS, ...REALTIME_CLOCKS].filter((clock) =>
  !COARSE_CLOCKS.includes(clock)
);

/** Assembler symbols, for all of them. */
export const VDSO_SYMBOLS: Readonly<Record<string, number>> = {
  GENERATION: VdsoData.offset.generation,
  BASE_TSC: VdsoData.offset.baseTsc,
  MONOTONIC: VdsoData.offset.monotonic,
  REALTIME: VdsoData.offset.realtime,
  MULT: VdsoClock.offset.mult,
  NSEC: VdsoClock.offset.nsec,
  SEC: VdsoClock.offset.sec,
  SHIFT,
  LAST_CLOCK: Math.max(...MONOTONIC_CLOCKS, ...REALTIME_CLOCKS),
  MONOTONIC_CLOCKS: setOf(MONOTONIC_CLOCKS),
  REALTIME_CLOCKS: setOf(REALTIME_CLOCKS),
  FINE_CLOCKS: setOf(FINE_CLOCKS),
  COARSE_CLOCKS: setOf(COARSE_CLOCKS),
  COARSE_NSEC: 4_000_000, // a jiffy, as the system call says (kernel/time/clock.ts)
  NSEC_PER_SEC: time.NSEC_PER_SEC,
};
