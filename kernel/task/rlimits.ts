/** Resource limits of a process (getrlimit(2)). */
import { EINVAL, EPERM, type Errno } from "../abi/errno.ts";
import {
  RLIM_NLIMITS,
  RLIMIT_CORE,
  RLIMIT_FSIZE,
  RLIMIT_MEMLOCK,
  RLIMIT_MSGQUEUE,
  RLIMIT_NICE,
  RLIMIT_NOFILE,
  RLIMIT_NPROC,
  RLIMIT_RTPRIO,
  RLIMIT_SIGPENDING,
  RLIMIT_STACK,
} from "../abi/resource.ts";

/** One limit, in the resource's own unit; Infinity for RLIM_INFINITY. */
export interface Limit {
  /** The soft limit, which is in force. */
  readonly cur: number;
  /** The hard limit, up to which an unprivileged process may raise the soft one. */
  readonly max: number;
}

const UNLIMITED: Limit = { cur: Infinity, max: Infinity };

/** What Linux gives its first process (INIT_RLIMITS), with the NOFILE maximum that systemd sets. */
const DEFAULTS: ReadonlyMap<number, Limit> = new Map([
  [RLIMIT_STACK, { cur: 8 * 1024 * 1024, max: Infinity }],
  [RLIMIT_CORE, { cur: 0, max: Infinity }],
  [RLIMIT_NPROC, { cur: 32768, max: 32768 }],
  [RLIMIT_NOFILE, { cur: 1024, max: 1048576 }],
  [RLIMIT_MEMLOCK, { cur: 8 * 1024 * 1024, max: 8 * 1024 * 1024 }],
  [RLIMIT_SIGPENDING, { cur: 32768, max: 32768 }],
  [RLIMIT_MSGQUEUE, { cur: 819200, max: 819200 }],
  [RLIMIT_NICE, { cur: 0, max: 0 }],
  [RLIMIT_RTPRIO, { cur: 0, max: 0 }],
]);

/** The highest NOFILE anyone may set (fs.nr_open). */
const NR_OPEN = 1048576;

export class ResourceLimits {
  readonly #limits: Limit[];
  #fileSize: number;

  constructor(limits?: readonly Limit[]) {
    this.#limits = limits === undefined
      ? Array.from({ length: RLIM_NLIMITS }, (_, resource) => DEFAULTS.get(resource) ?? UNLIMITED)
      : [...limits];
    this.#fileSize = this.current(RLIMIT_FSIZE);
  }

  /** RLIMIT_FSIZE in force: what every write asks. */
  get fileSize(): number {
    return this.#fileSize;
  }

  /** The soft limit of an RLIMIT_* resource. */
  current(resource: number): number {
    return this.get(resource)?.cur ?? Infinity;
  }

  /** undefined for a number that is no resource. */
  get(resource: number): Limit | undefined {
    return this.#limits[resource];
  }

  /** EINVAL: no such resource, or cur above max. EPERM: raising max without privilege. Linux: do_prlimit. */
  set(resource: number, limit: Limit, privileged: boolean): 0 | Errno {
    const old = this.#limits[resource];
    if (old === undefined || limit.cur > limit.max) return EINVAL;
    if (resource === RLIMIT_NOFILE && limit.max > NR_OPEN) return EPERM;
    if (limit.max > old.max && !privileged) return EPERM;
    this.#limits[resource] = limit;
    if (resource === RLIMIT_FSIZE) this.#fileSize = limit.cur;
    return 0;
  }

  /** A copy, for a child process. */
  clone(): ResourceLimits {
    return new ResourceLimits(this.#limits);
  }
}
