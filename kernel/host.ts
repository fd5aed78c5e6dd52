/**
 * What the kernel asks of the machine below it. `ntdll/` implements this on Windows; tests use fakes.
 * Nothing here names Windows: a container is an address space with threads, a section is memory that can be seen
 * in several address spaces, a fault is what the processor reported.
 */
import type { Errno } from "./abi/errno.ts";
import type { RegisterFile } from "./abi/registers.ts";
import type { FileLoan } from "./host_files.ts";

export type Bits = 32 | 64;

/** PROT_* of mmap(2). */
export const PROT_NONE = 0;
export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const PROT_EXEC = 4;

export const PAGE_SIZE = 4096;

/** The page boundary at or above an address or a size. */
export function pageCeil(value: number): number {
  return Math.ceil(value / PAGE_SIZE) * PAGE_SIZE;
}

/** Zeroed memory that is mapped in the kernel as a whole and, piecewise, in containers. */
export interface Section extends Disposable {
  /** Bytes, a multiple of PAGE_SIZE. */
  readonly size: number;
  /** The kernel's own view of it. Must not be touched after disposal. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A range of addresses, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The process around a guest: one address space. Addresses and sizes are multiples of PAGE_SIZE. Changes are in
 * force before any guest thread of the container goes on from its current system call or fault.
 * A call the machine refuses throws: the kernel checked the ranges before, so a refusal is our bug or ENOMEM.
 */
export interface Container extends Disposable {
  readonly bits: Bits;
  /** Addresses the guest may use at all; some of them are the host's. */
  readonly usable: Range;
  /** The lowest host-owned range that reaches into `within`. Slow: asked when `map` has answered EEXIST. */
  firstOccupied(within: Range): Range | undefined;
  /**
   * Maps `size` bytes of the section from `offset` at `address`. EEXIST: the host owns something there; ENOMEM: the
   * machine has no memory left.
   */
  map(address: number, size: number, section: Section, offset: number, prot: number): Errno | undefined;
  protect(address: number, size: number, prot: number): void;
  /** The guest's thread has called for this protection by itself. */
  wasProtected(address: number, size: number, prot: number): void;
  /**
   * Has the guest's thread zero pages before it goes on, and before `protect` changes them. False when there is no such
   * thread, or it may not write to all of them.
   */
  zeroLater(address: number, size: number): boolean;
  /** Has it copy pages in the same way, after what `protect` was called for so far; the ranges are apart. */
  copyLater(from: number, to: number, size: number): boolean;
  /** Removes the view that `map` made at `address`, whole. */
  unmap(address: number): void;
  /** The thread that every container comes with; it starts with its registers at the first `resume`. */
  readonly mainThread: GuestThread;
  /** What the kernel knows of views that an earlier guest left for the next one; disposed of with the container. */
  leftovers: Leftovers | undefined;
  /** Ends every thread at once. `onContainerExit` is not called for it. */
  terminate(): void;
}

/** What a guest has left in its container. */
export interface Leftovers extends Disposable {
  /** The program that it ran at last: the next guest that runs it finds most of its memory as it is to be. */
  readonly program: string;
}

/** The end of a heap, as long as a guest's thread moves it. */
export interface HeapLoan {
  /** Where it is: never further down than before. */
  readonly end: number;
  /** End of the pages that the thread has made accessible, or is about to. */
  readonly pages: number;
  /** It is not moved any more, but for a call that is under way. */
  stop(): void;
}

export type Segment = "fs" | "gs";

export interface GuestSegments {
  /** Sets the base of the other segment: %gs on x86-64, %fs on i386. 0 until set. */
  setOtherBase(address: number): void;
  /** What the guest takes for the selector in %fs or %gs: its trampolines read and write it. 0 until loaded. */
  selector(segment: Segment): number;
  setSelector(segment: Segment, selector: number): void;
  /** Takes over another thread's selectors and other base, for fork(2); or none, as a new program finds them. */
  inherit(from: GuestSegments | undefined): void;
}

/** A thread of a container. It runs guest code only between `resume` and the next event about it. */
export interface GuestThread {
  readonly container: Container;
  /** The guest's general registers; valid while the thread is stopped at an event. */
  readonly registers: RegisterFile;
  /** The kernel's object for this thread. */
  owner: unknown;
  /** Sets the thread pointer (base of %fs on x86-64, of the TLS segment on i386). */
  setThreadPointer(address: number): void;
  /**
   * Sets the copy of the stack protector's canary: 8 bytes of memory, or those of a halted thread. The thread goes on
   * with `resume("all")`.
   */
  setCanary(canary: Uint8Array | GuestThread): void;
  readonly segments: GuestSegments;
  /** The guest register that a trampoline has spilled, for a thread stopped inside one; all 64 bits of it. */
  spilledRegister(): bigint;
  /** It runs guest code, or makes calls of the host's on its way there: no event about it is open. */
  readonly running: boolean;
  /** It waits with its float state put aside: `readFloatState` may be called. */
  readonly halted: boolean;
  /** Halts a stopped thread: true when that is done, false when `onHalted` will tell. `registers` stay as they are. */
  halt(): boolean;
  /** Stops a running thread: `onInterrupted`, or another event that came first. */
  interrupt(): void;
  /**
   * The x87, SSE and AVX state of a halted thread: an XSAVE image in standard format, Host.floatFormat.size bytes. A
   * view: valid until the thread goes on.
   */
  readFloatState(): Uint8Array<ArrayBuffer>;
  /** Sets the state for a stopped or new thread; it goes on with `resume("all")`. undefined: the initial state. */
  writeFloatState(state: Uint8Array | undefined): void;
  /**
   * The guest will read `size` bytes at `address`, which the kernel has just written: its processor may get them while
   * it goes on, all at once.
   */
  willRead(address: number, size: number): void;
  /** It waits, and will for long: it need not look whether it can go on. */
  rest(): void;
  /**
   * A waiting thread of a 64-bit guest may move the end of its heap by itself, to below `limit`: the pages up to there
   * are mapped, zero and inaccessible. Undefined: it cannot.
   */
  lendHeap(end: number, limit: number): HeapLoan | undefined;
  /**
   * What a waiting thread writes by this descriptor in large pieces is gone, and the kernel need not see it, until the
   * loan ends; then `ended` is called. Undefined: it has to see it.
   */
  dropWrites(fd: number, ended: () => void): Pick<FileLoan, "end"> | undefined;
  /**
   * Lets the guest go on. `"result"`: from a system call of which only the result register changed;
   * `"all"`: with every register as it stands in `registers`.
   */
  resume(how: "result" | "all"): void;
  /** Ends the thread; no event follows. */
  terminate(): void;
}

export type FaultKind =
  | "access-violation" // address: what was touched; access: how
  | "in-page-error" // a page of a mapped file that no longer exists
  | "illegal-instruction"
  | "privileged-instruction"
  | "general-protection" // an address that is none, and whatever else has no name
  | "divide"
  | "integer-overflow"
  | "float" // x87 or SSE exception
  | "breakpoint"
  | "single-step"
  | "bounds"
  | "misaligned"
  | "other";

export interface Fault {
  readonly kind: FaultKind;
  /** The data address of an access violation, negative in the upper half of 64 bits; else the instruction's. */
  readonly address: number;
  readonly access: "read" | "write" | "execute" | undefined;
  /** The host's own code for it, for the crash report. */
  readonly hostCode: number;
}

/** What the user does to the console. */
export type ConsoleControl = "interrupt" | "quit" | "hangup";

/** How the host reaches the kernel; set once, before the first container. Called only from `Host.poll`. */
export interface HostEvents {
  /** True when the kernel wants to run: `poll` returns as soon as it can. */
  readonly attention: boolean;
  /** The thread posted a system call through the gate; its registers are valid. */
  onSyscall(thread: GuestThread): void;
  /** The thread stopped at a fault; its registers are valid. */
  onFault(thread: GuestThread, fault: Fault): void;
  /** Whether a thread that was stopped at this address is in guest code, and not in the middle of something of ours. */
  mayInterrupt(thread: GuestThread, address: number): boolean;
  /** The thread was stopped by `interrupt`; its registers are valid. */
  onInterrupted(thread: GuestThread): void;
  /** What `halt` asked for is done. */
  onHalted(thread: GuestThread): void;
  onThreadExit(thread: GuestThread): void;
  onConsoleControl(control: ConsoleControl): void;
  /** The container ended without the kernel having asked for it. */
  onContainerExit(container: Container): void;
}

/**
 * Offsets of a thread's own words from its segment base (%gs on x86-64, %fs on i386), which the host keeps for us:
 * what the guest takes for its segments, two words that trampolines spill registers to, and what the gate needs.
 */
export interface ThreadSlots {
  readonly threadPointer: number;
  readonly spill: number;
  readonly secondSpill: number;
  /** The address of the thread's channel. */
  readonly channel: number;
  /** i386: where the gate goes back to. */
  readonly gateReturn: number;
  /** The guest's base of the other segment: %gs on x86-64, %fs on i386. */
  readonly otherBase: number;
  /** The guest's selectors. */
  readonly fsSelector: number;
  readonly gsSelector: number;
  /** A copy of the stack protector's canary (loader/x86/mirror_form.ts). */
  readonly canary: number;
}

/** What an XSAVE image of this machine holds. */
export interface FloatFormat {
  /** Bytes. */
  readonly size: number;
  /** XCR0's bits (Intel SDM 1, 13.1). */
  readonly features: number;
}

/** The machine does not give what was asked for: out of memory, or something in the way. The message is the user's. */
export class HostRefusal extends Error {}

export interface Host {
  readonly processors: number;
  readonly floatFormat: FloatFormat;
  threadSlots(bits: Bits): ThreadSlots;
  /** Code that enters the container's gate; the same in every container, and without a register of the guest's. */
  gateJump(bits: Bits): Uint8Array;
  /** ENOMEM when the machine has no memory left. */
  createSection(size: number): Section | Errno;
  /** Whether the machine runs programs of this kind at all. */
  runs(bits: Bits): boolean;
  /**
   * A container without a guest: one that waits in the pool, best with `program`'s leftovers, or a new one. Throws
   * HostRefusal.
   */
  acquireContainer(bits: Bits, program?: string): Container;
  /** One that waits in the pool, best with `program`'s leftovers, if there is one. */
  reuseContainer(bits: Bits, program: string): Container | undefined;
  /**
   * Begins to make a container that is about to be acquired, so that the kernel can do something else meanwhile. When
   * the promise resolves it waits in the pool, unless the machine refused it: then acquireContainer is told why.
   */
  prepareContainer(bits: Bits): Promise<void>;
  /** Whether an error only tells that somebody is ending a container: `onContainerExit` will follow. */
  isLoss(error: unknown): boolean;
  /** Whether the container can take another guest: its thread waits in the gate and there is no other. */
  canReuse(container: Container): boolean;
  /** The guest has ended and left nothing but `leftovers`: back into the pool with it, or away. */
  releaseContainer(container: Container): void;
  /**
   * Delivers what is ready to `HostEvents`. With nothing ready it waits up to `timeout` milliseconds (Infinity: for
   * ever) and returns; it may wait by blocking the JS thread only when `blocking` is true, else it returns a
   * promise, so that Deno's own events are served as well.
   */
  poll(events: HostEvents, timeout: number, blocking: boolean): void | Promise<void>;
  /** Ends a wait of `poll` that is under way as a promise. */
  interrupt(): void;
}
