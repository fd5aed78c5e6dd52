/** Parents and children: who is told of a process's end, and who inherits the orphans. */
import { SIGCHLD } from "../abi/signal.ts";
import { added, NO_USAGE, type Usage } from "./usage.ts";
import { WaitQueue } from "./wait.ts";
import type { Task } from "./task.ts";

/** How a process ended, as wait(2) tells it. */
export type ExitStatus = { readonly code: number } | { readonly signal: number };

/** A change of a child that wait(2) can report besides its end. */
export type JobReport = { readonly stopped: number } | "continued";

export class Family {
  parent: Task | undefined;
  readonly children = new Set<Task>();
  /** Woken whenever a child has something to report. */
  readonly reports = new WaitQueue();
  /** What the parent is sent at the end; 0 for nothing (clone(2)). */
  exitSignal = SIGCHLD;
  /** Set once the process has ended: until it is waited for, it is a zombie. */
  status: ExitStatus | undefined;
  /** At the end. */
  usage: Usage | undefined;
  /** Of the children that have been waited for, and of theirs. */
  childrenUsage: Usage = NO_USAGE;
  /** The last stop or continuation that has not been waited for. */
  job: JobReport | undefined;

  constructor(parent: Task | undefined) {
    this.parent = parent;
  }

  addUsage(usage: Usage): void {
    this.childrenUsage = added(this.childrenUsage, usage);
  }
}

/** Makes `child` a child of `parent`. */
export function adopt(parent: Task | undefined, child: Task): void {
  child.family.parent?.family.children.delete(child);
  child.family.parent = parent;
  child.parentPid = parent?.pid ?? 0;
  parent?.family.children.add(child);
}

/** The ancestor that takes a dying task's children: the nearest subreaper, else the first process. */
export function reaperOf(task: Task): Task | undefined {
  for (let ancestor = task.family.parent; ancestor !== undefined; ancestor = ancestor.family.parent) {
    if (!ancestor.exited && ancestor.settings.childSubreaper !== 0) return ancestor;
  }
  const init = task.kernel.tasks.get(1);
  return init === task || init?.exited ? undefined : init;
}
