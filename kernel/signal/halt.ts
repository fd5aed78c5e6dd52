/** Waiting until a task's thread has halted, so that its float state can be read. */
import type { Task } from "../task/task.ts";

/**
 * Halts the thread of a task that is in a system call. Undefined when it has halted already; the call must then be
 * answered with REGISTERS_SET or a result as ever.
 */
export function whenHalted(task: Task): Promise<void> | undefined {
  if (task.thread.halted || task.thread.halt()) return undefined;
  return wait();

  async function wait(): Promise<void> {
    while (!task.thread.halted) {
      using pending = task.beginWait([task.signals.halts], Infinity, "uninterruptible");
      await pending.reason;
    }
  }
}
