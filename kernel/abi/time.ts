/** Clocks and time structs (uapi/linux/time.h, time_types.h, times.h, timex.h). */
import { type Abi, perAbi } from "./abi.ts";
import { i32, i64, struct, type TypeOf } from "./layout.ts";

export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;
export const CLOCK_PROCESS_CPUTIME_ID = 2;
export const CLOCK_THREAD_CPUTIME_ID = 3;
export const CLOCK_MONOTONIC_RAW = 4;
export const CLOCK_REALTIME_COARSE = 5;
export const CLOCK_MONOTONIC_COARSE = 6;
export const CLOCK_BOOTTIME = 7;
export const CLOCK_REALTIME_ALARM = 8;
export const CLOCK_BOOTTIME_ALARM = 9;
export const CLOCK_TAI = 11;

/** Flag of clock_nanosleep(2). */
export const TIMER_ABSTIME = 1;

export const ITIMER_REAL = 0;
export const ITIMER_VIRTUAL = 1;
export const ITIMER_PROF = 2;

/** Ticks per second of clock_t (USER_HZ). */
export const USER_HZ = 100;

export const NSEC_PER_SEC = 1_000_000_000;

/** struct __kernel_timespec, 16 bytes: that of the `*_time64` calls on i386. */
export const timespec64 = struct("__kernel_timespec", 16, { tv_sec: i64, tv_nsec: i64 });
export type Timespec = TypeOf<typeof timespec64>;

/** struct timespec: 16 bytes, on i386 8 (old_timespec32). */
export const timespec = perAbi((abi: Abi) =>
  struct("timespec", 2 * abi.word, { tv_sec: abi.long, tv_nsec: abi.long })
);

/** struct timeval: 16 bytes, on i386 8 (old_timeval32). */
export const timeval = perAbi((abi: Abi) =>
  struct("timeval", 2 * abi.word, { tv_sec: abi.long, tv_usec: abi.long })
);
export type Timeval = TypeOf<typeof timeval.x86_64>;

/** struct timezone, 8 bytes. */
export const timezone = struct("timezone", 8, { tz_minuteswest: i32, tz_dsttime: i32 });

/** struct itimerval: two timevals. */
export const itimerval = perAbi((abi: Abi) =>
  struct("itimerval", 4 * abi.word, { it_interval: timeval[abi.name], it_value: timeval[abi.name] })
);

/** struct __kernel_itimerspec, 32 bytes. */
export const itimerspec64 = struct("__kernel_itimerspec", 32, {
  it_interval: timespec64,
  it_value: timespec64,
});
export type Itimerspec = TypeOf<typeof itimerspec64>;

/** struct itimerspec: two timespecs; on i386 16 bytes (old_itimerspec32). */
export const itimerspec = perAbi((abi: Abi) =>
  struct("itimerspec", 4 * abi.word, { it_interval: timespec[abi.name], it_value: timespec[abi.name] })
);

/** struct tms: four clock_t. */
export const tms = perAbi((abi: Abi) =>
  struct("tms", 4 * abi.word, {
    tms_utime: abi.long,
    tms_stime: abi.long,
    tms_cutime: abi.long,
    tms_cstime: abi.long,
  })
);

/** A time_t of the ABI (`time`, `stime`). */
export const timeT = perAbi((abi: Abi) => abi.long);
