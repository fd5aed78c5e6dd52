/**
 * The way out of the kernel: signals that have come are acted upon, and an interrupted call ends or begins again
 * (signal(7)). Linux: exit_to_user_mode_loop, arch_do_signal_or_restart, get_signal.
 */
import { SYSCALL_NUMBER, SYSCALL_RESULT } from "../abi/abi.ts";
import {
  EINTR,
  ERESTART_RESTARTBLOCK,
  ERESTARTNOHAND,
  ERESTARTNOINTR,
  ERESTARTSYS,
  Errno,
} from "../abi/errno.ts";
import { R11, RCX, RFLAGS, RIP } from "../abi/registers.ts";
import { SA_NODEFER, SA_RESETHAND, SA_RESTART, SIG_DFL, SIGKILL, SIGSEGV } from "../abi/signal.ts";
import { NO_RETURN, type Outcome, REGISTERS_SET } from "../syscalls/result.ts";
import { storeResult } from "../syscalls/store_result.ts";
import { formatSigInfo } from "../syscalls/trace_signal.ts";
import type { Task } from "../task/task.ts";
import { DEFAULT_ACTION, type SignalAction } from "./actions.ts";
import { settleFault } from "./fault_info.ts";
import { setUpFrame32 } from "./frame32.ts";
import { setUpFrame64 } from "./frame64.ts";
import { stopProcess } from "./job_control.ts";
import { defaultAction, signalName } from "./numbers.ts";
import { entryOf, showGuestPosition } from "./position.ts";
import { signalBit } from "./sets.ts";
import { kernelInfo, type SigInfo } from "./sig_info.ts";
import type { Exit } from "./signal_state.ts";

/** Bytes of `syscall` and `int $0x80`. */
const CALL_SIZE = 2;
const RESTART_SYSCALL = { i386: 0, x86_64: 219 } as const;
const RESUME_FLAG = 0x1_0000;

/** Whether the outcome is one of the kernel's own: what it means to the guest depends on the signal. */
export function isInterruption(outcome: Outcome | undefined): boolean {
  return outcome === ERESTARTSYS || outcome === ERESTARTNOHAND || outcome === ERESTARTNOINTR ||
    outcome === ERESTART_RESTARTBLOCK;
}

/**
 * Lets the task go on, from a call with its outcome or, with undefined, from a fault or interruption; signals first.
 */
export function leaveKernel(task: Task, outcome: Outcome | undefined): void {
  if (task.exited || outcome === NO_RETURN) return;
  const state = task.signals;
  // A call that a signal has interrupted keeps its mask until that signal is delivered.
  if (!isInterruption(outcome) && outcome !== EINTR) state.restoreMask();
  const number = task.thread.registers.lo(SYSCALL_NUMBER);
  state.exit = { outcome, number, changed: outcome === undefined || outcome === REGISTERS_SET };
  continueExit(task);
}

/** Goes on with leaveKernel after the thread has halted or the process was continued. */
export function continueExit(task: Task): void {
  const state = task.signals;
  const { exit } = state;
  if (exit === undefined || task.exited) return;
  for (;;) {
    if (state.process.stopped !== undefined) return;
    const info = state.next();
    if (info !== undefined) {
      const handled = state.actions.handles(info.signal);
      if (handled && !task.thread.halted && !task.thread.halt()) return;
      act(task, exit, state.take(info));
      if (task.exited) return;
      continue;
    }
    if (isInterruption(exit.outcome)) restartCall(task, exit);
    if (state.savedMask === undefined) break;
    state.restoreMask(); // which may let more signals through
  }
  state.exit = undefined;
  goOn(task, exit);
}

function goOn(task: Task, { outcome, changed }: Exit): void {
  if (outcome instanceof Errno || typeof outcome === "number") storeResult(task, outcome);
  if (!changed) {
    task.thread.resume("result");
    return;
  }
  const { registers } = task.thread;
  registers.set(RIP, entryOf(task, registers.get(RIP)));
  task.thread.resume("all");
}

function act(task: Task, exit: Exit, info: SigInfo): void {
  const { signal } = info;
  const { actions } = task.signals;
  const action = actions.get(signal);
  if (signal !== SIGKILL) task.kernel.tracer?.signal(task, signalName(signal), formatSigInfo(info));
  if (actions.handles(signal)) {
    if ((action.flags & SA_RESETHAND) !== 0) actions.set(signal, { ...action, handler: SIG_DFL });
    settleRegisters(task, exit);
    endCall(task, exit, action);
    runHandler(task, action, settleFault(task, info));
    return;
  }
  if (action.handler !== SIG_DFL) return;
  switch (defaultAction(signal)) {
    case "terminate":
    case "core":
      settleRegisters(task, exit);
      task.kernel.killTask(task, signal, info.fault);
      return;
    case "stop":
      stopProcess(task, signal);
  }
}

/** Shows the registers as the guest knows them: in its own code, behind its own `syscall`. */
function settleRegisters(task: Task, exit: Exit): void {
  const { registers } = task.thread;
  showGuestPosition(task);
  if (!exit.changed && task.thread.container.bits === 64) {
    registers.setBig(RCX, registers.getBig(RIP));
    registers.set(R11, registers.lo(RFLAGS) & ~RESUME_FLAG);
  }
  if (!exit.changed) registers.set(RFLAGS, registers.lo(RFLAGS) & ~RESUME_FLAG);
  exit.changed = true;
}

/** What the interrupted call comes to when a handler runs. Linux: handle_signal. */
function endCall(task: Task, exit: Exit, action: SignalAction): void {
  const { outcome } = exit;
  if (outcome === undefined || outcome === REGISTERS_SET || outcome === NO_RETURN) return;
  exit.outcome = REGISTERS_SET;
  switch (outcome) {
    case ERESTARTNOINTR:
      beginAgain(task, exit.number);
      return;
    case ERESTARTSYS:
      if ((action.flags & SA_RESTART) !== 0) beginAgain(task, exit.number);
      else storeResult(task, EINTR);
      return;
    case ERESTARTNOHAND:
    case ERESTART_RESTARTBLOCK:
      storeResult(task, EINTR);
      return;
    default:
      storeResult(task, outcome);
  }
}

/** No handler has run: the call goes on as if there had been nothing. */
function restartCall(task: Task, exit: Exit): void {
  settleRegisters(task, exit);
  beginAgain(task, exit.outcome === ERESTART_RESTARTBLOCK ? RESTART_SYSCALL[task.abi.name] : exit.number);
  exit.outcome = REGISTERS_SET;
}

/** The instruction of the call is the next one again. */
function beginAgain(task: Task, number: number): void {
  const { registers } = task.thread;
  registers.set(SYSCALL_RESULT, number);
  registers.set(RIP, registers.get(RIP) - CALL_SIZE);
}

/** Linux: setup_rt_frame, signal_setup_done. */
function runHandler(task: Task, action: SignalAction, info: SigInfo): void {
  const state = task.signals;
  const mask = state.savedMask ?? state.blocked;
  const setUp = task.thread.container.bits === 64 ? setUpFrame64 : setUpFrame32;
  if (!setUp(task, action, info, mask)) {
    if (info.signal === SIGSEGV || state.isBlocked(SIGSEGV) || state.actions.ignores(SIGSEGV)) {
      state.actions.set(SIGSEGV, DEFAULT_ACTION);
      state.blocked &= ~signalBit(SIGSEGV);
    }
    state.queue.add(kernelInfo(SIGSEGV));
    state.process.update();
    return;
  }
  state.takeSavedMask();
  const own = (action.flags & SA_NODEFER) !== 0 ? 0n : signalBit(info.signal);
  state.blocked |= action.mask | own;
}
