/** wait4(2), waitpid(2), waitid(2). */
import { EAGAIN, ECHILD, EFAULT, EINVAL, Errno, ESRCH } from "../abi/errno.ts";
import { rusage } from "../abi/resource.ts";
import { SIGCHLD, SIGCONT } from "../abi/signal.ts";
import { i32, pad, struct } from "../abi/layout.ts";
import type { Pid, UserPtr } from "../abi/types.ts";
import {
  __WALL,
  __WCLONE,
  __WNOTHREAD,
  CLD_CONTINUED,
  CLD_EXITED,
  CLD_KILLED,
  CLD_STOPPED,
  P_ALL,
  P_PGID,
  P_PID,
  WAIT_STATUS_CONTINUED,
  WCONTINUED,
  WEXITED,
  WNOHANG,
  WNOWAIT,
  WSTOPPED,
  WUNTRACED,
} from "../abi/wait.ts";
import { copyOut, copyOutStruct } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { rusageFields, usageWithChildren } from "../task/usage.ts";
import { untilReady } from "../task/wait.ts";
import type { Result, SyscallResult } from "./result.ts";

/** What a wait may report of which children. */
interface Wanted {
  readonly matches: (child: Task) => boolean;
  /** WEXITED, WSTOPPED, WCONTINUED. */
  readonly events: number;
  readonly options: number;
}

/** One thing to report. */
interface Report {
  readonly child: Task;
  /** CLD_*. */
  readonly code: number;
  /** Exit code or signal. */
  readonly value: number;
}

/** The group that no process can be in. */
const INT_MIN = -0x8000_0000;
const WAIT4_OPTIONS = WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WALL | __WCLONE;
const WAITID_OPTIONS = WNOHANG | WEXITED | WSTOPPED | WCONTINUED | WNOWAIT | __WNOTHREAD | __WALL | __WCLONE;

/** wait4(2). Errors: ECHILD, EINTR, EINVAL, EFAULT. Linux: kernel_wait4. */
export function sysWait4(
  task: Task,
  pid: Pid,
  status: UserPtr,
  options: number,
  usage: UserPtr,
): SyscallResult {
  if ((options & ~WAIT4_OPTIONS) !== 0) return EINVAL;
  if (pid === INT_MIN) return ESRCH;
  const events = WEXITED | (options & WUNTRACED) | (options & WCONTINUED);
  return waitFor(task, { matches: matcher(task, pid), events, options }, (report) => {
    if (status !== 0 && copyOut(task, status, int(statusWord(report))) !== 0) return EFAULT;
    return usage !== 0 && writeUsage(task, report.child, usage) !== 0 ? EFAULT : report.child.pid;
  });
}

/** waitpid(2) of i386. */
export function sysWaitpid(task: Task, pid: Pid, status: UserPtr, options: number): SyscallResult {
  return sysWait4(task, pid, status, options, 0);
}

/** The part of siginfo_t that SIGCHLD has: 128 bytes, on x86-64 with padding before the union. */
const sigchldInfo = {
  x86_64: struct("siginfo SIGCHLD", 128, {
    si_signo: i32,
    si_errno: i32,
    si_code: i32,
    _pad0: pad(4),
    si_pid: i32,
    si_uid: i32,
    si_status: i32,
    _rest: pad(100),
  }),
  i386: struct("siginfo SIGCHLD", 128, {
    si_signo: i32,
    si_errno: i32,
    si_code: i32,
    si_pid: i32,
    si_uid: i32,
    si_status: i32,
    _rest: pad(104),
  }),
};

/** waitid(2). Linux: kernel_waitid. */
export function sysWaitid(
  task: Task,
  which: number,
  id: Pid,
  info: UserPtr,
  options: number,
  usage: UserPtr,
): SyscallResult {
  const events = options & (WEXITED | WSTOPPED | WCONTINUED);
  if ((options & ~WAITID_OPTIONS) !== 0 || events === 0) return EINVAL;
  if (which !== P_ALL && which !== P_PID && which !== P_PGID) return EINVAL;
  if (which === P_PID && id <= 0 || which === P_PGID && id < 0) return EINVAL;
  const selector = which === P_ALL ? -1 : which === P_PID ? id : -(id === 0 ? task.pgid : id);
  const matches = matcher(task, which === P_PGID && selector === -1 ? -1 : selector);
  const layout = sigchldInfo[task.abi.name];
  const nothing = () => info === 0 ? 0 : copyOutStruct(task, layout, info, {});
  return waitFor(task, { matches, events, options }, (report) => {
    const value = {
      si_signo: SIGCHLD,
      si_errno: 0,
      si_code: report.code,
      si_pid: report.child.pid,
      si_uid: report.child.credentials.uid,
      si_status: report.value,
    };
    if (info !== 0 && copyOutStruct(task, layout, info, value) !== 0) return EFAULT;
    return usage !== 0 && writeUsage(task, report.child, usage) !== 0 ? EFAULT : 0;
  }, nothing);
}

/** `pid` as wait4(2) means it. */
function matcher(task: Task, pid: Pid): (child: Task) => boolean {
  if (pid > 0) return (child) => child.pid === pid;
  if (pid === 0) return (child) => child.pgid === task.pgid;
  return pid === -1 ? () => true : (child) => child.pgid === -pid;
}

/** `nothing`: what WNOHANG comes to when there is nothing to report. */
function waitFor(
  task: Task,
  wanted: Wanted,
  tell: (report: Report) => Result,
  nothing: () => Result = () => 0,
): SyscallResult {
  const attempt = () => {
    const report = findReport(task, wanted);
    if (report === undefined) return (wanted.options & WNOHANG) !== 0 ? nothing() : EAGAIN;
    if (report instanceof Errno) return report;
    const result = tell(report);
    if ((wanted.options & WNOWAIT) === 0) consume(task, report);
    return result;
  };
  return untilReady(task, task.family.reports, false, attempt, "long");
}

/** ECHILD: there is no child to wait for. Undefined: there is, and it has nothing to report. */
function findReport(task: Task, wanted: Wanted): Report | Errno | undefined {
  let any = false;
  for (const child of task.family.children) {
    const clone = child.family.exitSignal !== SIGCHLD;
    if ((wanted.options & __WALL) === 0 && clone !== ((wanted.options & __WCLONE) !== 0)) continue;
    if (!wanted.matches(child)) continue;
    const { status, job } = child.family;
    if (status !== undefined) {
      if ((wanted.events & WEXITED) === 0) continue; // it will never stop again
      return "code" in status
        ? { child, code: CLD_EXITED, value: status.code }
        : { child, code: CLD_KILLED, value: status.signal };
    }
    any = true;
    if (job === "continued" && (wanted.events & WCONTINUED) !== 0) {
      return { child, code: CLD_CONTINUED, value: SIGCONT };
    }
    if (typeof job === "object" && (wanted.events & WSTOPPED) !== 0) {
      return { child, code: CLD_STOPPED, value: job.stopped };
    }
  }
  return any ? undefined : ECHILD;
}

function consume(task: Task, { child, code }: Report): void {
  if (code === CLD_EXITED || code === CLD_KILLED) {
    task.family.addUsage(usageWithChildren(child));
    task.kernel.reap(child);
  } else child.family.job = undefined;
}

function statusWord({ code, value }: Report): number {
  if (code === CLD_EXITED) return value << 8;
  if (code === CLD_KILLED) return value;
  return code === CLD_CONTINUED ? WAIT_STATUS_CONTINUED : value << 8 | 0x7f;
}

function writeUsage(task: Task, child: Task, to: UserPtr): 0 | Errno {
  return copyOutStruct(task, rusage[task.abi.name], to, rusageFields(usageWithChildren(child)));
}

function int(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}
