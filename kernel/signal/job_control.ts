/** Stopped and continued processes (signal(7), credentials(7)). Linux: do_signal_stop. */
import { CLD_STOPPED, SIGSTOP } from "../abi/signal.ts";
import type { Task } from "../task/task.ts";
import { signalName } from "./numbers.ts";
import { reportJob } from "./child_reports.ts";

/** The default action of a stop signal. */
export function stopProcess(task: Task, signal: number): void {
  if (signal !== SIGSTOP && isGroupOrphaned(task)) return;
  const { process } = task.signals;
  process.stopped = signal;
  process.update();
  task.kernel.tracer?.stopped(task, signalName(signal));
  for (const other of task.kernel.tasks.values()) {
    if (other === task || other.signals.process !== process) continue;
    other.interrupt();
    if (other.thread.running && other.thread.owner === other) other.thread.interrupt();
  }
  reportJob(task, CLD_STOPPED, signal);
}

/** Nobody outside of the group, in its session, could continue it. Linux: is_current_pgrp_orphaned. */
function isGroupOrphaned({ kernel, pgid }: Task): boolean {
  for (const member of kernel.tasks.values()) {
    if (member.pgid !== pgid || member.exited) continue;
    const parent = kernel.tasks.get(member.parentPid);
    if (parent !== undefined && parent.pgid !== pgid && parent.sid === member.sid) return false;
  }
  return true;
}
