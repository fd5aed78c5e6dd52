/** Signals on their way to a task or process (kill(2), signal(7)). */
import { EAGAIN, EINVAL, type Errno } from "../abi/errno.ts";
import { RLIMIT_SIGPENDING } from "../abi/resource.ts";
import {
  CLD_CONTINUED,
  CLD_DUMPED,
  CLD_EXITED,
  CLD_KILLED,
  CLD_STOPPED,
  SI_USER,
  SIG_DFL,
  SIGCONT,
  SIGKILL,
  SIGRTMIN,
} from "../abi/signal.ts";
import type { Task } from "../task/task.ts";
import { DEFAULT_ACTION } from "./actions.ts";
import { continueExit } from "./deliver.ts";
import { CONTINUE_SIGNAL, signalBit, STOP_SIGNALS } from "./sets.ts";
import { defaultAction, isSignal } from "./numbers.ts";
import { killInfo, SENDER_CODES, type SigInfo } from "./sig_info.ts";
import { reportJob } from "./child_reports.ts";

const CODES = { ...SENDER_CODES, CLD_EXITED, CLD_KILLED, CLD_DUMPED, CLD_STOPPED, CLD_CONTINUED };

/** Who sends a signal, in short. */
export interface Sender {
  readonly code: keyof typeof CODES;
  readonly pid: number;
  readonly uid: number;
  /** Of CLD_*: exit status or signal. */
  readonly status?: number;
  /** Of CLD_*: clock ticks. */
  readonly utime?: number;
  readonly stime?: number;
}

/** Sends a signal to a process, or with 0 none. EINVAL: no such signal. */
export function sendSignal(target: Task, signal: number, sender: Sender): 0 | Errno {
  const { code, pid, uid, status, utime = 0, stime = 0 } = sender;
  const info = status === undefined ? killInfo(signal, CODES[code], pid, uid) : {
    ...killInfo(signal, CODES[code], pid, uid),
    fields: { kind: "child", pid, uid, status, utime, stime },
  } as const;
  return sendInfo(target, info, "process");
}

/**
 * Sends a signal to a task or to its process. EINVAL: no such signal; EAGAIN: too many are queued (RLIMIT_SIGPENDING).
 * Linux: __send_signal_locked.
 */
export function sendInfo(target: Task, info: SigInfo, to: "task" | "process"): 0 | Errno {
  const { signal } = info;
  if (signal === 0 || target.exited) return 0;
  if (!isSignal(signal)) return EINVAL;
  const state = target.signals;
  prepare(target, signal);
  if (!state.isBlocked(signal) && state.actions.ignores(signal)) return 0;
  const queue = to === "task" ? state.queue : state.process.queue;
  const isFull = info.signal >= SIGRTMIN && queue.length >= target.limits.current(RLIMIT_SIGPENDING);
  if (isFull && info.code !== SI_USER) return EAGAIN;
  // Without room Linux only marks the signal; here it is queued once, without its sender.
  if (isFull && (queue.set & signalBit(signal)) !== 0n) return 0;
  if (!queue.add(info)) return 0;
  state.process.update();
  const receiver = to === "task" ? target : receiverOf(target, signal);
  if (receiver !== undefined) rouse(receiver, signal);
  return 0;
}

/** Stop signals and SIGCONT undo each other, whatever is blocked or ignored. Linux: prepare_signal. */
function prepare(target: Task, signal: number): void {
  const state = target.signals;
  if ((signalBit(signal) & STOP_SIGNALS) !== 0n) state.discard(CONTINUE_SIGNAL);
  if (signal !== SIGCONT && signal !== SIGKILL) return;
  if (signal === SIGCONT) state.discard(STOP_SIGNALS);
  const stopped = state.process.stopped;
  if (stopped === undefined) return;
  state.process.stopped = undefined;
  state.process.update();
  if (signal === SIGCONT) reportJob(target, CLD_CONTINUED, SIGCONT);
  for (const task of tasksOf(target)) {
    // The queue comes first: what was sent takes effect when the tasks go on.
    if (task.signals.exit !== undefined) goOnSoon(task);
  }
}

/** The stopped task goes on when the signal is in its queue. */
function goOnSoon(task: Task): void {
  task.kernel.timers.at(task.kernel.clock.now(), () => continueExit(task));
  task.kernel.attention = true;
}

function tasksOf(target: Task): Task[] {
  return [...target.kernel.tasks.values()].filter((task) => task.signals.process === target.signals.process);
}

/** The task of the process that takes the signal: the one it was sent to if it can. Linux: complete_signal. */
function receiverOf(target: Task, signal: number): Task | undefined {
  if (wants(target, signal)) return target;
  return tasksOf(target).find((task) => wants(task, signal));
}

function wants(task: Task, signal: number): boolean {
  const { signals } = task;
  return !task.exited && (!signals.isBlocked(signal) || (signals.awaited & signalBit(signal)) !== 0n);
}

/** Makes sure that a signal that has come takes effect soon: in a wait, or in the middle of a computation. */
function rouse(task: Task, signal: number): void {
  if (!task.signals.deliverable || task.signals.process.stopped !== undefined) return;
  task.interrupt();
  if (!task.thread.running || task.thread.owner !== task) return;
  // A vforked child's thread is its parent's: it has to be stopped and not just done away with.
  if (task.lender === undefined && isFatal(task, signal)) task.kernel.killTask(task, signal);
  else task.thread.interrupt();
}

function isFatal(task: Task, signal: number): boolean {
  if (task.signals.isBlocked(signal) || task.signals.actions.get(signal).handler !== SIG_DFL) return false;
  const action = defaultAction(signal);
  return action === "terminate" || action === "core";
}

/**
 * A signal that the task cannot put off: what its own instruction has done. If it is blocked or ignored the task dies
 * of it. Linux: force_sig_info_to_task. To be followed by leaveKernel.
 */
export function forceSignal(task: Task, info: SigInfo): void {
  const state = task.signals;
  const { signal } = info;
  if (state.isBlocked(signal) || state.actions.ignores(signal)) {
    state.actions.set(signal, DEFAULT_ACTION);
    state.blocked &= ~signalBit(signal);
  }
  state.queue.add(info);
  state.process.update();
}
