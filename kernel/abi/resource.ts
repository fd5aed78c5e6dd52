/** Resource limits and usage (uapi/linux/resource.h, asm-generic/resource.h). */
import { type Abi, perAbi } from "./abi.ts";
import { type Field, struct } from "./layout.ts";
import { timeval } from "./time.ts";

export const RLIMIT_CPU = 0;
export const RLIMIT_FSIZE = 1;
export const RLIMIT_DATA = 2;
export const RLIMIT_STACK = 3;
export const RLIMIT_CORE = 4;
export const RLIMIT_RSS = 5;
export const RLIMIT_NPROC = 6;
export const RLIMIT_NOFILE = 7;
export const RLIMIT_MEMLOCK = 8;
export const RLIMIT_AS = 9;
export const RLIMIT_LOCKS = 10;
export const RLIMIT_SIGPENDING = 11;
export const RLIMIT_MSGQUEUE = 12;
export const RLIMIT_NICE = 13;
export const RLIMIT_RTPRIO = 14;
export const RLIMIT_RTTIME = 15;
export const RLIM_NLIMITS = 16;

export const RUSAGE_SELF = 0;
export const RUSAGE_CHILDREN = -1;
export const RUSAGE_THREAD = 1;

export const PRIO_PROCESS = 0;
export const PRIO_PGRP = 1;
export const PRIO_USER = 2;

/** A limit in a word of `size` bytes: RLIM_INFINITY, all ones, is Infinity; what does not fit becomes it. */
function rlim(size: 4 | 8): Field<number> {
  const TWO_32 = 2 ** 32;
  return {
    size,
    read(view, at) {
      const lo = view.getUint32(at, true);
      const hi = size === 8 ? view.getUint32(at + 4, true) : 0;
      const infinite = lo === TWO_32 - 1 && (size === 4 || hi === TWO_32 - 1);
      return infinite ? Infinity : lo + hi * TWO_32;
    },
    write(view, at, value) {
      const infinite = value >= 2 ** (8 * size);
      view.setUint32(at, infinite ? TWO_32 - 1 : value >>> 0, true);
      if (size === 8) view.setUint32(at + 4, infinite ? TWO_32 - 1 : Math.floor(value / TWO_32), true);
    },
  };
}

/** struct rlimit64, 16 bytes. */
export const rlimit64 = struct("rlimit64", 16, { rlim_cur: rlim(8), rlim_max: rlim(8) });

/** struct rlimit: 16 bytes, on i386 8 (compat_rlimit). */
export const rlimit = perAbi((abi: Abi) =>
  struct("rlimit", 2 * abi.word, { rlim_cur: rlim(abi.word), rlim_max: rlim(abi.word) })
);

/** struct rusage: 144 bytes, on i386 72. */
export const rusage = perAbi((abi: Abi) =>
  struct("rusage", 18 * abi.word, {
    ru_utime: timeval[abi.name],
    ru_stime: timeval[abi.name],
    ru_maxrss: abi.long,
    ru_ixrss: abi.long,
    ru_idrss: abi.long,
    ru_isrss: abi.long,
    ru_minflt: abi.long,
    ru_majflt: abi.long,
    ru_nswap: abi.long,
    ru_inblock: abi.long,
    ru_oublock: abi.long,
    ru_msgsnd: abi.long,
    ru_msgrcv: abi.long,
    ru_nsignals: abi.long,
    ru_nvcsw: abi.long,
    ru_nivcsw: abi.long,
  })
);
