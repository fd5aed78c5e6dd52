/** rt_sigreturn(2), sigreturn(2), restart_syscall(2): what handlers and the kernel itself call. */
import { EINTR } from "../abi/errno.ts";
import { RIP } from "../abi/registers.ts";
import { SIGSEGV } from "../abi/signal.ts";
import { returnFromPlainFrame32, returnFromRtFrame32 } from "../signal/frame32.ts";
import { returnFromFrame64 } from "../signal/frame64.ts";
import { entryOf } from "../signal/position.ts";
import { forceSignal } from "../signal/send.ts";
import { kernelInfo } from "../signal/sig_info.ts";
import type { Task } from "../task/task.ts";
import { REGISTERS_SET, type SyscallResult } from "./result.ts";

/** rt_sigreturn(2). */
export function sysRtSigreturn(task: Task): SyscallResult {
  return goBack(task, task.abi.bits === 64 ? returnFromFrame64(task) : returnFromRtFrame32(task));
}

/** sigreturn of i386. */
export function sysSigreturn(task: Task): SyscallResult {
  return goBack(task, returnFromPlainFrame32(task));
}

/** A bad frame is as bad as a bad pointer. Linux: signal_fault. */
function goBack(task: Task, restored: boolean): SyscallResult {
  const { registers } = task.thread;
  task.signals.restart = undefined;
  if (restored) registers.set(RIP, entryOf(task, registers.get(RIP)));
  else forceSignal(task, kernelInfo(SIGSEGV));
  return REGISTERS_SET;
}

/** restart_syscall(2): an interrupted wait goes on, until the moment it was to end. */
export function sysRestartSyscall(task: Task): SyscallResult {
  const { restart } = task.signals;
  task.signals.restart = undefined;
  return restart === undefined ? EINTR : restart();
}
