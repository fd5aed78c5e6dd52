/**
 * Code that stores into the page it lies in. Such a page can't be swept and writable at once, so that one instruction
 * runs alone: on the guest's own bytes, which it may write to, with the trap flag to stop it right behind (Intel SDM 3,
 * 18.3.1.4). Then the page is swept anew as soon as it is executed.
 */
import { RFLAGS } from "../abi/registers.ts";
import type { Range } from "../host.ts";
import { unlock } from "../mm/page_fault.ts";
import type { Task } from "../task/task.ts";
import { TF } from "./flags.ts";

export interface SingleStep {
  /** Pages that may be written to and executed meanwhile. */
  readonly pages: Range;
  /** Whether the guest steps through its code itself. */
  readonly traced: boolean;
}

/** The instruction that the task goes on with may write to and execute `pages`, which are the guest's own bytes. */
export function beginStep(task: Task, pages: Range): void {
  const { registers } = task.thread;
  const flags = registers.lo(RFLAGS);
  task.singleStep = { pages, traced: (flags & TF) !== 0 };
  unlock(task.mm, pages);
  registers.set(RFLAGS, flags | TF);
}

/** After whatever stopped the instruction. True when it was done, and nobody but us wanted to know. */
export function endStep(task: Task, isTrap: boolean): boolean {
  const step = task.singleStep;
  if (step === undefined) return false;
  task.singleStep = undefined;
  task.mm.enforce(step.pages.start, step.pages.end);
  if (step.traced) return false;
  const { registers } = task.thread;
  registers.set(RFLAGS, registers.lo(RFLAGS) & ~TF);
  return isTrap;
}
