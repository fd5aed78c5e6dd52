/** What a process tells its parent by SIGCHLD, or by the signal that it was made with. Linux: kernel/signal.c. */
import { CLD_STOPPED, SA_NOCLDSTOP, SA_NOCLDWAIT, SIG_IGN, SIGCHLD } from "../abi/signal.ts";
import { USER_HZ } from "../abi/time.ts";
import type { Task } from "../task/task.ts";
import { sendSignal } from "./send.ts";

/** A process was stopped or continued (CLD_STOPPED, CLD_CONTINUED): its parent is told. Linux: do_notify_parent_cldstop. */
export function reportJob(task: Task, code: number, signal: number): void {
  const { parent } = task.family;
  if (parent === undefined || parent.exited) return;
  task.family.job = code === CLD_STOPPED ? { stopped: signal } : "continued";
  const action = parent.signals.actions.get(SIGCHLD);
  if (action.handler !== SIG_IGN && (action.flags & SA_NOCLDSTOP) === 0) {
    const { uid } = task.credentials;
    const { user, system } = task.kernel.clock.cpuTime(task);
    const fields = { pid: task.pid, uid, status: signal, utime: ticks(user), stime: ticks(system) };
    sendSignal(parent, SIGCHLD, {
      code: code === CLD_STOPPED ? "CLD_STOPPED" : "CLD_CONTINUED",
      ...fields,
    });
  }
  parent.family.reports.wakeAll();
}

/** A process has ended: its parent is told, unless it said that it does not care. Linux: do_notify_parent. */
export function reportEnd(task: Task): void {
  const { parent, exitSignal } = task.family;
  if (parent === undefined || parent.exited) {
    task.kernel.reap(task);
    return;
  }
  const action = parent.signals.actions.get(SIGCHLD);
  const ignores = exitSignal === SIGCHLD &&
    (action.handler === SIG_IGN || (action.flags & SA_NOCLDWAIT) !== 0);
  if (exitSignal !== 0 && !(exitSignal === SIGCHLD && action.handler === SIG_IGN)) {
    const { status, usage = { user: 0, system: 0 } } = task.family;
    const how = status !== undefined && "code" in status
      ? { code: "CLD_EXITED", status: status.code } as const
      : { code: "CLD_KILLED", status: status?.signal ?? 0 } as const;
    const times = { utime: ticks(usage.user), stime: ticks(usage.system) };
    sendSignal(parent, exitSignal, { ...how, ...times, pid: task.pid, uid: task.credentials.uid });
  }
  if (ignores) task.kernel.reap(task);
  parent.family.reports.wakeAll();
}

/** Clock ticks of clock_t in milliseconds. */
function ticks(milliseconds: number): number {
  return Math.floor(milliseconds * USER_HZ / 1000);
}
