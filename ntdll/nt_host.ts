/** The kernel's host on Windows. */
import type { Errno } from "../kernel/abi/errno.ts";
import { HostRefusal } from "../kernel/host.ts";
import type { Bits, FloatFormat, Host, HostEvents, ThreadSlots } from "../kernel/host.ts";
import { gateJump } from "./gate_page.ts";
import type { PostServer } from "./gate.ts";
import { ConsoleControls } from "./console_control.ts";
import { ContainerPool } from "./container_pool.ts";
import { NtContainer } from "./container.ts";
import { type ContainerProcess, startProcess, startProcessInBackground } from "./container_process.ts";
import type { GuestNtThread } from "./guest_thread.ts";
import { faultOf } from "./faults.ts";
import {
  DbgBreakpointStateChange,
  DbgCreateProcessStateChange,
  DbgCreateThreadStateChange,
  DbgExceptionStateChange,
  DbgExitProcessStateChange,
  DbgExitThreadStateChange,
  DBGKM_LOAD_DLL,
  DbgLoadDllStateChange,
  DbgSingleStepStateChange,
  DBGUI_CREATE_PROCESS,
  DBGUI_CREATE_THREAD,
} from "./layouts.ts";
import { Machine } from "./machine.ts";
import type { Handle } from "./memory_calls.ts";
import { isLoss } from "./nt_error.ts";
import { NtSection } from "./section.ts";
import { Stretch } from "./stretch.ts";
import type { WindowsLibraries } from "./symbols.ts";
import { threadSlots } from "./teb.ts";
import { hasWow64 } from "./wow64.ts";
import { Doorbell, type WakeCause } from "./doorbell.ts";

/** Rounds of system calls after which the clock is looked at. */
const ROUNDS_BETWEEN_LOOKS = 256;
const LOOK_INTERVAL_MS = 2;
/** Looks that find nothing become rarer, up to this. */
const LONGEST_LOOK_INTERVAL_MS = 16;

/**
 * Milliseconds that a thread is given to come into the kernel by itself, and after which it is looked at again when it
 * could not be stopped where it was: to stop it takes several calls of Windows, in which it gets nowhere.
 */
const INTERRUPT_DELAY = 0.05;

export class NtHost implements Host, PostServer {
  readonly processors = navigator.hardwareConcurrency;
  readonly stretch = new Stretch();
  readonly #machine: Machine;
  readonly #doorbell: Doorbell;
  readonly #pool = new ContainerPool();
  #acquired = 0;
  /** Asked for when a 32-bit program wants to run. */
  #hasWow64: boolean | undefined;
  /** Of what kind a spare container is being made. */
  readonly #making = new Map<Bits, Promise<void>>();
  /** When debug events are to be asked for although nobody has said that there are some. */
  #nextLook = 0;
  #lookInterval = LOOK_INTERVAL_MS;
  /** When threads are to be stopped that the kernel wants to interrupt. */
  #nextInterrupt = 0;
  #console: ConsoleControls | undefined;

  constructor(libraries: WindowsLibraries) {
    this.#machine = new Machine(libraries);
    this.stretch.showIn(this.#machine.gate.stretchWords);
    this.#doorbell = new Doorbell(this.#machine);
  }

  get floatFormat(): FloatFormat {
    return this.#machine.floatFormat;
  }

  runs(bits: Bits): boolean {
    return bits === 64 || (this.#hasWow64 ??= hasWow64());
  }

  threadSlots(bits: Bits): ThreadSlots {
    return threadSlots(bits);
  }

  gateJump(bits: Bits): Uint8Array {
    return gateJump(bits);
  }

  createSection(size: number): NtSection | Errno {
    return NtSection.create(this.#machine.nt, this.#machine.memory, size);
  }

  acquireContainer(bits: Bits, program?: string): NtContainer {
    const container = this.#pool.take(bits, program) ?? this.#start(bits);
    // Most programs are one process. Who makes a second one is likely to make more.
    if (this.#acquired++ > 0 && !this.#pool.hasSpare(bits)) void this.#startSpare(bits);
    return container;
  }

  reuseContainer(bits: Bits, program: string): NtContainer | undefined {
    return this.#pool.take(bits, program);
  }

  prepareContainer(bits: Bits): Promise<void> {
    return this.#pool.hasSpare(bits) ? Promise.resolve() : this.#startSpare(bits);
  }

  canReuse(container: NtContainer): boolean {
    return container.threads.size === 1 && container.mainThread.canPark;
  }

  releaseContainer(container: NtContainer): void {
    if (this.#pool.put(container)) container.mainThread.park();
    else container.terminate();
  }

  #start(bits: Bits): NtContainer {
    try {
      return this.#adopt(startProcess(this.#machine, bits));
    } catch (error) {
      throw new HostRefusal(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  #adopt(started: ContainerProcess): NtContainer {
    const container = NtContainer.around(this.#machine, started);
    this.#machine.containers.set(container.processId, container);
    this.#machine.debug.attach(container.process);
    void container.mainThread; // it is on its way to the gate while the kernel goes on
    return container;
  }

  /** Makes a container for the pool while the JS thread does something else. */
  #startSpare(bits: Bits): Promise<void> {
    let making = this.#making.get(bits);
    if (making === undefined) this.#making.set(bits, making = this.#makeSpare(bits));
    return making;
  }

  async #makeSpare(bits: Bits): Promise<void> {
    try {
      const container = this.#adopt(await startProcessInBackground(this.#machine, bits));
      if (!this.#pool.put(container)) container.terminate();
    } catch (error) {
      // Whoever needs a container tries again, and is told.
      if (!(error instanceof Error)) throw error;
    } finally {
      this.#making.delete(bits);
    }
  }

  /** To be awaited before the process ends: what is under way must not be cut off halfway. */
  async finish(): Promise<void> {
    await Promise.all(this.#making.values());
  }

  interrupt(): void {
    this.#doorbell.interrupt();
  }

  poll(events: HostEvents, timeout: number, blocking: boolean): void | Promise<void> {
    const { gate, interrupts } = this.#machine;
    this.stretch.end();
    const now = performance.now();
    if (this.#mayInterrupt(now)) this.#interruptThreads(events);
    const until = timeout === 0 ? now : now + timeout;
    this.#lookIfDue(events, now);
    for (
      let round = 1;
      gate.serve(this, events) ||
      (timeout > 0 && !events.attention && interrupts.size === 0 && this.#spin(events, until));
      round++
    ) {
      if (events.attention || interrupts.size > 0 && this.#mayInterrupt(performance.now())) return;
      if (round % ROUNDS_BETWEEN_LOOKS !== 0) continue;
      // A stream of system calls must starve neither faults of other threads nor the kernel's timers.
      const later = performance.now();
      this.#lookIfDue(events, later);
      if (later >= until) return;
    }
    if (interrupts.size > 0) {
      this.#machine.nt.NtYieldExecution();
      return;
    }
    if (timeout <= 0 || events.attention || !gate.beginSleep()) return;
    if (!blocking || this.#making.size > 0) {
      return this.#doorbell.wait(timeout).then((cause) => this.#wakeUp(events, cause));
    }
    this.#wakeUp(events, this.#doorbell.waitBlocking(timeout));
  }

  #spin(events: HostEvents, until: number): boolean {
    this.stretch.whenIdle?.();
    return this.#machine.gate.spin() || this.#goOnLooking(events, until);
  }

  /** Looks for posts for as long as it pays, and at most until it is time to return. */
  #goOnLooking(events: HostEvents, until: number): boolean {
    const { gate } = this.#machine, { patience } = gate;
    if (patience === 0) return false;
    const start = performance.now(), end = Math.min(until, start + patience);
    for (let now = start; now < end && !events.attention; now = performance.now()) {
      this.#lookIfDue(events, now);
      if (gate.spin()) return true;
    }
    gate.losePatience();
    return false;
  }

  #wakeUp(events: HostEvents, cause: WakeCause): void {
    const { gate } = this.#machine;
    this.stretch.end();
    gate.endSleep(cause === "doorbell");
    // Posts are served by the next poll: timers that came due during the sleep count as earlier than they.
    if (cause === "debug") this.#deliverDebugEvents(events);
    if (cause === "other") this.#deliverConsoleControls(events);
  }

  /** From now on the kernel is told what the user does to the console, which has no other effect any more. */
  watchConsole(): void {
    this.#console ??= new ConsoleControls(this.#machine, this.#doorbell.interruption);
  }

  #deliverConsoleControls(events: HostEvents): void {
    for (const control of this.#console?.take() ?? []) events.onConsoleControl(control);
  }

  /** Debug events are asked for at intervals while nothing waits for them: to ask costs more than a system call. */
  #lookIfDue(events: HostEvents, now: number): void {
    if (now < this.#nextLook) return;
    this.#deliverConsoleControls(events);
    this.stretch.end();
    const found = this.#deliverDebugEvents(events);
    this.#lookInterval = found
      ? LOOK_INTERVAL_MS
      : Math.min(this.#lookInterval * 2, LONGEST_LOOK_INTERVAL_MS);
    this.#nextLook = now + this.#lookInterval;
  }

  servePost(thread: GuestNtThread, events: HostEvents): void {
    const what = thread.takePost();
    if (what === undefined) return;
    this.#machine.servedThread = thread;
    if (what === "syscall") events.onSyscall(thread);
    else events.onHalted(thread);
    this.#machine.servedThread = undefined;
  }

  /** Whether it is time to stop threads; the first time that some are to be stopped it is not yet. */
  #mayInterrupt(now: number): boolean {
    if (this.#machine.interrupts.size === 0) {
      this.#nextInterrupt = 0;
      return false;
    }
    if (this.#nextInterrupt === 0) this.#nextInterrupt = now + INTERRUPT_DELAY;
    return now >= this.#nextInterrupt;
  }

  /** One attempt for each: who is on its way through the gate is left alone, and looked at again. */
  #interruptThreads(events: HostEvents): void {
    const { interrupts } = this.#machine;
    const lookForEvents = () => this.#deliverDebugEvents(events);
    for (const thread of [...interrupts]) {
      const mayStop = (address: number) => events.mayInterrupt(thread, address);
      const done = thread.running ? unlessLost(() => thread.tryToStop(lookForEvents, mayStop)) : "gone";
      if (done === "busy") continue;
      interrupts.delete(thread);
      if (done === "stopped") events.onInterrupted(thread);
    }
    this.#nextInterrupt = performance.now() + INTERRUPT_DELAY;
  }

  isLoss(error: unknown): boolean {
    return isLoss(error);
  }

  /** False when there were none. */
  #deliverDebugEvents(events: HostEvents): boolean {
    const { debug } = this.#machine;
    let found = false;
    for (let state = debug.next(0); state !== 0; state = debug.next(0)) {
      if (unlessLost(() => this.#deliverOne(state, events)) === "gone") debug.continue();
      found = true;
    }
    return found;
  }

  #deliverOne(state: number, events: HostEvents): void {
    const { debug, containers } = this.#machine;
    const container = containers.get(debug.processId);
    const thread = container?.threads.get(debug.threadId);
    switch (state) {
      case DbgExceptionStateChange:
      case DbgBreakpointStateChange:
      case DbgSingleStepStateChange:
        if (thread !== undefined) {
          if (thread.stopAtEvent()) events.onFault(thread, faultOf(debug.info, thread.container.bits));
          thread.leaveEvent();
        }
        break;
      case DbgExitThreadStateChange:
        if (thread !== undefined) {
          thread.forget();
          container?.threads.delete(thread.threadId);
          events.onThreadExit(thread);
        }
        break;
      case DbgExitProcessStateChange:
        if (container !== undefined) {
          this.#pool.drop(container);
          container.markEnded();
          events.onContainerExit(container);
        }
        break;
      case DbgCreateThreadStateChange:
        this.#close(DBGUI_CREATE_THREAD.decode(debug.info).HandleToThread);
        break;
      case DbgCreateProcessStateChange: {
        const event = DBGUI_CREATE_PROCESS.decode(debug.info);
        this.#close(event.HandleToProcess);
        this.#close(event.HandleToThread);
        this.#close(event.FileHandle);
        break;
      }
      case DbgLoadDllStateChange:
        this.#close(DBGKM_LOAD_DLL.decode(debug.info).FileHandle);
        break;
    }
    debug.continue();
  }

  /** The Nt calls leave the handles in an event to the debugger. */
  #close(handle: Handle): void {
    if (handle !== 0n) this.#machine.nt.NtClose(handle);
  }
}

/** "gone": the container is being ended, which an event will tell of. */
function unlessLost<T>(attempt: () => T): T | "gone" {
  try {
    return attempt();
  } catch (error) {
    if (!isLoss(error)) throw error;
    return "gone";
  }
}
