/**
 * RLIMIT_CPU (getrlimit(2)): SIGXCPU at the soft limit and after each second from there on, SIGKILL at the hard one.
 * Linux: check_process_timers, which raises the soft limit by a second each time.
 */
import { RLIMIT_CPU } from "../abi/resource.ts";
import { SIGKILL, SIGXCPU } from "../abi/signal.ts";
import { sendInfo } from "../signal/send.ts";
import { kernelInfo } from "../signal/sig_info.ts";
import type { Task } from "../task/task.ts";
import { AlarmClock } from "./alarm_clock.ts";

export class CpuLimit {
  readonly #task: Task;
  readonly #clock: AlarmClock;

  constructor(task: Task) {
    this.#task = task;
    this.#clock = new AlarmClock(task.kernel, () => this.#used(), () => this.#reached());
  }

  /** Milliseconds of processor time. */
  #used(): number {
    const { user, system } = this.#task.kernel.clock.cpuTime(this.#task);
    return user + system;
  }

  /** To be called when the limit has been set or inherited. */
  update(): void {
    const seconds = this.#task.limits.current(RLIMIT_CPU);
    // Linux takes 0 for a second.
    this.#clock.set(seconds === Infinity ? undefined : Math.max(1, seconds) * 1000);
  }

  disarm(): void {
    this.#clock.set(undefined);
  }

  #reached(): void {
    const task = this.#task, limit = task.limits.get(RLIMIT_CPU);
    if (limit === undefined || task.exited) return;
    const isOver = this.#used() >= Math.max(1, limit.max) * 1000;
    sendInfo(task, kernelInfo(isOver ? SIGKILL : SIGXCPU), "process");
    if (isOver || task.exited) return;
    task.limits.set(RLIMIT_CPU, { ...limit, cur: Math.min(Math.max(1, limit.cur) + 1, limit.max) }, true);
    this.update();
  }
}

/** Puts the limit of processor time into force that the task has. */
export function limitCpu(task: Task): void {
  const { process } = task.signals;
  if (process.cpuLimit === undefined && task.limits.current(RLIMIT_CPU) === Infinity) return;
  process.cpuLimit ??= new CpuLimit(task);
  process.cpuLimit.update();
}
