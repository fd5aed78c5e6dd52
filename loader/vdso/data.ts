/**
 * The page of numbers from which the vDSO tells the time (vdso(7)): what the kernel, which writes it, and the vDSO's
 * code, which reads it, agree on. Linux: include/vdso/datapage.h.
 *
 * A clock is a line over the processor's time stamp counter:
 *
 *   time = sec, nsec + ((TSC - baseTsc) * mult >> SHIFT), and not before baseTsc
 *
 * Protocol. `generation` is odd while the numbers stand. The writer makes it even, then reads the TSC, writes lines
 * that begin there and continue the old ones, and makes it odd with a new value. A reader takes the generation, the
 * TSC and the numbers, and the generation again: the same, odd one means that its TSC lies before the new line's
 * beginning, so time never goes back. Even means: ask the kernel. A page of zeros is therefore a clock not in use.
 */
import { pad, struct, u32, u64 } from "../../kernel/abi/layout.ts";

/** mult is 2^SHIFT times the nanoseconds of a tick: 32 bits for every TSC of more than 500 MHz. */
export const SHIFT = 31;

/** A line's numbers. */
export const VdsoClock = struct("vdso clock", 16, {
  mult: u32,
  /** Below 10^9. */
  nsec: u32,
  sec: u64,
});

export const VdsoData = struct("vdso data", 48, {
  generation: u32,
  _pad: pad(4),
  baseTsc: u64,
  monotonic: VdsoClock,
  realtime: VdsoClock,
});

/** Pages of data before the vDSO's image. */
export const VVAR_PAGES = 1;
