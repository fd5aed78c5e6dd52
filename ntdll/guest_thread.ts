/** One NT thread that runs one Linux thread's code. It never runs Windows code of its own choosing. */
import { RegisterFile, RFLAGS, RIP, RSP } from "../kernel/abi/registers.ts";
import type { GuestThread, HeapLoan } from "../kernel/host.ts";
import type { FileLoan } from "../kernel/host_files.ts";
import { ThreadChannel } from "./channel.ts";
import type { NtContainer } from "./container.ts";
import { type CreatedThread, createThread } from "./create_thread.ts";
import { createEvent } from "./handles.ts";
import type { Machine } from "./machine.ts";
import type { Handle } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import { CANARY_SLOT, CHANNEL_SLOT, SPILL_SLOT, THREAD_POINTER_SLOT } from "./teb.ts";
import { TebSlots } from "./teb_slots.ts";
import { type ThreadContext, threadContext } from "./thread_context.ts";
import { ThreadSegments } from "./thread_segments.ts";

export class GuestNtThread implements GuestThread {
  readonly channel: ThreadChannel;
  readonly segments: ThreadSegments;
  readonly handle: Handle;
  readonly threadId: number;
  readonly teb: number;
  owner: unknown = undefined;
  readonly #machine: Machine;
  readonly #context: ThreadContext;
  readonly #index: number;
  readonly #slots: TebSlots;
  /**
   * Where the thread stands. It arrives at the stub's `ud2`, is sent into the gate from there, and is parked once it
   * waits in it: from then on its container can be prepared by calls of its own. "posted": it waits in the gate with
   * a guest's system call, or halted; "halting": it is on its way there.
   */
  #state:
    | "arriving"
    | "parking"
    | "parked"
    | "running"
    | "posted"
    | "halting"
    | "at-event"
    | "suspended"
    | "ended" = "arriving";
  #halted = false;
  /** It was resumed while it was halting, or had to be halted for that: it goes on as soon as it is. */
  #goOn = false;
  /** What it is to go on with instead of the float state it has. */
  #float: Uint8Array | undefined;
  /** `interrupt` has suspended it and looks where it is. */
  #examined = false;
  /** What the guest is to start with; the gate's slots are not its own before. */
  #initial = initialRegisters();
  /** `resume` was called before the thread was parked. */
  #startWanted = false;

  private constructor(
    machine: Machine,
    readonly container: NtContainer,
    { handle, threadId, teb }: CreatedThread,
  ) {
    this.#machine = machine;
    this.handle = handle;
    this.threadId = threadId;
    this.teb = teb;
    this.#slots = new TebSlots(container, teb);
    this.segments = new ThreadSegments(this, this.#slots);
    this.#context = threadContext(machine.nt, container.bits);
    this.#index = machine.gate.enlist(this);
    this.channel = new ThreadChannel(machine, container, this.#index, createEvent(machine.nt));
    this.#slots.write(CHANNEL_SLOT, this.channel.address);
  }

  static create(machine: Machine, container: NtContainer): GuestNtThread {
    const thread = new GuestNtThread(machine, container, createThread(machine.nt, container));
    container.threads.set(thread.threadId, thread);
    return thread;
  }

  get registers(): RegisterFile {
    return this.isNew ? this.#initial : this.channel.registers;
  }

  /** No guest code has run in it, or none of the guest that it is for now. */
  get isNew(): boolean {
    return this.#state === "arriving" || this.#state === "parking" || this.#state === "parked";
  }

  /** It can be lent a file. Where Windows is called by way of WoW64 the way to the kernel and back is shorter. */
  get canBorrow(): boolean {
    return this.container.bits === 64 && !this.channel.lentFiles.full;
  }

  dropWrites(fd: number, ended: () => void): FileLoan | undefined {
    return this.canBorrow ? this.channel.lentFiles.addDropping(fd, ended) : undefined;
  }

  lendHeap(end: number, limit: number): HeapLoan | undefined {
    return this.container.bits === 64 && this.takesCalls ? this.channel.lendHeap(end, limit) : undefined;
  }

  /** It waits in the gate, and calls given to it are made before any guest code. */
  get takesCalls(): boolean {
    return this.#state === "posted" || this.isNew;
  }

  get canPark(): boolean {
    return this.#state === "posted" || this.#state === "parked" || this.stopped;
  }

  /** The guest has ended while this thread was stopped: it can run another one. */
  park(): void {
    if (!this.canPark) throw new TypeError(`Cannot park a thread that is ${this.#state}`);
    if (this.stopped) {
      this.#goOnAt(this.#haltEntry());
      this.#state = "parking";
    } else this.#parked();
    this.#initial = initialRegisters();
    this.#float = undefined;
    this.owner = undefined;
    this.channel.lentFiles.takeBack();
  }

  /** It waits in the gate for its next guest. */
  #parked(): void {
    this.#state = "parked";
    this.channel.rest();
  }

  /** It stands in guest code, at an event or suspended. */
  get stopped(): boolean {
    return this.#state === "at-event" || this.#state === "suspended";
  }

  #haltEntry(): RegisterFile {
    const entry = initialRegisters();
    entry.set(RIP, this.container.haltAddress);
    return entry;
  }

  /** Also while it has not got there. */
  get running(): boolean {
    return this.#state === "running" || this.#goOn || this.#startWanted;
  }

  get halted(): boolean {
    return this.#halted;
  }

  halt(): boolean {
    if (this.#halted) return true;
    switch (this.#state) {
      case "posted":
      case "parked":
        if (this.channel.haltSleeping()) this.#halted = true;
        else {
          this.channel.askToHalt();
          this.#state = "halting";
        }
        return this.#halted;
      case "at-event":
      case "suspended": {
        this.#goOnAt(this.#haltEntry());
        this.#state = "halting";
        return false;
      }
      case "halting":
        return false;
      default:
        throw new TypeError(`Cannot halt a thread that is ${this.#state}`);
    }
  }

  readFloatState(): Uint8Array<ArrayBuffer> {
    if (!this.#halted) throw new TypeError("Cannot read the float state of a thread that is not halted");
    this.#storeState(); // what was set since is the guest's state already
    return this.channel.floatState(this.#machine.floatFormat.size);
  }

  writeFloatState(state: Uint8Array | undefined): void {
    this.#float = state?.slice() ?? INITIAL_FLOAT;
  }

  interrupt(): void {
    if (this.running) this.#machine.interrupts.add(this);
  }

  /**
   * Stops the running thread where `mayStop` allows it, and else lets it run on. "event": another event about it came
   * first.
   */
  tryToStop(lookForEvents: () => void, mayStop: (address: number) => boolean): "stopped" | "busy" | "event" {
    if (this.#state !== "running") return "busy";
    const { nt } = this.#machine;
    check("NtSuspendThread", nt.NtSuspendThread(this.handle, null));
    this.#examined = true;
    const stopped = new RegisterFile();
    this.#context.load(this.handle, stopped); // waits until the thread has really stopped
    lookForEvents(); // what it has reported before counts first
    if (!this.#examined) return "event";
    this.#examined = false;
    if (this.channel.posted || !mayStop(stopped.get(RIP))) {
      this.#letRun();
      return "busy";
    }
    this.registers.copyFrom(stopped);
    this.#state = "suspended";
    return "stopped";
  }

  #letRun(): void {
    check("NtResumeThread", this.#machine.nt.NtResumeThread(this.handle, null));
  }

  setThreadPointer(address: number): void {
    this.channel.setThreadPointer(address);
    // A thread that does not wait in the gate gets no answer to take it from.
    if (!this.takesCalls) this.#slots.write(THREAD_POINTER_SLOT, address);
  }

  setCanary(canary: Uint8Array | GuestNtThread): void {
    const word = canary instanceof GuestNtThread ? canary.channel.canary : canary;
    if (this.takesCalls) {
      this.channel.setCanary(word);
      return;
    }
    // It may not pass the gate for long, and the guest may change its copy until then.
    this.channel.keepCanary();
    this.#slots.writeBytes(CANARY_SLOT, word);
  }

  spilledRegister(): bigint {
    return this.#halted ? this.channel.savedSpill : this.#slots.read(SPILL_SLOT);
  }

  /** It has posted, and nobody has taken the post. */
  get hasPost(): boolean {
    const isOnItsWay = this.#state === "running" || this.#state === "parking" || this.#state === "halting";
    return isOnItsWay && this.channel.posted;
  }

  /** Takes its post. Undefined when that is nothing for the kernel. */
  takePost(): "syscall" | "halted" | undefined {
    if (this.#state === "halting") {
      this.#halted = true;
      this.#state = "posted";
      if (!this.#goOn) return "halted";
      this.#goOnHalted();
      return undefined;
    }
    if (!this.channel.takePost()) return undefined;
    const { interrupts } = this.#machine;
    if (interrupts.size > 0) interrupts.delete(this); // it has come by itself
    if (this.#state === "parking") {
      this.#halted = true;
      this.#parked();
      if (this.#startWanted) this.resume("all");
      return undefined;
    }
    this.#state = "posted";
    return "syscall";
  }

  /**
   * Called when a debug event of this thread was read. True when the event is the guest's, whose registers are now
   * valid; false when it was the thread's arrival at its start.
   */
  stopAtEvent(): boolean {
    if (this.#state === "arriving") {
      const registers = initialRegisters();
      this.#context.load(this.handle, registers);
      this.channel.setHostStack(registers.get(RSP));
      registers.set(RIP, this.container.haltAddress);
      this.#context.store(this.handle, registers);
      this.#state = "parking";
      return false;
    }
    // It was sent away before Windows had reported its fault, which it will meet again.
    if (this.#state === "halting") return false;
    if (this.#examined) {
      this.#examined = false;
      this.#letRun();
    }
    this.#state = "at-event";
    this.channel.lentFiles.forgetLast();
    this.#machine.interrupts.delete(this);
    this.#context.load(this.handle, this.registers);
    return true;
  }

  /** Called after the kernel looked at the event: a thread it did not resume stays stopped past the event. */
  leaveEvent(): void {
    if (this.#state !== "at-event") return;
    check("NtSuspendThread", this.#machine.nt.NtSuspendThread(this.handle, null));
    this.#state = "suspended";
  }

  willRead(address: number, size: number): void {
    this.channel.willRead(address, size);
  }

  rest(): void {
    if (this.#state === "posted") this.channel.rest();
  }

  resume(how: "result" | "all"): void {
    this.container.settle(this);
    switch (this.#state) {
      case "posted":
        if (this.#halted || this.#changesState) this.#goOnHalted();
        else {
          this.#state = "running";
          this.channel.answer(how);
        }
        return;
      case "halting":
        this.#goOn = true;
        return;
      case "arriving":
      case "parking":
        this.#startWanted = true;
        return;
      case "parked":
        this.#startWanted = false;
        this.channel.registers.copyFrom(this.#initial);
        this.#float ??= INITIAL_FLOAT;
        this.#goOnHalted();
        return;
      case "at-event":
      case "suspended":
        if (!this.#changesState) {
          this.#goOnAt(this.registers);
          this.#state = "running";
        } else this.#goOnHalted();
    }
  }

  /** It is to go on with state that only a halted thread can take. */
  get #changesState(): boolean {
    return this.#float !== undefined || this.segments.changed;
  }

  /** Lets the thread go on with all its registers and the state that was set, which only a halted one can. */
  #goOnHalted(): void {
    this.#goOn = !this.halt();
    if (this.#goOn) return;
    this.#storeState();
    this.#halted = false;
    this.#state = "running";
    this.channel.answer("all");
  }

  /** Puts what was set of its state where a halted thread takes it from. */
  #storeState(): void {
    this.segments.store();
    if (this.#float === undefined) return;
    const state = this.channel.floatState(this.#machine.floatFormat.size);
    state.fill(0).set(this.#float.subarray(0, state.length));
    this.#float = undefined;
  }

  /** Lets a thread that stands at an event or is suspended go on with `registers`. */
  #goOnAt(registers: RegisterFile): void {
    this.#context.store(this.handle, registers);
    if (this.#state === "suspended") this.#letRun();
  }

  terminate(): void {
    if (this.#state === "ended") return;
    this.#machine.nt.NtTerminateThread(this.handle, 0);
    this.forget();
    this.container.threads.delete(this.threadId);
  }

  /** The thread is gone. */
  forget(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#examined = false;
    this.#goOn = false;
    this.#startWanted = false;
    this.#machine.gate.dismiss(this.#index);
    this.channel.free();
    check("NtClose", this.#machine.nt.NtClose(this.handle));
  }
}

function initialRegisters(): RegisterFile {
  const registers = new RegisterFile();
  registers.set(RFLAGS, INITIAL_FLAGS);
  return registers;
}

/** Every state component initial, but MXCSR, which XRSTOR always loads (Intel SDM 1, 13.8). */
const INITIAL_FLOAT = new Uint8Array(576);
new DataView(INITIAL_FLOAT.buffer).setUint32(24, 0x1f80, true);

/** Interrupts on, and the bit that is always one (Intel SDM 3.4.3). */
const INITIAL_FLAGS = 0x202;
