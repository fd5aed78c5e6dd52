/**
 * fork(2), vfork(2), clone(2) for processes. A forked child gets a container and a copy of the memory. A vforked one
 * borrows its parent's memory and the parent's very thread, until it executes a program or ends: the parent waits
 * for just that, so its thread is free.
 */
import { EAGAIN, Errno } from "../abi/errno.ts";
import { SYSCALL_RESULT } from "../abi/abi.ts";
import { RegisterFile, RSP } from "../abi/registers.ts";
import { RLIMIT_NPROC } from "../abi/resource.ts";
import type { UserPtr } from "../abi/types.ts";
import { AddressSpace } from "../mm/address_space.ts";
import type { Kernel } from "../kernel.ts";
import { REGISTERS_SET, type SyscallResult } from "../syscalls/result.ts";
import { limitCpu } from "../time/cpu_limit.ts";
import { whenHalted } from "../signal/halt.ts";
import { adopt } from "./family.ts";
import { Task } from "./task.ts";
import { WaitQueue } from "./wait.ts";

/** No machine is asked for more processes. */
const MAX_PROCESSES = 1000;
/** Bytes of the machine's memory for each process there may be. Linux bounds its tasks by memory, too (fork_init). */
const MEMORY_PER_PROCESS = 0x100_0000;

export interface ForkRequest {
  readonly shareMemory: boolean;
  readonly shareFiles: boolean;
  readonly shareFs: boolean;
  readonly shareActions: boolean;
  /** Whose child it becomes: with CLONE_PARENT the caller's parent's. */
  readonly parent: Task;
  readonly exitSignal: number;
  /** 0: the parent's. */
  readonly stack: UserPtr;
  /** CLONE_SETTLS; undefined: the parent's. */
  readonly threadPointer: number | undefined;
  /** Called with the child before it runs, for CLONE_*_SETTID. */
  readonly prepare: (child: Task) => void;
}

/** Makes a child; the result is its pid. EAGAIN: too many processes. ENOMEM: no memory for the copy. */
export function forkTask(parent: Task, request: ForkRequest): SyscallResult {
  const { kernel } = parent;
  let alive = 0, owned = 0;
  for (const task of kernel.tasks.values()) {
    if (!task.exited) alive++;
    if (task.credentials.uid === parent.credentials.uid) owned++;
  }
  if (alive >= maxProcesses(kernel)) return EAGAIN;
  if (!parent.credentials.privileged && owned >= parent.limits.current(RLIMIT_NPROC)) return EAGAIN;
  return request.shareMemory ? borrow(parent, request) : copy(parent, request);
}

/** What no guest can exceed, whatever its limits are: a bound that a fork bomb meets before the machine does. */
export function maxProcesses(kernel: Kernel): number {
  return Math.min(MAX_PROCESSES, Math.floor(kernel.memoryTotal / MEMORY_PER_PROCESS));
}

function copy(parent: Task, request: ForkRequest): SyscallResult {
  return whenHalted(parent)?.then(() => copyHalted(parent, request)) ?? copyHalted(parent, request);
}

/** How many containers a fork may try. */
const ATTEMPTS = 4;

/** A space with room for all that the parent's has. ENOMEM, EAGAIN. */
function spaceLike(
  { kernel, mm: { container: { bits }, abi, layout }, mm: parent }: Task,
): AddressSpace | Errno {
  for (let attempt = 1;; attempt++) {
    const container = kernel.acquireContainer(bits, parent.program);
    if (container instanceof Errno) return container;
    const mm = new AddressSpace(kernel.host, container, abi, kernel.modules, layout, parent.program);
    const failure = kernel.timed("mapping", () => mm.mapLike(parent));
    if (failure === undefined) return mm;
    // The host may have put something of its own there; in another container that lies elsewhere.
    container.terminate();
    mm[Symbol.dispose]();
    if (attempt === ATTEMPTS) return failure;
  }
}

function copyHalted(parent: Task, request: ForkRequest): number | Errno {
  const { kernel } = parent;
  const mm = spaceLike(parent);
  if (mm instanceof Errno) return mm;
  kernel.timed("copying", () => mm.copyFrom(parent.mm));
  const child = makeChild(parent, request, mm, mm.container.mainThread);
  const { registers } = child.thread;
  registers.copyFrom(parent.thread.registers);
  child.thread.writeFloatState(parent.thread.readFloatState());
  child.thread.setCanary(parent.thread);
  start(child, registers, request);
  return child.pid;
}

/** The child runs on the parent's thread; the parent's registers wait here. */
function borrow(parent: Task, request: ForkRequest): SyscallResult {
  const { thread } = parent;
  const saved = new RegisterFile();
  saved.copyFrom(thread.registers);
  const child = makeChild(parent, request, parent.mm, thread);
  child.lender = parent;
  child.lent = new WaitQueue();
  start(child, thread.registers, request);
  return untilGivenBack();

  async function untilGivenBack(): Promise<typeof REGISTERS_SET> {
    while (child.lender !== undefined) {
      using wait = parent.beginWait([child.lent!], Infinity, "uninterruptible");
      await wait.reason;
    }
    thread.owner = parent;
    thread.registers.copyFrom(saved);
    thread.registers.set(SYSCALL_RESULT, child.pid);
    thread.setThreadPointer(parent.threadPointer);
    if (parent.mm.hasOtherBase) thread.segments.setOtherBase(parent.otherBase);
    return REGISTERS_SET;
  }
}

/** A vforked child needs its parent's memory no more. */
export function giveBack(child: Task): void {
  if (child.lender === undefined) return;
  child.lender = undefined;
  child.lent?.wakeAll();
}

function makeChild(parent: Task, request: ForkRequest, mm: AddressSpace, thread: Task["thread"]): Task {
  const { kernel } = parent;
  const child = new Task({
    kernel,
    pid: kernel.allocatePid(),
    parentPid: request.parent.pid,
    abi: parent.mm.abi,
    mm,
    files: request.shareFiles ? parent.files.share() : parent.files.clone(),
    fs: request.shareFs ? parent.fs.share() : parent.fs.clone(),
    credentials: parent.credentials,
    limits: parent.limits.clone(),
    thread,
  });
  child.inherit(parent, request.shareActions);
  if (thread !== parent.thread && parent.mm.usesSegments) {
    thread.segments.inherit(parent.thread.segments);
    mm.hasOtherBase = parent.mm.hasOtherBase;
  }
  child.family.exitSignal = request.exitSignal;
  adopt(request.parent, child);
  kernel.addTask(child);
  limitCpu(child);
  return child;
}

function start(child: Task, registers: RegisterFile, request: ForkRequest): void {
  registers.set(SYSCALL_RESULT, 0);
  if (request.stack !== 0) registers.set(RSP, request.stack);
  child.setThreadPointer(request.threadPointer ?? child.threadPointer);
  request.prepare(child);
  child.thread.resume("all");
}
