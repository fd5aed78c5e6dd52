/** prctl(2): what a task remembers about itself. */
import { EINVAL, Errno } from "../abi/errno.ts";
import {
  PR_CAPBSET_READ,
  PR_GET_CHILD_SUBREAPER,
  PR_GET_DUMPABLE,
  PR_GET_KEEPCAPS,
  PR_GET_NAME,
  PR_GET_NO_NEW_PRIVS,
  PR_GET_PDEATHSIG,
  PR_GET_SECCOMP,
  PR_GET_THP_DISABLE,
  PR_GET_TID_ADDRESS,
  PR_GET_TIMERSLACK,
  PR_GET_TIMING,
  PR_SET_CHILD_SUBREAPER,
  PR_SET_DUMPABLE,
  PR_SET_KEEPCAPS,
  PR_SET_NAME,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_PDEATHSIG,
  PR_SET_THP_DISABLE,
  PR_SET_TIMERSLACK,
} from "../abi/prctl.ts";
import { SIGRTMAX } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyIn, copyInString, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";
import { intBytes, wordBytes } from "./words.ts";

/** Bytes of a task's name, NUL included (TASK_COMM_LEN). */
const TASK_COMM_LEN = 16;
/** Highest capability of Linux 6.1 (CAP_LAST_CAP). */
const CAP_LAST_CAP = 40;

/** prctl(2). Errors: EINVAL, EFAULT. */
export function sysPrctl(
  task: Task,
  option: number,
  arg2: number,
  arg3: number,
  arg4: number,
  arg5: number,
): SyscallResult {
  const { settings } = task;
  const extra = arg3 !== 0 || arg4 !== 0 || arg5 !== 0;
  switch (option) {
    case PR_SET_NAME:
      return setName(task, arg2);
    case PR_GET_NAME:
      return getName(task, arg2);
    case PR_SET_PDEATHSIG:
      if (arg2 > SIGRTMAX) return EINVAL;
      settings.parentDeathSignal = arg2;
      return 0;
    case PR_GET_PDEATHSIG:
      return copyOut(task, arg2, intBytes(settings.parentDeathSignal));
    case PR_SET_DUMPABLE:
      if (arg2 !== 0 && arg2 !== 1) return EINVAL;
      settings.dumpable = arg2;
      return 0;
    case PR_GET_DUMPABLE:
      return settings.dumpable;
    case PR_SET_KEEPCAPS:
      if (arg2 !== 0 && arg2 !== 1) return EINVAL;
      settings.keepCapabilities = arg2;
      return 0;
    case PR_GET_KEEPCAPS:
      return settings.keepCapabilities;
    case PR_GET_TIMING:
    case PR_GET_SECCOMP:
      return 0;
    case PR_CAPBSET_READ:
      return arg2 > CAP_LAST_CAP ? EINVAL : 1;
    case PR_SET_TIMERSLACK:
      settings.timerSlack = arg2 === 0 ? 50_000 : arg2;
      return 0;
    case PR_GET_TIMERSLACK:
      return settings.timerSlack;
    case PR_SET_CHILD_SUBREAPER:
      settings.childSubreaper = arg2 === 0 ? 0 : 1;
      return 0;
    case PR_GET_CHILD_SUBREAPER:
      return copyOut(task, arg2, intBytes(settings.childSubreaper));
    case PR_SET_NO_NEW_PRIVS:
      if (arg2 !== 1 || extra) return EINVAL;
      settings.noNewPrivileges = 1;
      return 0;
    case PR_GET_NO_NEW_PRIVS:
      return arg2 !== 0 || extra ? EINVAL : settings.noNewPrivileges;
    case PR_GET_TID_ADDRESS:
      return copyOut(task, arg2, wordBytes(task.abi, task.clearChildTid));
    case PR_SET_THP_DISABLE:
      if (extra) return EINVAL;
      settings.disableTransparentHugePages = arg2 === 0 ? 0 : 1;
      return 0;
    case PR_GET_THP_DISABLE:
      return arg2 !== 0 || extra ? EINVAL : settings.disableTransparentHugePages;
    default:
      return EINVAL;
  }
}

function setName(task: Task, from: UserPtr): SyscallResult {
  const whole = copyInString(task, from, TASK_COMM_LEN - 1);
  // A longer name is cut without an error.
  const raw = whole instanceof Errno ? copyIn(task, from, TASK_COMM_LEN - 1) : whole;
  if (raw instanceof Errno) return raw;
  task.comm = new TextDecoder().decode(raw.slice());
  return 0;
}

function getName(task: Task, to: UserPtr): SyscallResult {
  const raw = new Uint8Array(TASK_COMM_LEN);
  raw.set(new TextEncoder().encode(task.comm).subarray(0, TASK_COMM_LEN - 1));
  return copyOut(task, to, raw);
}
