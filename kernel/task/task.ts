/**
 * A Linux task. Processes have one task each until threads come. What a task shares with others (memory, files,
 * working directory) is an object of its own, so that clone can share or copy it.
 */
import { SIGCHLD } from "../abi/signal.ts";
import type { Abi } from "../abi/abi.ts";
import type { Pid, UserPtr } from "../abi/types.ts";
import type { FdTable } from "../fs/fd_table.ts";
import type { FsContext } from "../fs/fs_context.ts";
import type { GuestThread } from "../host.ts";
import type { Kernel } from "../kernel.ts";
import type { SingleStep } from "../signal/single_step.ts";
import type { AddressSpace } from "../mm/address_space.ts";
import { CANARY_OFFSET } from "../../loader/x86/mod.ts";
import { SignalState } from "../signal/signal_state.ts";
import { Family } from "./family.ts";
import type { Credentials } from "./credentials.ts";
import type { ResourceLimits } from "./rlimits.ts";
import { TaskSettings } from "./settings.ts";
import {
  type Blockable,
  type PendingWait,
  type Waiter,
  type WaitKind,
  WaitQueue,
  type WakeReason,
} from "./wait.ts";

/** Milliseconds: a shorter sleep is not worth waking the thread from. */
const SHORT_SLEEP = 1;

export interface TaskParts {
  readonly kernel: Kernel;
  readonly pid: Pid;
  readonly parentPid: Pid;
  readonly abi: Abi;
  readonly mm: AddressSpace;
  readonly files: FdTable;
  readonly fs: FsContext;
  readonly credentials: Credentials;
  readonly limits: ResourceLimits;
  readonly thread: GuestThread;
}

export class Task implements Blockable {
  readonly kernel: Kernel;
  readonly pid: Pid;
  readonly tid: Pid;
  parentPid: Pid;
  abi: Abi;
  mm: AddressSpace;
  files: FdTable;
  fs: FsContext;
  credentials: Credentials;
  limits: ResourceLimits;
  /** A vforked child runs on its parent's. */
  thread: GuestThread;
  readonly family = new Family(undefined);
  /** A vforked child: whose memory it has, and who waits for it to be given back. */
  lender: Task | undefined;
  lent: WaitQueue | undefined;
  /** Process group and session (setpgid(2), setsid(2)); a child inherits its parent's. */
  pgid: Pid;
  sid: Pid;
  signals = new SignalState();
  settings = new TaskSettings();
  /** Kernel.clock.now() when the task came to life. */
  readonly startTime: number;
  /** Bytes that programs before this one have had at most. */
  #earlierMemory = 0;
  /** Whether the task has called execve(2) since its fork (setpgid(2) asks). */
  hasExecuted = false;
  /** The command name, at most 15 bytes (PR_SET_NAME). */
  comm = "";
  /** The guest path of the running image (/proc/self/exe). */
  executable = "";
  /** set_tid_address(2): zeroed and woken when the task ends. */
  clearChildTid: UserPtr = 0;
  /** The thread pointer, for the crash report and sigreturn. */
  threadPointer = 0;
  /** x86-64: the base of %gs. */
  otherBase = 0;
  exited = false;
  /** While it runs one instruction alone. */
  singleStep: SingleStep | undefined;
  #waiter: Waiter | undefined;
  /** A wait has ended and what comes of it is not known yet. */
  #continuing = false;

  constructor(parts: TaskParts) {
    this.kernel = parts.kernel;
    this.pid = parts.pid;
    this.tid = parts.pid;
    this.parentPid = parts.parentPid;
    this.abi = parts.abi;
    this.mm = parts.mm;
    this.files = parts.files;
    this.fs = parts.fs;
    this.fs.viewer = this;
    this.credentials = parts.credentials;
    this.limits = parts.limits;
    this.thread = parts.thread;
    this.pgid = parts.pid;
    this.sid = parts.pid;
    this.startTime = parts.kernel.clock.now();
    parts.thread.owner = this;
  }

  setThreadPointer(address: number): void {
    this.thread.setThreadPointer(address);
    if (address !== this.threadPointer) this.thread.setCanary(this.#canaryAt(address));
    this.threadPointer = address;
  }

  /** The canary of a thread with its thread pointer at `address`; 0 while there is none. */
  #canaryAt(address: number): Uint8Array {
    const canary = new Uint8Array(8);
    canary.set(this.mm.peek(address + CANARY_OFFSET[this.abi.bits], this.abi.word) ?? []);
    return canary;
  }

  setOtherBase(address: number): void {
    this.otherBase = address;
    this.mm.hasOtherBase = true;
    this.thread.segments.setOtherBase(address);
  }

  beginWait(queues: readonly WaitQueue[], deadline: number, how?: WaitKind): PendingWait {
    const { promise, resolve } = Promise.withResolvers<WakeReason>();
    const entries: Disposable[] = [];
    const waiter: Waiter = {
      wake: (reason) => {
        if (this.#waiter !== waiter || reason === "signal" && how === "uninterruptible") return;
        this.#waiter = undefined;
        this.#continue(true);
        resolve(reason);
      },
    };
    this.#waiter = waiter;
    this.#continue(false);
    this.kernel.attention = true; // the loop has to see the deadline
    for (const queue of queues) entries.push(queue.register(waiter));
    if (deadline !== Infinity) entries.push(this.kernel.timers.at(deadline, () => waiter.wake("timeout")));
    if (this.signals.deliverable) waiter.wake("signal"); // it came before the call
    else if (how === "long" || queues.length === 0 && deadline - this.kernel.clock.now() > SHORT_SLEEP) {
      this.thread.rest();
    }
    return {
      reason: promise,
      [Symbol.dispose]: () => {
        if (this.#waiter === waiter) {
          this.#waiter = undefined;
          this.#continue(true); // given up without having waited: the rest of the call is still to come
        }
        for (const entry of entries) entry[Symbol.dispose]();
      },
    };
  }

  /** The most memory that the process has had, in bytes. */
  peakMemory(): number {
    this.mm.heap.sync();
    return Math.max(this.#earlierMemory, this.mm.residence.peak());
  }

  /** To be called before the task leaves its address space for another. */
  keepPeakMemory(): void {
    this.#earlierMemory = this.peakMemory();
  }

  /** Forgets what execve(2) forgets; `path` is what it was called with. */
  becomeProgram(executable: string, path: string): void {
    this.executable = executable;
    this.comm = path.slice(path.lastIndexOf("/") + 1).slice(0, 15);
    this.clearChildTid = 0;
    this.hasExecuted = true;
    this.signals.exec();
    this.settings.exec();
    this.family.exitSignal = SIGCHLD;
    this.setThreadPointer(0);
    this.thread.setCanary(new Uint8Array(8)); // the last program's is none of this one's business
    this.otherBase = 0; // the slot was cleared with the old address space
  }

  /** Takes over what a child has from its parent (fork(2)). */
  inherit(parent: Task, shareActions: boolean): void {
    this.pgid = parent.pgid;
    this.sid = parent.sid;
    this.signals = parent.signals.clone();
    if (shareActions) this.signals.actions = parent.signals.actions;
    this.settings = parent.settings.clone();
    this.comm = parent.comm;
    this.executable = parent.executable;
    this.threadPointer = parent.threadPointer;
    this.otherBase = parent.otherBase;
  }

  /** From now on nobody else has these descriptors. */
  unshareFiles(): void {
    if (!this.files.shared) return;
    const own = this.files.clone();
    this.files.release();
    this.files = own;
  }

  /** The system call is over: nothing of it is left in the microtask queue. */
  endCall(): void {
    this.#continue(false);
  }

  #continue(will: boolean): void {
    if (this.#continuing === will) return;
    this.#continuing = will;
    if (will) this.kernel.willContinue();
    else this.kernel.hasContinued();
  }

  /** It waits for something, in the kernel. */
  get blocked(): boolean {
    return this.#waiter !== undefined;
  }

  /** Ends the task's wait because a signal has come. */
  interrupt(): void {
    this.#waiter?.wake("signal");
  }
}
