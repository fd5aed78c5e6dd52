/**
 * One thread's channel as the kernel handles it: answers, and Windows functions for the thread to call. The protocol
 * and its memory order are described in loader/x86/gate/gate64.s.
 */
import { u32, u64, u64big } from "../kernel/abi/layout.ts";
import { RegisterFile } from "../kernel/abi/registers.ts";
import {
  CACHE_LINE,
  Channel,
  MAX_CALLS,
  STATE_ALL,
  STATE_CALLS,
  STATE_FETCH,
  STATE_POSTED,
  STATE_RESULT,
  STATE_SAVE,
  XSAVE_AREA,
} from "../loader/x86/gate/channel.ts";
import type { NtContainer } from "./container.ts";
import type { Machine } from "./machine.ts";
import type { Handle } from "./memory_calls.ts";
import { ANSWERS_NOTHING } from "./stub_pe.ts";
import { callStatus, type GuestCall, writeCalls } from "./guest_calls.ts";
import { LentFiles } from "./lent_files.ts";
import { LentHeap } from "./lent_heap.ts";
import { check, NtError } from "./nt_error.ts";

const STATE = Channel.offset.state / 4;
const GUEST_SLEEPS = Channel.offset.guestSleeps / 4;
const RESTS = Channel.offset.rests / 4;
const HALTED = Channel.offset.halted / 4;
const SAVED_SELECTOR = { fs: Channel.offset.savedFs, gs: Channel.offset.savedGs } as const;

export class ThreadChannel {
  /** The guest's registers, as the gate stores them. */
  readonly registers: RegisterFile;
  readonly address: number;
  readonly lentFiles: LentFiles;
  /** The last one. */
  #heap: LentHeap | undefined;
  readonly #machine: Machine;
  readonly #container: NtContainer;
  readonly #view: DataView<ArrayBuffer>;
  readonly #words: Int32Array;
  /** Rung when the guest sleeps and the answer is there. */
  readonly #event: Handle;
  #calls: GuestCall[] = [];
  /** Calls that the guest has been given and whose status nobody has looked at. */
  #sent: readonly GuestCall[] = [];
  /** More has changed than the result register. */
  #needsAll = false;
  /** The next answer tells the guest what to fetch. */
  #fetches = false;
  /** The guest has been told to go on, but has more calls to make first than one batch takes. */
  #answering = false;
  /** The answer that follows the last of the calls. */
  #answer: typeof STATE_RESULT | typeof STATE_FETCH | typeof STATE_ALL = STATE_RESULT;

  constructor(machine: Machine, container: NtContainer, index: number, event: Handle) {
    this.#machine = machine;
    this.#container = container;
    this.#event = event;
    const { address, view } = container.allocateChannel();
    this.address = address;
    this.#view = view;
    this.#words = new Int32Array(view.buffer, view.byteOffset, Channel.size / 4);
    const words = new Uint32Array(view.buffer, view.byteOffset, Channel.size / 4);
    this.registers = new RegisterFile(words, Channel.offset.registers / 4);
    Channel.patch(view, 0, {
      shared: container.sharedAddress,
      index,
      event: Number(container.duplicate(event)),
      doorbell: Number(container.doorbell),
      ntSetEvent: container.import("NtSetEvent"),
      ntYieldExecution: container.import("NtYieldExecution"),
      ntWaitForSingleObject: container.import("NtWaitForSingleObject"),
      ntReadFile: container.import("NtReadFile"),
      ntWriteFile: container.import("NtWriteFile"),
      ...container.bits === 64 ? { ntProtectVirtualMemory: container.import("NtProtectVirtualMemory") } : {},
      aheadArea: container.aheadArea(address),
    });
    this.lentFiles = new LentFiles(view, container, () => machine.nt.NtYieldExecution());
  }

  /** Where functions of Windows may run: the thread's own stack. `top` is its stack pointer before guest code runs. */
  setHostStack(top: number): void {
    u64.write(this.#view, Channel.offset.hostStack, top - 64 - top % 16);
  }

  lendHeap(end: number, limit: number): LentHeap {
    return this.#heap = new LentHeap(this.#view, end, limit);
  }

  /** The next answer gives the guest this thread pointer. */
  setThreadPointer(address: number): void {
    u64.write(this.#view, Channel.offset.threadPointer, address);
    this.#needsAll = true;
  }

  /** The copy of the stack protector's canary, where it was when the thread halted. */
  get canary(): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset } = this.#view;
    return new Uint8Array(buffer, byteOffset + Channel.offset.canary, 8);
  }

  /** The next answer gives the guest this copy. */
  setCanary(canary: Uint8Array): void {
    const { buffer, byteOffset } = this.#view;
    new Uint8Array(buffer, byteOffset + Channel.offset.newCanary, 8).set(canary);
    Channel.patch(this.#view, 0, { setsCanary: 1 });
    this.#needsAll = true;
  }

  /** Takes back what setCanary said. */
  keepCanary(): void {
    Channel.patch(this.#view, 0, { setsCanary: 0 });
  }

  /** Tells with the next answer what the guest will read. */
  willRead(address: number, size: number): void {
    u64.write(this.#view, Channel.offset.fetchStart, address);
    u32.write(this.#view, Channel.offset.fetchLines, Math.ceil((size + address % CACHE_LINE) / CACHE_LINE));
    this.#fetches = true;
  }

  get posted(): boolean {
    return Atomics.load(this.#words, STATE) === STATE_POSTED;
  }

  /** To be called by the guest's thread before it goes on, in the order given here. */
  callLater(call: GuestCall): void {
    this.#calls.push(call);
  }

  /**
   * The guest has posted. False when that was only the report that it has made its calls, and more were waiting.
   * Throws when one of them failed: the ranges were checked, so that is a bug of ours.
   */
  takePost(): boolean {
    this.#checkCalls();
    if (!this.#answering) return true;
    this.#sendCalls();
    return false;
  }

  /** The guest waits, and its answer will not come soon. */
  rest(): void {
    this.#words[RESTS] = 1;
  }

  /** Lets the guest go on. */
  answer(how: "result" | "all"): void {
    if (how === "all" || this.#needsAll) this.#answer = STATE_ALL;
    else this.#answer = this.#fetches ? STATE_FETCH : STATE_RESULT;
    this.#needsAll = false;
    this.#fetches = false;
    this.#answering = true;
    if (this.#calls.length > 0) this.#sendCalls();
    else this.#finish(this.#answer);
  }

  /**
   * Halts a guest that sleeps in the gate, where it has put its float state aside before. False when it is awake:
   * then it has to be told. The guest never takes a word back that it announced before this looked at it twice.
   */
  haltSleeping(): boolean {
    if (Atomics.load(this.#words, GUEST_SLEEPS) === 0) return false;
    Atomics.store(this.#words, HALTED, 1);
    return Atomics.load(this.#words, GUEST_SLEEPS) !== 0;
  }

  /** Has a guest that waits in the gate save its float state and post again, halted. */
  askToHalt(): void {
    this.#release(STATE_SAVE);
  }

  /** The float state of a halted guest: x87, SSE and what else XSAVE covers, in XSAVE's standard format. */
  floatState(size: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + XSAVE_AREA[this.#container.bits], size);
  }

  /** The guest register that a trampoline had spilled when the thread was halted, unsigned. */
  get savedSpill(): bigint {
    return u64big.read(this.#view, Channel.offset.savedSpill);
  }

  /** The guest's selector of a halted thread of i386. */
  savedSelector(segment: "fs" | "gs"): number {
    return u32.read(this.#view, SAVED_SELECTOR[segment]) % 0x1_0000;
  }

  setSavedSelector(segment: "fs" | "gs", selector: number): void {
    u32.write(this.#view, SAVED_SELECTOR[segment], selector);
  }

  free(): void {
    this.lentFiles.takeBack();
    this.#heap?.forget();
    this.#container.freeChannel(this.address);
    check("NtClose", this.#machine.nt.NtClose(this.#event));
  }

  #sendCalls(): void {
    this.#sent = this.#calls.splice(0, MAX_CALLS);
    writeCalls(this.#view, this.address, this.#sent, (name) => this.#container.import(name));
    u32.write(this.#view, Channel.offset.callCount, this.#sent.length);
    const more = this.#calls.length > 0;
    u32.write(this.#view, Channel.offset.afterCalls, more ? STATE_POSTED : this.#answer);
    if (more) this.#release(STATE_CALLS);
    else this.#finish(STATE_CALLS);
  }

  #finish(state: number): void {
    this.#answering = false;
    this.#release(state);
  }

  #checkCalls(): void {
    if (this.#sent.length === 0) return;
    for (let index = 0; index < this.#sent.length; index++) {
      const { name } = this.#sent[index]!;
      if (ANSWERS_NOTHING.has(name)) continue;
      const status = callStatus(this.#view, index);
      if (status >= 0x8000_0000) throw new NtError(`${name} in a guest`, status);
    }
    this.#sent = [];
  }

  #release(state: number): void {
    this.#words[RESTS] = 0;
    Atomics.store(this.#words, STATE, state);
    if (Atomics.load(this.#words, GUEST_SLEEPS) !== 0) {
      check("NtSetEvent", this.#machine.nt.NtSetEvent(this.#event, null));
    }
  }
}
