/** Timeouts in guest memory, read before a wait and, for some calls, written back with what is left. */
import { EINVAL, Errno } from "../abi/errno.ts";
import { NSEC_PER_SEC, type Timespec, type Timeval } from "../abi/time.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOutStruct, type StructCodec } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { fromMilliseconds, isValid, toMilliseconds } from "./clock.ts";

/** A deadline (milliseconds of Kernel.clock.now()) and how to write back what is left of it. */
export interface Timeout {
  readonly deadline: number;
  /** Errors are ignored, as Linux does. */
  writeBack(): void;
}

const NEVER: Timeout = { deadline: Infinity, writeBack() {} };

/** NULL is no timeout. EFAULT, EINVAL. */
export function readTimespec(task: Task, at: UserPtr, layout: StructCodec<Timespec>): Timeout | Errno {
  if (at === 0) return NEVER;
  const time = copyInStruct(task, layout, at);
  if (time instanceof Errno) return time;
  if (!isValid(time)) return EINVAL;
  return timeout(task, time, (left) => copyOutStruct(task, layout, at, left));
}

/** select(2)'s: microseconds may be a second and more. */
export function readTimeval(task: Task, at: UserPtr, layout: StructCodec<Timeval>): Timeout | Errno {
  if (at === 0) return NEVER;
  const given = copyInStruct(task, layout, at);
  if (given instanceof Errno) return given;
  const seconds = given.tv_sec + Math.trunc(given.tv_usec / USEC_PER_SEC);
  const time = { tv_sec: seconds, tv_nsec: given.tv_usec % USEC_PER_SEC * 1000 };
  if (!isValid(time)) return EINVAL;
  return timeout(
    task,
    time,
    ({ tv_sec, tv_nsec }) => copyOutStruct(task, layout, at, { tv_sec, tv_usec: Math.floor(tv_nsec / 1000) }),
  );
}

const USEC_PER_SEC = NSEC_PER_SEC / 1000;

function timeout(task: Task, time: Timespec, write: (left: Timespec) => void): Timeout {
  const { clock } = task.kernel;
  const deadline = clock.now() + toMilliseconds(time);
  return {
    deadline,
    writeBack() {
      // A zero timeout comes back as it was, without asking the clock.
      const left = time.tv_sec === 0 && time.tv_nsec === 0 ? 0 : Math.max(0, deadline - clock.now());
      write(fromMilliseconds(left));
    },
  };
}
