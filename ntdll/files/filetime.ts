/** Windows times: 100 ns since 1601, more than a double holds, so they stay pairs of words until converted. */

/** Seconds from 1601 to 1970. */
const EPOCH = 11_644_473_600;
const TICKS = 10_000_000;
/** 2^32 = 429 s and this many ticks. */
const TWO_32_SECONDS = 429;
const TWO_32_TICKS = 4_967_296;

/** Whole seconds since 1970, rounded down. */
export function secondsOf(low: number, high: number): number {
  return high * TWO_32_SECONDS + Math.floor((high * TWO_32_TICKS + low) / TICKS) - EPOCH;
}

/** The nanoseconds after `secondsOf`. */
export function nanosecondsOf(low: number, high: number): number {
  return (high * TWO_32_TICKS + low) % TICKS * 100;
}

/** The time as a LARGE_INTEGER. */
export function fileTime(seconds: number, nanoseconds: number): bigint {
  return BigInt(seconds + EPOCH) * BigInt(TICKS) + BigInt(Math.floor(nanoseconds / 100));
}
