/**
 * Process groups that nobody is left to continue (POSIX: orphaned process groups; credentials(7)): when one comes
 * about, its stopped members are hung up and continued. Linux: kill_orphaned_pgrp.
 */
import { SIGCONT, SIGHUP } from "../abi/signal.ts";
import { sendSignal } from "../signal/send.ts";
import type { Task } from "./task.ts";

/**
 * `member` has lost a parent, or is about to end itself (`ending`); `parent` is the one that it had. Called when the
 * process tree shows the loss.
 */
export function hangUpIfOrphaned(member: Task, parent: Task | undefined, ending: boolean): void {
  if (parent === undefined || parent.pgid === member.pgid || parent.sid !== member.sid) return;
  const { kernel, pgid } = member;
  const group = [...kernel.tasks.values()].filter((task) => task.pgid === pgid);
  const isKept = group.some((task) => !(ending && task === member) && !task.exited && hasKeeper(task));
  if (isKept || !group.some((task) => !task.exited && task.signals.process.stopped !== undefined)) return;
  for (const signal of [SIGHUP, SIGCONT]) {
    for (const task of group) sendSignal(task, signal, { code: "SI_USER", pid: 0, uid: 0 });
  }
}

/** Whether its parent is of another group in the same session. */
function hasKeeper(task: Task): boolean {
  const { parent } = task.family;
  return parent !== undefined && !parent.exited && parent.pgid !== task.pgid && parent.sid === task.sid;
}
