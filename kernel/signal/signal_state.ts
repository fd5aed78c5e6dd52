/**
 * What a task has said about signals, and what has come for it. Actions may be shared (CLONE_SIGHAND), the process's
 * queue and timers belong to all its tasks; mask, own queue and alternate stack to the task. Sets: sets.ts.
 */
import { ERESTART_RESTARTBLOCK } from "../abi/errno.ts";
import type { Outcome, SyscallResult } from "../syscalls/result.ts";
import { WaitQueue } from "../task/wait.ts";
import { type AlternateStack, NO_STACK } from "./alternate_stack.ts";
import { SignalActions } from "./actions.ts";
import { ProcessSignals } from "./process_signals.ts";
import { SignalQueue } from "./queue.ts";
import { signalBit, UNBLOCKABLE } from "./sets.ts";
import type { SigInfo } from "./sig_info.ts";

/** A task on its way out of the kernel, which may have to wait there (deliver.ts). */
export interface Exit {
  /** What the call gave; undefined when the task did not make one. */
  outcome: Outcome | undefined;
  /** The call's number, for its restart. */
  readonly number: number;
  /** Registers besides the result have changed. */
  changed: boolean;
}

/** Trap number, error code and address of the last fault (thread_struct's trap_nr, error_code, cr2). */
export interface TrapInfo {
  readonly trapno: number;
  readonly error: number;
  readonly cr2: number;
}

export class SignalState {
  actions: SignalActions;
  readonly process: ProcessSignals;
  readonly queue = new SignalQueue();
  /** Woken when the task's thread has halted. */
  readonly halts = new WaitQueue();
  alternateStack: AlternateStack = NO_STACK;
  trap: TrapInfo = { trapno: 0, error: 0, cr2: 0 };
  /** What restart_syscall(2) goes on with. Linux: restart_block. */
  restart: (() => SyscallResult) | undefined;
  /** The task is on its way out of the kernel and waits for its thread to halt, or is stopped. */
  exit: Exit | undefined;
  /** Whether anything has come that is not blocked. */
  deliverable = false;
  /** Something has to be done before the task goes on: what dispatch looks at after every call. */
  attention = false;
  #awaited = 0n;
  #blocked = 0n;
  #savedMask: bigint | undefined;

  constructor(actions = new SignalActions(), process = new ProcessSignals()) {
    this.actions = actions;
    this.process = process;
    process.members.add(this);
  }

  get blocked(): bigint {
    return this.#blocked;
  }

  /** SIGKILL and SIGSTOP are left out silently, as Linux does. */
  set blocked(mask: bigint) {
    this.#blocked = mask & ~UNBLOCKABLE;
    this.update();
  }

  /**
   * The mask for the time of one call (sigsuspend(2), ppoll(2)): dispatch puts the old one back when the call is over,
   * or into the frame of the handler that interrupts it. Linux: saved_sigmask.
   */
  setForCall(mask: bigint): void {
    this.#savedMask ??= this.#blocked;
    this.blocked = mask;
  }

  get savedMask(): bigint | undefined {
    return this.#savedMask;
  }

  /** The mask as it was before the call, which is now in a frame. */
  takeSavedMask(): bigint {
    const mask = this.#savedMask ?? this.#blocked;
    this.#savedMask = undefined;
    return mask;
  }

  restoreMask(): void {
    if (this.#savedMask !== undefined) this.blocked = this.takeSavedMask();
  }

  /** Signals that end the task's wait though they may be blocked (sigtimedwait(2)). */
  get awaited(): bigint {
    return this.#awaited;
  }
  set awaited(set: bigint) {
    this.#awaited = set;
    this.update();
  }

  isBlocked(signal: number): boolean {
    return (this.#blocked & signalBit(signal)) !== 0n;
  }

  /** The set of signals that have come and are not delivered. */
  get pending(): bigint {
    return this.queue.set | this.process.queue.set;
  }

  /** What is to be delivered next, of those outside of `blocked`. */
  next(blocked = this.#blocked): SigInfo | undefined {
    return this.queue.next(blocked) ?? this.process.queue.next(blocked);
  }

  /** Takes what `next` gave, as it is by now. */
  take(info: SigInfo): SigInfo {
    if (!this.queue.remove(info)) this.process.queue.remove(info);
    this.process.update();
    return info.refresh?.() ?? info;
  }

  /** Forgets what has come of a set, for this task and its process. */
  discard(set: bigint): void {
    for (const member of this.process.members) member.queue.discard(set);
    this.process.queue.discard(set);
    this.process.update();
  }

  /** A child's state after fork(2): nothing is pending, no timer runs. */
  clone(): SignalState {
    const copy = new SignalState(this.actions.clone());
    copy.#blocked = this.#savedMask ?? this.#blocked;
    copy.alternateStack = this.alternateStack;
    return copy;
  }

  /** execve(2): actions reset, alternate stack gone, timers of timer_create(2) gone; mask and pending signals kept. */
  exec(): void {
    this.actions = this.actions.afterExec();
    this.alternateStack = NO_STACK;
    this.restart = undefined;
    for (const timer of this.process.timers.values()) timer.disarm();
    this.process.timers.clear();
    this.update();
  }

  /** The outcome of a call that `call` is to go on with when no handler has run. */
  restartWith(call: () => SyscallResult): typeof ERESTART_RESTARTBLOCK {
    this.restart = call;
    return ERESTART_RESTARTBLOCK;
  }

  update(): void {
    this.deliverable = (this.pending & (~this.#blocked | this.#awaited)) !== 0n;
    this.attention = this.deliverable || this.#savedMask !== undefined || this.process.stopped !== undefined;
  }
}
