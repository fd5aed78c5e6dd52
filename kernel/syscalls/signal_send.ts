/** kill(2), tkill(2), tgkill(2), rt_sigqueueinfo(2), rt_tgsigqueueinfo(2). */
import { EINVAL, EPERM, Errno, ESRCH } from "../abi/errno.ts";
import { SI_TKILL, SI_USER, SIGCONT, SIGRTMAX } from "../abi/signal.ts";
import { SIGINFO_SIZE } from "../abi/siginfo.ts";
import type { Pid, UserPtr } from "../abi/types.ts";
import { copyIn } from "../mm/user_memory.ts";
import { sendInfo } from "../signal/send.ts";
import { decodeSigInfo, killInfo, type SigInfo } from "../signal/sig_info.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

const INIT = 1;

/** kill(2). Errors: EINVAL, ESRCH, EPERM. */
export function sysKill(task: Task, pid: Pid, signal: number): SyscallResult {
  const info = killInfo(signal, SI_USER, task.pid, task.credentials.uid);
  const all = [...task.kernel.tasks.values()];
  if (pid > 0) return sendToEach(task, all.filter((other) => other.pid === pid), info);
  if (pid === -1) return sendToEach(task, all.filter((other) => other !== task && other.pid !== INIT), info);
  const group = pid === 0 ? task.pgid : -pid;
  return sendToEach(task, all.filter((other) => other.pgid === group), info);
}

/** tkill(2). Errors: EINVAL, ESRCH, EPERM. */
export function sysTkill(task: Task, tid: Pid, signal: number): SyscallResult {
  if (tid <= 0) return EINVAL;
  return sendToTask(task, undefined, tid, killInfo(signal, SI_TKILL, task.pid, task.credentials.uid));
}

/** tgkill(2). Errors: EINVAL, ESRCH, EPERM. */
export function sysTgkill(task: Task, pid: Pid, tid: Pid, signal: number): SyscallResult {
  if (pid <= 0 || tid <= 0) return EINVAL;
  return sendToTask(task, pid, tid, killInfo(signal, SI_TKILL, task.pid, task.credentials.uid));
}

/** rt_sigqueueinfo(2). Errors: EAGAIN, EFAULT, EINVAL, EPERM, ESRCH. */
export function sysRtSigqueueinfo(task: Task, pid: Pid, signal: number, from: UserPtr): SyscallResult {
  const info = copyInInfo(task, pid, signal, from);
  if (info instanceof Errno) return info;
  return sendToEach(task, [...task.kernel.tasks.values()].filter((other) => other.pid === pid), info);
}

/** rt_tgsigqueueinfo(2). Errors: EAGAIN, EFAULT, EINVAL, EPERM, ESRCH. */
export function sysRtTgsigqueueinfo(
  task: Task,
  pid: Pid,
  tid: Pid,
  signal: number,
  from: UserPtr,
): SyscallResult {
  const info = copyInInfo(task, pid, signal, from);
  if (info instanceof Errno) return info;
  if (pid <= 0 || tid <= 0) return EINVAL;
  return sendToTask(task, pid, tid, info);
}

/** Nobody may pretend to another that the kernel, or kill(2), has sent the signal. */
function copyInInfo(task: Task, pid: Pid, signal: number, from: UserPtr): SigInfo | Errno {
  const raw = copyIn(task, from, SIGINFO_SIZE);
  if (raw instanceof Errno) return raw;
  const info = decodeSigInfo(signal, raw.slice(), task.abi);
  return (info.code >= 0 || info.code === SI_TKILL) && pid !== task.pid ? EPERM : info;
}

function sendToTask(task: Task, pid: Pid | undefined, tid: Pid, info: SigInfo): SyscallResult {
  const target = [...task.kernel.tasks.values()].find((other) => other.tid === tid);
  if (target === undefined || pid !== undefined && target.pid !== pid) return ESRCH;
  return send(task, target, info, "task");
}

/** 0 when any of them could be sent it. */
function sendToEach(task: Task, targets: readonly Task[], info: SigInfo): 0 | Errno {
  let result: 0 | Errno = ESRCH;
  for (const target of targets) {
    const sent = send(task, target, info, "process");
    if (result !== 0) result = sent;
  }
  return result;
}

function send(task: Task, target: Task, info: SigInfo, to: "task" | "process"): 0 | Errno {
  if (info.signal < 0 || info.signal > SIGRTMAX) return EINVAL;
  return mayKill(task, target, info.signal) ? sendInfo(target, info, to) : EPERM;
}

/** Linux: check_kill_permission. */
function mayKill(task: Task, target: Task, signal: number): boolean {
  const { credentials } = task;
  if (credentials.privileged || task === target) return true;
  const ids = target.credentials.user;
  const same = [credentials.uid, credentials.euid].some((id) => id === ids.real || id === ids.saved);
  return same || signal === SIGCONT && target.sid === task.sid;
}
