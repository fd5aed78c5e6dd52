/** fork(2), vfork(2), clone(2), clone3(2), as far as they make processes. */
import { EFAULT, EINVAL, ENOSYS, Errno } from "../abi/errno.ts";
import {
  CLONE_ARGS_SIZE_VER0,
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_CLEAR_SIGHAND,
  CLONE_DETACHED,
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
  cloneArgs,
} from "../abi/sched.ts";
import { SIGCHLD } from "../abi/signal.ts";
import { UserDesc } from "../abi/ldt.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInGrowing, copyInStruct, copyOut } from "../mm/user_memory.ts";
import { isSignal } from "../signal/numbers.ts";
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
  const pointer = (flags & CLONE_SETTLS) === 0 ? undefined : tlsOf(task, tls);
  return pointer instanceof Errno ? pointer : clone(task, flags, stack, parentTid, childTid, pointer);
}

/** clone3(2). Errors beyond clone(2)'s: E2BIG. */
export function sysClone3(task: Task, address: UserPtr, size: number): SyscallResult {
  const args = copyInGrowing(task, cloneArgs, address, size, CLONE_ARGS_SIZE_VER0);
  if (args instanceof Errno) return args;
  const { stack, stack_size, exit_signal } = args;
  const high = args.flags - args.flags % 2 ** 32, flags = args.flags % 2 ** 32 | 0;
  const clearsActions = high === CLONE_CLEAR_SIGHAND;
  if (high !== 0 && !clearsActions) return EINVAL; // a cgroup of ours there is none
  if ((flags & (CSIGNAL | CLONE_DETACHED)) !== 0 || exit_signal > CSIGNAL) return EINVAL;
  if (exit_signal !== 0 && !isSignal(exit_signal)) return EINVAL;
  if ((flags & (CLONE_THREAD | CLONE_PARENT)) !== 0 && exit_signal !== 0) return EINVAL;
  if ((stack === 0) !== (stack_size === 0) || args.set_tid_size !== 0) return EINVAL;
  if (clearsActions && (flags & CLONE_SIGHAND) !== 0) return EINVAL;
  const tls = (flags & CLONE_SETTLS) === 0 ? undefined : tlsOf(task, args.tls);
  if (tls instanceof Errno) return tls;
  const whole = flags | exit_signal;
  return clone(task, whole, stack + stack_size, args.parent_tid, args.child_tid, tls, clearsActions);
}

/** On i386 it is told by a struct user_desc. */
function tlsOf(task: Task, tls: number): number | Errno {
  if (task.abi.bits === 64) return tls;
  const desc = copyInStruct(task, UserDesc, tls);
  return desc instanceof Errno ? desc : desc.base_addr;
}

function clone(
  task: Task,
  flags: number,
  stack: UserPtr,
  parentTid: UserPtr,
  childTid: UserPtr,
  threadPointer: number | undefined,
  clearsActions = false,
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
      if (clearsActions) child.signals.actions = child.signals.actions.afterExec();
      const pid = new Uint8Array(Int32Array.of(child.pid).buffer);
      if ((flags & CLONE_PARENT_SETTID) !== 0) copyOut(task, parentTid, pid);
      if ((flags & CLONE_CHILD_SETTID) !== 0) copyOut(child, childTid, pid);
      if ((flags & CLONE_CHILD_CLEARTID) !== 0) child.clearChildTid = childTid;
    },
  });
}
