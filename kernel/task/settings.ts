/** What a task may set about itself and the kernel mostly just remembers (prctl(2), personality(2), nice(2)). */
import { SCHED_FIFO, SCHED_OTHER, SCHED_RR } from "../abi/sched.ts";
import { PER_LINUX } from "../abi/personality.ts";
import type { UserPtr } from "../abi/types.ts";

/** sched(7). */
export interface Scheduling {
  /** SCHED_*. */
  readonly policy: number;
  /** Of the real-time policies: 1 to 99; else 0. */
  readonly priority: number;
  /** SCHED_RESET_ON_FORK. */
  readonly resetOnFork: boolean;
}

const NORMAL: Scheduling = { policy: SCHED_OTHER, priority: 0, resetOnFork: false };

export class TaskSettings {
  /** PR_SET_DUMPABLE: 0 or 1. */
  dumpable = 1;
  /** PR_SET_PDEATHSIG; 0 for none. A child does not inherit it. */
  parentDeathSignal = 0;
  keepCapabilities = 0;
  noNewPrivileges = 0;
  childSubreaper = 0;
  disableTransparentHugePages = 0;
  /** Nanoseconds. */
  timerSlack = 50_000;
  /** personality(2): PER_* with flags. */
  personality = PER_LINUX;
  /** set_robust_list(2). */
  robustListHead: UserPtr = 0;
  /** /proc/pid/oom_score_adj: -1000 to 1000, remembered only. */
  oomScoreAdjustment = 0;
  /** -20 (most favourable) to 19. */
  nice = 0;
  scheduling = NORMAL;

  /** A child's settings after fork(2). */
  clone(): TaskSettings {
    const copy = new TaskSettings();
    copy.dumpable = this.dumpable;
    copy.keepCapabilities = this.keepCapabilities;
    copy.noNewPrivileges = this.noNewPrivileges;
    copy.disableTransparentHugePages = this.disableTransparentHugePages;
    copy.timerSlack = this.timerSlack;
    copy.personality = this.personality;
    copy.robustListHead = this.robustListHead;
    const { policy, resetOnFork } = this.scheduling;
    const isRealTime = policy === SCHED_FIFO || policy === SCHED_RR;
    copy.nice = resetOnFork ? Math.max(0, this.nice) : this.nice;
    copy.scheduling = !resetOnFork
      ? this.scheduling
      : isRealTime
      ? NORMAL
      : { ...this.scheduling, resetOnFork: false };
    copy.oomScoreAdjustment = this.oomScoreAdjustment;
    return copy;
  }

  /** execve(2). */
  exec(): void {
    this.dumpable = 1;
    this.keepCapabilities = 0;
    this.robustListHead = 0;
  }
}
