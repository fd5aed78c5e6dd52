/** A clock as a line over the time stamp counter: the arithmetic of the vDSO (data.ts), done exactly. */
import { SHIFT } from "./data.ts";

export interface ClockLine {
  /** The TSC where it begins; before, the clock stands still. */
  readonly baseTsc: bigint;
  /** The time there. */
  readonly nanoseconds: bigint;
  /** Nanoseconds of a tick, times 2^SHIFT. */
  readonly mult: number;
}

/** What the clock shows when the counter is `tsc`. */
export function timeAt(line: ClockLine, tsc: bigint): bigint {
  const ticks = tsc > line.baseTsc ? tsc - line.baseTsc : 0n;
  return line.nanoseconds + (ticks * BigInt(line.mult) >> BigInt(SHIFT));
}

/** `mult` for a counter of this many ticks a nanosecond; undefined when 32 bits don't hold it. */
export function multFor(ticksPerNanosecond: number): number | undefined {
  const mult = Math.round(2 ** SHIFT / ticksPerNanosecond);
  return mult > 0 && mult < 2 ** 32 ? mult : undefined;
}

/** The fastest that a clock is put right: Linux's adjtime slews by half a thousandth, too. */
const MAX_SLEW = 0.0005;

/**
 * The line that goes on at `tsc` from `nanoseconds`, and would meet a clock of the given `mult` that is `error`
 * nanoseconds ahead of it after `interval` of them.
 */
export function lineThrough(
  at: { readonly baseTsc: bigint; readonly nanoseconds: bigint },
  mult: number,
  error: number,
  interval: number,
): ClockLine {
  const slew = Math.max(-MAX_SLEW, Math.min(MAX_SLEW, error / interval));
  return { baseTsc: at.baseTsc, nanoseconds: at.nanoseconds, mult: Math.round(mult * (1 + slew)) };
}
