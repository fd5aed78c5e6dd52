/** What processes have used (getrusage(2)). What else rusage counts is not known. */
import type { Timeval } from "../abi/time.ts";
import type { CpuTime } from "../host_clock.ts";
import { fromMilliseconds } from "../time/clock.ts";
import type { Task } from "./task.ts";

export interface Usage extends CpuTime {
  /** The most memory that one process has had, in bytes. */
  readonly memory: number;
}

export const NO_USAGE: Usage = { user: 0, system: 0, memory: 0 };

/** Of a process alone, also after its end. */
export function usageOf(task: Task): Usage {
  return task.family.usage ?? { ...task.kernel.clock.cpuTime(task), memory: task.peakMemory() };
}

/** With that of the children it has waited for. */
export function usageWithChildren(task: Task): Usage {
  return added(usageOf(task), task.family.childrenUsage);
}

export function added(a: Usage, b: Usage): Usage {
  return { user: a.user + b.user, system: a.system + b.system, memory: Math.max(a.memory, b.memory) };
}

/** As struct rusage has it. */
export function rusageFields({ user, system, memory }: Usage): {
  readonly ru_utime: Timeval;
  readonly ru_stime: Timeval;
  readonly ru_maxrss: number;
} {
  return { ru_utime: toTimeval(user), ru_stime: toTimeval(system), ru_maxrss: Math.ceil(memory / 1024) };
}

function toTimeval(milliseconds: number): Timeval {
  const { tv_sec, tv_nsec } = fromMilliseconds(milliseconds);
  return { tv_sec, tv_usec: Math.floor(tv_nsec / 1000) };
}
