/** What Windows says the time is, in nanoseconds and together with the time stamp counter. */
import { u64big } from "../kernel/abi/layout.ts";
import type { Timespec } from "../kernel/abi/time.ts";
import type { ClockCode } from "./clock_code.ts";
import type { ClockCalls } from "./clock_symbols.ts";
import { check } from "./nt_error.ts";

/** 100 ns from 1601 to 1970. */
const EPOCH = 116_444_736_000_000_000n;
const EPOCH_HIGH = Number(EPOCH >> 32n), EPOCH_LOW = Number(EPOCH & 0xffff_ffffn);
const UNITS_PER_SECOND = 10_000_000;
/** 2 ** 32 units of 100 ns: whole seconds, and the rest. */
const SECONDS_OF_HIGH = 429, UNITS_OF_HIGH = 2 ** 32 - 429 * UNITS_PER_SECOND;
const FILETIME_NS = 100n;
const SECOND_NS = 1_000_000_000n;

/** How often a clock is asked, for the answer that took the shortest time. */
const ATTEMPTS = 5;

export interface Moment {
  readonly nanoseconds: bigint;
  /** The clock showed it not before, and most likely at. */
  readonly earliest: bigint;
  readonly tsc: bigint;
}

export class MachineTime {
  readonly #code: ClockCode;
  readonly #calls: ClockCalls;
  readonly #value = new BigUint64Array(1);
  readonly #words = new Uint32Array(this.#value.buffer);
  readonly #frequency: bigint;
  readonly #ticksPerMs: number;
  readonly #record = new Uint8Array(8);

  constructor(code: ClockCode, calls: ClockCalls) {
    this.#code = code;
    this.#calls = calls;
    const frequency = new Uint8Array(8);
    check("NtQueryPerformanceCounter", calls.nt.NtQueryPerformanceCounter(this.#record, frequency));
    this.#frequency = u64big.read(new DataView(frequency.buffer), 0);
    this.#ticksPerMs = Number(this.#frequency) / 1000;
  }

  /** The performance counter, in milliseconds. */
  counter(): number {
    this.#calls.nt.NtQueryPerformanceCounter(this.#value, null);
    return (this.#words[0]! + this.#words[1]! * 2 ** 32) / this.#ticksPerMs;
  }

  /** Time since the epoch. In halves: all of it has more digits than a double. */
  systemTime(): Timespec {
    this.#calls.k32.GetSystemTimePreciseAsFileTime(this.#value);
    const high = this.#words[1]! - EPOCH_HIGH;
    const low = high * UNITS_OF_HIGH + this.#words[0]! - EPOCH_LOW;
    const seconds = Math.floor(low / UNITS_PER_SECOND);
    return { tv_sec: high * SECONDS_OF_HIGH + seconds, tv_nsec: (low - seconds * UNITS_PER_SECOND) * 100 };
  }

  /** The performance counter and the TSC. */
  monotonic(): Moment {
    return this.#best(this.#calls.addresses.counterAddress, (count) => count * SECOND_NS / this.#frequency);
  }

  /** Time since the epoch and the TSC. */
  realtime(): Moment {
    return this.#best(this.#calls.addresses.systemTimeAddress, (time) => (time - EPOCH) * FILETIME_NS);
  }

  #best(source: Deno.PointerValue, toNanoseconds: (value: bigint) => bigint): Moment {
    let best = this.#code.sample(source);
    for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
      const next = this.#code.sample(source);
      if (next.after - next.before < best.after - best.before) best = next;
    }
    const tsc = best.before + (best.after - best.before) / 2n;
    return { nanoseconds: toNanoseconds(best.value), earliest: best.before, tsc };
  }
}
