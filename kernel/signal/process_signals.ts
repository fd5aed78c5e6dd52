/** What the tasks of a process share about signals. Linux: struct signal_struct. */
import type { CpuLimit } from "../time/cpu_limit.ts";
import type { PosixTimer } from "../time/posix_timer.ts";
import type { IntervalTimer } from "../time/itimer.ts";
import { SignalQueue } from "./queue.ts";
import type { SignalState } from "./signal_state.ts";

export class ProcessSignals {
  readonly queue = new SignalQueue();
  /** The states of the process's tasks. */
  readonly members = new Set<SignalState>();
  /** The signal that has stopped the process, until SIGCONT. */
  stopped: number | undefined;
  /** By ITIMER_*: REAL, VIRTUAL, PROF. */
  readonly intervals: (IntervalTimer | undefined)[] = [undefined, undefined, undefined];
  /** Of a process with such a limit. */
  cpuLimit: CpuLimit | undefined;
  /** By id. */
  readonly timers = new Map<number, PosixTimer>();

  update(): void {
    for (const member of this.members) member.update();
  }

  /** The process has ended. */
  end(): void {
    for (const timer of this.intervals) timer?.disarm();
    for (const timer of this.timers.values()) timer.disarm();
    this.cpuLimit?.disarm();
    this.timers.clear();
  }
}
