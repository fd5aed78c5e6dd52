/** fork(2), vfork(2), clone(2), clone3(2), as far as they make processes. */
import { EFAULT, EINVAL, ENOSYS, Errno } from "../abi/errno.ts";
import {
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_FILES,
  CLONE_FS,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  CLONE_PARENT,
  CLONE_PARENT_SETTID,
  CLONE_PIDFD,
  CLONE_SETTLS,
  CLONE_SIGHAND,
  CLONE_THREAD,
  CLONE_VFORK,
  CLONE_VM,
} from "../abi/sched.ts";
import { SIGCHLD } from "../abi/signal.ts";
import { UserDesc } from "../abi/ldt.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInStruct, copyOut } from "../mm/user_memory.ts";
import { forkTask } from "../task/fork.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

/** The low byte of clone(2)'s flags is the signal at the child's end. */
const CSIGNAL = 0xff;
const NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
  CLONE_NEWPID |
  CLONE_NEWNET;

export function sysFork(task: Task): SyscallResult {
  return clone(task, SIGCHLD, 0, 0, 0, undefined);
}

export function sysVfork(task: Task): SyscallResult {
  return clone(task, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, undefined);
}

/** clone(2) as x86-64 passes its arguments. */
export function sysClone(
  task: Task,
  flags: number,
  stack: UserPtr,
  parentTid: UserPtr,
  childTid: UserPtr,
  tls: number,
): SyscallResult {
  return clone(task, flags, stack, parentTid, childTid, (flags & CLONE_SETTLS) !== 0 ? tls : undefined);
}

/** clone(2) as i386 passes them: the TLS is a struct user_desc, and comes before the child's tid. */
export function sysCloneI386(
  task: Task,
  flags: number,
  stack: UserPtr,
  parentTid: UserPtr,
  tls: UserPtr,
  childTid: UserPtr,
): SyscallResult {
  if ((flags & CLONE_SETTLS) === 0) return clone(task, flags, stack, parentTid, childTid, undefined);
  const desc = copyInStruct(task, UserDesc, tls);
  return desc instanceof Errno ? desc : clone(task, flags, stack, parentTid, childTid, desc.base_addr);
}

function clone(
  task: Task,
  flags: number,
  stack: UserPtr,
  parentTid: UserPtr,
  childTid: UserPtr,
  threadPointer: number | undefined,
): SyscallResult {
  if ((flags & CLONE_SIGHAND) !== 0 && (flags & CLONE_VM) === 0) return EINVAL;
  if ((flags & CLONE_THREAD) !== 0) return (flags & CLONE_SIGHAND) === 0 ? EINVAL : ENOSYS;
  if ((flags & (NAMESPACES | CLONE_PIDFD)) !== 0) return EINVAL;
  const sister = (flags & CLONE_PARENT) !== 0;
  if (sister && task.family.parent === undefined) return EINVAL;
  // A child that shares memory and runs at the same time as its parent is a thread in all but name.
  if ((flags & CLONE_VM) !== 0 && (flags & CLONE_VFORK) === 0) return ENOSYS;
  const word = new Uint8Array(4);
  if ((flags & CLONE_PARENT_SETTID) !== 0 && copyOut(task, parentTid, word) !== 0) return EFAULT;
  return forkTask(task, {
    shareMemory: (flags & CLONE_VM) !== 0,
    shareFiles: (flags & CLONE_FILES) !== 0,
    shareFs: (flags & CLONE_FS) !== 0,
    shareActions: (flags & CLONE_SIGHAND) !== 0,
    parent: sister ? task.family.parent! : task,
    exitSignal: sister ? task.family.exitSignal : flags & CSIGNAL,
    stack,
    threadPointer,
    prepare(child) {
      const pid = new Uint8Array(Int32Array.of(child.pid).buffer);
      if ((flags & CLONE_PARENT_SETTID) !== 0) copyOut(task, parentTid, pid);
      if ((flags & CLONE_CHILD_SETTID) !== 0) copyOut(child, childTid, pid);
      if ((flags & CLONE_CHILD_CLEARTID) !== 0) child.clearChildTid = childTid;
    },
  });
}
