/**
 * A container: the NT process around one Linux process. Its first thread runs the ordinary loader to the stub's entry
 * and parks there, so that Windows sees a process in good standing; guest threads are added afterwards.
 */
import { type Errno } from "../kernel/abi/errno.ts";
import { u32, u64 } from "../kernel/abi/layout.ts";
import {
  type Bits,
  type Container,
  type Leftovers,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  type Range,
} from "../kernel/host.ts";
import {
  MEM_FREE,
  PAGE_EXECUTE_READ,
  PAGE_EXECUTE_READWRITE,
  PAGE_NOACCESS,
  PAGE_READONLY,
  PAGE_READWRITE,
} from "./constants.ts";
import { Channel, CHANNEL_START } from "../loader/x86/gate/channel.ts";
import { haltAddress } from "./gate_page.ts";
import { DATA_0, DATA_1, DATA_2, type GuestCall } from "./guest_calls.ts";
import { GuestNtThread } from "./guest_thread.ts";
import { MEMORY_BASIC_INFORMATION } from "./layouts.ts";
import type { ContainerProcess } from "./container_process.ts";
import { duplicateHandle, lendHandle } from "./handles.ts";
import type { Handle } from "./memory_calls.ts";
import type { Machine } from "./machine.ts";
import { check } from "./nt_error.ts";
import { NtSection } from "./section.ts";
import {
  AHEAD_PAGES,
  CHANNEL_PAGES,
  CONTROL_ADDRESS,
  importOffset,
  SHARED_ADDRESS,
  STUB_CONTROL,
  STUB_IMPORTS,
  type StubImport,
} from "./stub_pe.ts";
import { Protections } from "./protections.ts";
import { type LocalCaller, THIS_PROCESS, VIEW_PROTECTION, Views } from "./views.ts";

/** Below 64 KiB nothing can be mapped on Windows. Above: 47 bits less the guard region, or 4 GiB less it. */
const USABLE: Readonly<Record<Bits, Range>> = {
  32: { start: 0x1_0000, end: 0xfffe_0000 },
  64: { start: 0x1_0000, end: 0x7fff_fffe_0000 },
};
const AHEAD_START = CHANNEL_PAGES * PAGE_SIZE;

export class NtContainer implements Container, LocalCaller {
  readonly threads = new Map<number, GuestNtThread>();
  leftovers: Leftovers | undefined;
  #mainThread: GuestNtThread | undefined;
  readonly bits: Bits;
  readonly process: Handle;
  readonly processId: number;
  readonly usable: Range;
  readonly #machine: Machine;
  readonly #views: Views;
  readonly #protections = new Protections();
  readonly #control: NtSection;
  readonly #controlView: DataView;
  readonly #imports: ReadonlyMap<StubImport, number>;
  /** Which pages of the control section are a thread's channel. */
  readonly #channels = new Array<boolean>(CHANNEL_PAGES).fill(false);
  /** The kernel's doorbell as a handle of the container. */
  readonly #doorbell: Handle;
  /** Handles of the container's that are to be closed. */
  readonly #unwanted: Handle[] = [];
  #ended = false;

  private constructor(
    machine: Machine,
    { bits, process, processId, control }: ContainerProcess,
  ) {
    this.#machine = machine;
    this.bits = bits;
    this.process = process;
    this.processId = processId;
    this.usable = USABLE[bits];
    this.#views = new Views(machine.memory, process, this);
    this.#control = control;
    this.#controlView = new DataView(control.bytes.buffer);
    this.#imports = this.#readImports();
    this.#doorbell = this.duplicate(machine.gate.doorbell);
  }

  /** The container around a process that is parked. */
  static around(machine: Machine, started: ContainerProcess): NtContainer {
    const container = new NtContainer(machine, started);
    container.#views.adopt(started.windows);
    return container;
  }

  firstOccupied(within: Range): Range | undefined {
    const info = new Uint8Array(MEMORY_BASIC_INFORMATION.size);
    for (let at = within.start; at < within.end;) {
      const { nt } = this.#machine;
      const status = nt.NtQueryVirtualMemory(this.process, BigInt(at), 0, info, BigInt(info.length), null);
      check("NtQueryVirtualMemory", status);
      const { BaseAddress, RegionSize, State } = MEMORY_BASIC_INFORMATION.decode(info);
      const range = { start: BaseAddress, end: BaseAddress + RegionSize };
      if (State !== MEM_FREE && !this.#views.owns(range)) return range;
      at = range.end;
    }
    return undefined;
  }

  map(address: number, size: number, section: NtSection, offset: number, prot: number): Errno | undefined {
    const failure = this.#views.map(address, size, section, offset, (start, end) => {
      this.#protections.mapped(start, end, VIEW_PROTECTION);
    });
    if (failure !== undefined) return failure;
    this.protect(address, size, prot);
    return undefined;
  }

  protect(address: number, size: number, prot: number): void {
    this.#protections.want(address, address + size, pageProtection(prot));
  }

  wasProtected(address: number, size: number, prot: number): void {
    this.#protections.made(address, address + size, pageProtection(prot));
  }

  zeroLater(address: number, size: number): boolean {
    return this.#mayWrite(address, size) && this.call({
      name: "RtlZeroMemory",
      arguments: [address, size],
      data: [],
    });
  }

  copyLater(from: number, to: number, size: number): boolean {
    const caller = this.#caller();
    if (caller === undefined) return false;
    this.settle(caller);
    return this.#mayWrite(from, size) && this.#mayWrite(to, size) && this.call({
      name: "RtlMoveMemory",
      arguments: [to, from, size],
      data: [],
    });
  }

  #mayWrite(address: number, size: number): boolean {
    return this.#protections.haveBeen(address, address + size, isWritable);
  }

  /**
   * Brings what was asked for since the last time into force before `thread` runs guest code: by itself if it waits in
   * the gate, as a local call costs a hundredth.
   */
  settle(thread: GuestNtThread): void {
    if (this.#unwanted.length > 0 && thread.takesCalls) {
      for (const handle of this.#unwanted.splice(0)) {
        thread.channel.callLater({ name: "NtClose", arguments: [Number(handle)], data: [] });
      }
    }
    for (const { start, end, protection } of this.#protections.take()) {
      if (thread.takesCalls) {
        thread.channel.callLater({
          name: "NtProtectVirtualMemory",
          arguments: [THIS_PROCESS, DATA_0, DATA_1, protection, DATA_2],
          data: [start, end - start, 0],
        });
        continue;
      }
      const status = this.#machine.memory.protect(this.process, start, end - start, protection);
      check("NtProtectVirtualMemory", status);
    }
  }

  get available(): boolean {
    return this.#caller() !== undefined;
  }

  /** Has a thread of the container make a call before guest code goes on; false when there is no such thread. */
  call(call: GuestCall): boolean {
    const caller = this.#caller();
    caller?.channel.callLater(call);
    return caller !== undefined;
  }

  #caller(): GuestNtThread | undefined {
    const { servedThread } = this.#machine;
    if (servedThread?.container === this && servedThread.takesCalls) return servedThread;
    const [only] = this.threads.values();
    return this.threads.size === 1 && only?.isNew ? only : undefined;
  }

  unmap(address: number): void {
    this.#protections.unmapped(address, this.#views.unmap(address));
  }

  get mainThread(): GuestNtThread {
    return this.#mainThread ??= GuestNtThread.create(this.#machine, this);
  }

  /** Where new threads begin: a `ud2` of the stub's. */
  get threadEntry(): number {
    return u64.read(this.#controlView, STUB_CONTROL.offset.threadEntry);
  }

  /** Where a thread is sent to halt: an entry of the gate. */
  get haltAddress(): number {
    return haltAddress(this.bits);
  }

  /** Address of an ntdll function in the container. */
  import(name: StubImport): number {
    return this.#imports.get(name)!;
  }

  get sharedAddress(): number {
    return SHARED_ADDRESS[this.bits];
  }

  get doorbell(): Handle {
    return this.#doorbell;
  }

  /** A channel for a thread, in a page of its own: its address in the container and the kernel's view of it. */
  allocateChannel(): { readonly address: number; readonly view: DataView<ArrayBuffer> } {
    const page = this.#channels.indexOf(false, 1); // page 0 is the stub's
    if (page < 0) throw new Error("Cannot start a thread: all channels of its process are in use");
    this.#channels[page] = true;
    const at = page * PAGE_SIZE;
    this.#control.bytes.fill(0, at, at + PAGE_SIZE);
    const start = at + CHANNEL_START[this.bits];
    return {
      address: CONTROL_ADDRESS[this.bits] + start,
      view: new DataView(this.#control.bytes.buffer, start, Channel.size),
    };
  }

  /** Where the thread with a channel may read ahead to. 0: nowhere: there is room for one at most. */
  aheadArea(channel: number): number {
    const { bits } = this, control = CONTROL_ADDRESS[bits];
    return AHEAD_PAGES[bits] > 0 && channel === control + PAGE_SIZE ? control + AHEAD_START : 0;
  }

  /** The kernel's view of it. */
  get aheadBytes(): Uint8Array<ArrayBuffer> {
    return this.#control.bytes.subarray(AHEAD_START, AHEAD_START + AHEAD_PAGES[this.bits] * PAGE_SIZE);
  }

  freeChannel(address: number): void {
    this.#channels[Math.floor((address - CONTROL_ADDRESS[this.bits]) / PAGE_SIZE)] = false;
  }

  /** A handle of the kernel's, for the container to use. */
  duplicate(source: Handle): Handle {
    return duplicateHandle(this.#machine.nt, source, this.process);
  }

  /** The same for no more than `access`; undefined where Windows refuses it. */
  lend(source: Handle, access: number): Handle | undefined {
    return lendHandle(this.#machine.nt, source, this.process, access);
  }

  /** Has a thread of the container's close a handle of it when it next goes on: from outside that takes far longer. */
  closeLater(handle: Handle): void {
    this.#unwanted.push(handle);
  }

  /** Memory of the container that no section backs: the import address table, thread blocks. */
  readHostMemory(address: number, size: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(size);
    const { nt } = this.#machine;
    const status = nt.NtReadVirtualMemory(this.process, BigInt(address), out, BigInt(size), null);
    check("NtReadVirtualMemory", status);
    return out;
  }

  writeHostMemory(address: number, bytes: Uint8Array<ArrayBuffer>): void {
    const { nt } = this.#machine;
    const status = nt.NtWriteVirtualMemory(this.process, BigInt(address), bytes, BigInt(bytes.length), null);
    check("NtWriteVirtualMemory", status);
  }

  terminate(): void {
    if (this.#ended) return;
    this.#machine.nt.NtTerminateProcess(this.process, 0); // it may have ended by itself: that is as good
    this.#end();
  }

  /** The process is gone; gives back what the kernel holds of it. */
  markEnded(): void {
    if (!this.#ended) this.#end();
  }

  [Symbol.dispose](): void {
    this.terminate();
  }

  #end(): void {
    this.#ended = true;
    for (const thread of this.threads.values()) thread.forget();
    this.threads.clear();
    this.leftovers?.[Symbol.dispose]();
    this.#control[Symbol.dispose]();
    this.#machine.forgetContainer(this);
  }

  #readImports(): Map<StubImport, number> {
    const table = u64.read(this.#controlView, STUB_CONTROL.offset.importTable);
    const raw = this.readHostMemory(table, STUB_IMPORTS.length * (this.bits / 8));
    const view = new DataView(raw.buffer);
    const word = this.bits === 64 ? u64 : u32;
    return new Map(STUB_IMPORTS.map((name) => [name, word.read(view, importOffset(this.bits, name))]));
  }
}

function isWritable(protection: number): boolean {
  return protection === PAGE_READWRITE || protection === PAGE_EXECUTE_READWRITE;
}

/** Windows cannot express write-only or execute-only pages; x86 Linux makes them readable as well. */
function pageProtection(prot: number): number {
  if (prot & PROT_EXEC) return prot & PROT_WRITE ? PAGE_EXECUTE_READWRITE : PAGE_EXECUTE_READ;
  if (prot & PROT_WRITE) return PAGE_READWRITE;
  return prot & PROT_READ ? PAGE_READONLY : PAGE_NOACCESS;
}
