/**
 * The kernel: its tasks, its clocks, and the loop that serves them. One JS thread runs everything, so kernel state
 * needs no locks; every await of a handler is a preemption point.
 */
import { SIGCHLD, SIGKILL } from "./abi/signal.ts";
import { EAGAIN, type Errno } from "./abi/errno.ts";
import type { Pid } from "./abi/types.ts";
import { crashReport } from "./crash_report.ts";
import { ModuleCache } from "./exec/module_cache.ts";
import type { Engine } from "./exec/engine.ts";
import { AnonInodes } from "./fs/anon_inode.ts";
import { RecordLocks } from "./fs/record_lock.ts";
import { Tmpfs } from "./fs/tmpfs.ts";
import { type Bits, HostRefusal } from "./host.ts";
import type { ConsoleControl, Container, Fault, GuestThread, Host, HostEvents } from "./host.ts";
import type { CodeStore } from "./host_code_store.ts";
import type { HostClock } from "./host_clock.ts";
import type { VdsoSource } from "./host_vdso.ts";
import type { HostSystem } from "./host_system.ts";
import { resolveFault } from "./signal/fault.ts";
import { defaultAction, signalName } from "./signal/numbers.ts";
import { dispatchCompatSyscall, dispatchSyscall } from "./syscalls/dispatch.ts";
import type { SyscallObserver, Work } from "./syscalls/observer.ts";
import { FutexTable } from "./task/futex.ts";
import { adopt, type ExitStatus, reaperOf } from "./task/family.ts";
import { giveBack } from "./task/fork.ts";
import { hangUpIfOrphaned } from "./task/orphaned_group.ts";
import type { Task } from "./task/task.ts";
import type { AddressSpace } from "./mm/address_space.ts";
import { Layouts } from "./mm/layout.ts";
import { continueExit, leaveKernel } from "./signal/deliver.ts";
import { sendConsoleControl } from "./signal/console_signals.ts";
import { isInterruptible } from "./signal/position.ts";
import { reportEnd } from "./signal/child_reports.ts";
import { forceSignal, sendSignal } from "./signal/send.ts";
import { beginStep } from "./signal/single_step.ts";
import { Clock } from "./time/clock.ts";
import { TimerQueue } from "./time/timers.ts";

export interface KernelParts {
  readonly host: Host;
  readonly clock: HostClock;
  readonly system: HostSystem;
  readonly engine: Engine;
  /** Keeps rewritten code from one run to the next. */
  readonly codeStore?: CodeStore | undefined;
  /** Whether programs lie at addresses that nobody can guess; true by default. */
  readonly randomize?: boolean | undefined;
  /** Who keeps the clocks that programs read without a system call. */
  readonly vdso?: VdsoSource | undefined;
  readonly tracer?: SyscallObserver | undefined;
  /** Receives what the user has to be told, line by line. */
  readonly report: (line: string) => void;
  /** Ends atratus after a bug of ours; the text says what was going on. */
  readonly onPanic: (error: unknown, context: string) => never;
}

export class Kernel implements HostEvents {
  readonly host: Host;
  readonly clock: Clock;
  readonly system: HostSystem;
  readonly tracer: SyscallObserver | undefined;
  readonly vdso: VdsoSource | undefined;
  /** Bytes of the machine's memory. */
  readonly memoryTotal: number;
  readonly timers = new TimerQueue();
  readonly modules: ModuleCache;
  readonly layouts: Layouts;
  readonly futexes = new FutexTable();
  /** Inodes of pipes and other files without a name. */
  readonly anonInodes = new AnonInodes(() => this.clock.realtime());
  readonly recordLocks = new RecordLocks();
  /** Files in memory that have no name: memfd_create(2), MAP_SHARED | MAP_ANONYMOUS. */
  readonly shmem: Tmpfs;
  readonly tasks = new Map<Pid, Task>();
  readonly #report: (line: string) => void;
  readonly #onPanic: (error: unknown, context: string) => never;
  #nextPid = 1;
  /** The numbers have been through once. */
  #reusesPids = false;
  /** The first process's end is the end of the run. */
  #initStatus: ExitStatus | undefined;
  /** Waits that Deno's event loop ends. */
  #external = 0;
  /** Waits that have ended and whose continuations have not come to an end or to another wait. */
  #continuing = 0;
  attention = false;
  /** The task whose system call was taken last. Written by dispatch. */
  current: Task | undefined;

  constructor(parts: KernelParts) {
    this.host = parts.host;
    this.clock = new Clock(parts.clock);
    this.system = parts.system;
    this.modules = new ModuleCache(parts.host, parts.engine, parts.codeStore);
    this.layouts = new Layouts(parts.randomize ?? true);
    this.memoryTotal = parts.system.memory().total;
    this.tracer = parts.tracer;
    this.vdso = parts.vdso;
    this.shmem = new Tmpfs(this.host, SHMEM_DEV, () => this.clock.realtime());
    this.#report = parts.report;
    this.#onPanic = parts.onPanic;
  }

  /** The next number that is neither a process's nor a group's or session's. Linux: alloc_pid. */
  allocatePid(): Pid {
    for (;;) {
      const pid = this.#nextPid;
      this.#nextPid = pid + 1 < PID_MAX ? pid + 1 : RESERVED_PIDS;
      if (!this.#isTaken(pid)) return pid;
    }
  }

  #isTaken(pid: Pid): boolean {
    if (this.tasks.has(pid)) return true;
    if (!this.#reusesPids && pid < PID_MAX - 1) return false;
    this.#reusesPids = true;
    for (const task of this.tasks.values()) if (task.pgid === pid || task.sid === pid) return true;
    return false;
  }

  /** The newest process's. */
  get lastPid(): Pid {
    return this.#nextPid - 1;
  }

  addTask(task: Task): void {
    this.tasks.set(task.pid, task);
  }

  /** Serves the guests until the first process has ended. */
  async run(): Promise<ExitStatus> {
    if (this.vdso !== undefined) this.#keepClocks(this.vdso);
    for (;;) {
      this.attention = false;
      this.timers.fireDue(this.clock.now());
      if (this.#continuing > 0) await this.#letContinue();
      if (this.#initStatus !== undefined) return this.#initStatus;
      const timeout = this.#continuing > 0 ? 0 : Math.max(0, this.timers.next - this.clock.now());
      const waiting = this.host.poll(this, timeout, this.#external === 0);
      if (waiting !== undefined) await waiting;
    }
  }

  /** Calls `fire` in so many milliseconds; disposal cancels it. */
  later(milliseconds: number, fire: () => void): Disposable {
    this.attention = true; // the loop has to see the deadline
    return this.timers.at(this.clock.now() + milliseconds, fire);
  }

  #keepClocks(vdso: VdsoSource): void {
    this.later(vdso.refreshInterval, () => {
      vdso.refresh();
      this.#keepClocks(vdso);
    });
  }

  /** A wait has ended: until its task waits again or its call is over, a continuation is in the microtask queue. */
  willContinue(): void {
    this.#continuing++;
    this.attention = true;
  }

  /** The counterpart of willContinue. */
  hasContinued(): void {
    this.#continuing--;
  }

  /** A promise of Deno's is under way that a task waits for. */
  externalStarted(): void {
    this.#external++;
    this.attention = true;
  }

  externalFinished(): void {
    this.#external--;
    this.attention = true;
    this.host.interrupt();
  }

  /** Gives the continuations their turns; a handler's way to its end is a few awaits long. */
  async #letContinue(): Promise<void> {
    for (let turn = 0; turn < CONTINUATION_TURNS && this.#continuing > 0; turn++) await undefined;
  }

  onSyscall(thread: GuestThread): void {
    const task = liveTask(thread);
    if (task !== undefined) dispatchSyscall(task);
  }

  onFault(thread: GuestThread, fault: Fault): void {
    const task = liveTask(thread);
    if (task === undefined) return;
    const outcome = resolveFault(task, fault);
    if (outcome === "syscall") dispatchSyscall(task);
    else if (outcome === "compat-syscall") dispatchCompatSyscall(task);
    else if (outcome === "retry" || "alone" in outcome) {
      // A handler comes first; after it the instruction faults again.
      if (task.signals.attention) return leaveKernel(task, undefined);
      if (outcome !== "retry") beginStep(task, outcome.alone);
      thread.resume("all");
    } else {
      forceSignal(task, outcome);
      leaveKernel(task, undefined);
    }
  }

  mayInterrupt(thread: GuestThread, address: number): boolean {
    const task = thread.owner as Task;
    return !task.exited && task.singleStep === undefined && isInterruptible(task, address);
  }

  onInterrupted(thread: GuestThread): void {
    const task = liveTask(thread);
    if (task !== undefined) leaveKernel(task, undefined);
  }

  onHalted(thread: GuestThread): void {
    const task = liveTask(thread);
    if (task === undefined) return;
    task.signals.halts.wakeAll();
    continueExit(task);
  }

  /** A guest thread never ends by itself: somebody else ended it. */
  onThreadExit(thread: GuestThread): void {
    this.#lost(thread.owner as Task | undefined);
  }

  /** The first process's group is in the foreground. */
  onConsoleControl(control: ConsoleControl): void {
    sendConsoleControl(this, this.tasks.get(this.#initPid)?.pgid, control);
  }

  onContainerExit(container: Container): void {
    for (const task of [...this.tasks.values()]) if (task.thread.container === container) this.#lost(task);
  }

  /** Ends the task by a signal, as the signal's default action does; `fault` is what the processor reported. */
  killTask(task: Task, signal: number, fault?: Fault): void {
    if (task.exited) return;
    const core = defaultAction(signal) === "core";
    this.tracer?.killed(task, signalName(signal), core);
    if (task.pid === this.#initPid) {
      const text = [`atratus: ${describe(task)} was ended by ${signalName(signal)}`];
      for (const line of fault === undefined ? text : crashReport(task, signal, fault)) this.#report(line);
    }
    this.#end(task, { signal });
  }

  /** exit(2), exit_group(2): the low byte of `status` is what wait(2) sees. */
  exitTask(task: Task, status: number): void {
    this.tracer?.exited(task, status & 0xff);
    this.#end(task, { code: status & 0xff });
  }

  /** A bug of ours: nothing can be trusted any more. */
  panic(error: unknown, context: string): never {
    this.#onPanic(error, context);
  }

  readonly #initPid: Pid = 1;

  #lost(task: Task | undefined): void {
    if (task === undefined || task.exited) return;
    this.killTask(task, SIGKILL);
  }

  /** Ends a process: gives back what it holds, and tells its parent. Linux: do_exit. */
  #end(task: Task, status: ExitStatus): void {
    this.attention = true;
    task.exited = true;
    if (task.pid === this.#initPid) this.#initStatus = status;
    task.signals.process.end();
    task.family.status = status;
    task.family.usage = { ...this.clock.settleCpuTime(task), memory: task.peakMemory() };
    task.files.release();
    task.fs.release();
    this.#releaseMemory(task);
    const reaper = reaperOf(task);
    for (const child of [...task.family.children]) {
      adopt(reaper, child);
      child.family.exitSignal = SIGCHLD;
      if (child.exited) reportEnd(child);
      else if (child.settings.parentDeathSignal !== 0) {
        const { uid } = task.credentials;
        sendSignal(child, child.settings.parentDeathSignal, { code: "SI_USER", pid: task.pid, uid });
      }
      hangUpIfOrphaned(child, task, false);
    }
    hangUpIfOrphaned(task, task.family.parent, true);
    if (task.pid !== this.#initPid) reportEnd(task);
  }

  /** Back to the lender with a vforked child's memory; else the container goes back to the pool. */
  #releaseMemory(task: Task): void {
    if (task.lender !== undefined) {
      giveBack(task);
      return;
    }
    if (task.pid === this.#initPid) {
      task.thread.container.terminate();
      task.mm[Symbol.dispose]();
      return;
    }
    this.releaseSpace(task.mm);
  }

  /** Does some work, and tells who looks on how long it took. */
  timed<T>(what: Work, work: () => T): T {
    if (this.tracer === undefined) return work();
    const start = performance.now();
    const result = work();
    this.tracer.work(what, performance.now() - start);
    return result;
  }

  /** EAGAIN: the machine refuses another process. */
  acquireContainer(bits: Bits, program?: string): Container | Errno {
    try {
      return this.host.acquireContainer(bits, program);
    } catch (error) {
      if (error instanceof HostRefusal) return EAGAIN;
      throw error;
    }
  }

  /** The address space and its container are not a task's any more. */
  releaseSpace(mm: AddressSpace): void {
    if (this.host.canReuse(mm.container) && this.#reuse(mm)) return;
    mm.container.terminate();
    mm[Symbol.dispose]();
  }

  /** False when somebody is ending the container: nothing in it needs to be cleared. */
  #reuse(mm: AddressSpace): boolean {
    try {
      this.timed("scrubbing", () => mm.scrub());
      this.host.releaseContainer(mm.container);
      return true;
    } catch (error) {
      if (!this.host.isLoss(error)) throw error;
      return false;
    }
  }

  /** A zombie was waited for. */
  reap(task: Task): void {
    this.tasks.delete(task.pid);
    adopt(undefined, task);
  }
}

/** Undefined when it has ended. From now on the kernel knows what its thread has done by itself. */
function liveTask(thread: GuestThread): Task | undefined {
  const task = thread.owner as Task;
  if (task.exited) return undefined;
  task.mm.heap.sync();
  return task;
}

function describe(task: Task): string {
  return `${task.executable} (pid ${task.pid})`;
}

/** st_dev of nameless files in memory. */
const SHMEM_DEV = 1;

/** kernel.pid_max, as systemd sets it, and what is left out when the numbers begin again. */
const PID_MAX = 4194304;
const RESERVED_PIDS = 300;
/** Turns of the microtask queue before guests are looked at again. */
const CONTINUATION_TURNS = 64;
