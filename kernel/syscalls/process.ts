/** Who a task is: getpid(2), getpgid(2), setsid(2), set_tid_address(2) and their kin. */
import { EACCES, EFAULT, EINVAL, EPERM, Errno, ESRCH } from "../abi/errno.ts";
import { robustListHead } from "../abi/futex.ts";
import type { Pid, UserPtr } from "../abi/types.ts";
import { copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { wordBytes } from "./words.ts";
import type { SyscallResult } from "./result.ts";

/** getpid(2). */
export function sysGetpid(task: Task): SyscallResult {
  return task.pid;
}

/** gettid(2). */
export function sysGettid(task: Task): SyscallResult {
  return task.tid;
}

/** getppid(2). */
export function sysGetppid(task: Task): SyscallResult {
  return task.parentPid;
}

/** The task with that pid, 0 meaning the caller. */
function taskOf(task: Task, pid: Pid): Task | undefined {
  return pid === 0 || pid === task.pid ? task : task.kernel.tasks.get(pid);
}

/** getpgid(2). Errors: ESRCH. */
export function sysGetpgid(task: Task, pid: Pid): SyscallResult {
  return taskOf(task, pid)?.pgid ?? ESRCH;
}

/** getpgrp(2). */
export function sysGetpgrp(task: Task): SyscallResult {
  return task.pgid;
}

/** getsid(2). Errors: ESRCH. */
export function sysGetsid(task: Task, pid: Pid): SyscallResult {
  return taskOf(task, pid)?.sid ?? ESRCH;
}

/** setpgid(2). Errors: EINVAL, ESRCH, EPERM, EACCES. Linux: kernel/sys.c:setpgid. */
export function sysSetpgid(task: Task, pid: Pid, pgid: Pid): SyscallResult {
  if (pgid < 0) return EINVAL;
  const target = taskOf(task, pid);
  if (target === undefined) return ESRCH;
  const isChild = target.parentPid === task.pid;
  if (target !== task && !isChild) return ESRCH;
  if (isChild && target.sid !== task.sid) return EPERM;
  if (isChild && target.hasExecuted) return EACCES;
  if (target.sid === target.pid) return EPERM;
  const group = pgid === 0 ? target.pid : pgid;
  if (group !== target.pid) {
    const joins = [...task.kernel.tasks.values()].some((other) =>
      other.pgid === group && other.sid === task.sid
    );
    if (!joins) return EPERM;
  }
  target.pgid = group;
  return 0;
}

/** setsid(2): the new session. Errors: EPERM when the caller leads a process group. */
export function sysSetsid(task: Task): SyscallResult {
  for (const other of task.kernel.tasks.values()) if (other.pgid === task.pid) return EPERM;
  task.sid = task.pid;
  task.pgid = task.pid;
  return task.sid;
}

/** set_tid_address(2). */
export function sysSetTidAddress(task: Task, address: UserPtr): SyscallResult {
  task.clearChildTid = address;
  return task.tid;
}

/** set_robust_list(2). Errors: EINVAL. */
export function sysSetRobustList(task: Task, head: UserPtr, length: number): SyscallResult {
  if (length !== robustListHead[task.abi.name].size) return EINVAL;
  task.settings.robustListHead = head;
  return 0;
}

/** get_robust_list(2). Errors: ESRCH, EFAULT. */
export function sysGetRobustList(task: Task, pid: Pid, head: UserPtr, length: UserPtr): SyscallResult {
  const target = taskOf(task, pid);
  if (target === undefined) return ESRCH;
  const size = copyOut(task, length, wordBytes(task.abi, robustListHead[task.abi.name].size));
  if (size instanceof Errno) return EFAULT;
  return copyOut(task, head, wordBytes(task.abi, target.settings.robustListHead));
}
