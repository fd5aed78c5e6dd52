/** Reading and writing a stopped thread's registers through its CONTEXT, 64-bit or WoW64. */
import { u32 } from "../kernel/abi/layout.ts";
import {
  BY_ENCODING,
  RAX,
  RBP,
  RBX,
  RCX,
  RDI,
  RDX,
  type RegisterFile,
  RFLAGS,
  RIP,
  RSI,
  RSP,
} from "../kernel/abi/registers.ts";
import type { Bits } from "../kernel/host.ts";
import {
  CONTEXT,
  CONTEXT_AMD64_INTEGER_CONTROL,
  WOW64_CONTEXT,
  WOW64_CONTEXT_INTEGER_CONTROL_SEGMENTS,
} from "./layouts.ts";
import type { Handle } from "./memory_calls.ts";
import { STATUS_THREAD_IS_TERMINATING, STATUS_UNSUCCESSFUL } from "./constants.ts";
import { check } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";

/** Our slots in the order in which a CONTEXT has the registers. */
const CONTEXT_ORDER = [...BY_ENCODING, RIP] as const;
/** WOW64_CONTEXT's fields for our slots. */
const WOW64_FIELDS = [
  [RAX, "Eax"],
  [RCX, "Ecx"],
  [RDX, "Edx"],
  [RBX, "Ebx"],
  [RSP, "Esp"],
  [RBP, "Ebp"],
  [RSI, "Esi"],
  [RDI, "Edi"],
  [RIP, "Eip"],
  [RFLAGS, "EFlags"],
] as const;

export interface ThreadContext {
  /** Fills `registers` from the stopped thread. */
  load(thread: Handle, registers: RegisterFile): void;
  /** Puts `registers` into the thread; the rest of its state stays. Follows a `load` of the same thread. */
  store(thread: Handle, registers: RegisterFile): void;
}

export function threadContext(nt: Ntdll, bits: Bits): ThreadContext {
  return bits === 64 ? new Context64(nt) : new Context32(nt);
}

class Context64 implements ThreadContext {
  readonly #nt: Ntdll;
  readonly #context: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #words: Uint32Array;

  constructor(nt: Ntdll) {
    this.#nt = nt;
    this.#context = aligned(CONTEXT.size, 16);
    this.#view = new DataView(this.#context.buffer, this.#context.byteOffset, CONTEXT.size);
    const at = this.#context.byteOffset + CONTEXT.offset.Registers;
    this.#words = new Uint32Array(this.#context.buffer, at, CONTEXT_ORDER.length * 2);
  }

  load(thread: Handle, registers: RegisterFile): void {
    u32.write(this.#view, CONTEXT.offset.ContextFlags, CONTEXT_AMD64_INTEGER_CONTROL);
    checkReached("NtGetContextThread", this.#nt.NtGetContextThread(thread, this.#context));
    for (let i = 0; i < CONTEXT_ORDER.length; i++) {
      registers.setWords(CONTEXT_ORDER[i]!, this.#words[2 * i]!, this.#words[2 * i + 1]!);
    }
    registers.set(RFLAGS, u32.read(this.#view, CONTEXT.offset.EFlags));
  }

  store(thread: Handle, registers: RegisterFile): void {
    for (let i = 0; i < CONTEXT_ORDER.length; i++) {
      this.#words[2 * i] = registers.lo(CONTEXT_ORDER[i]!);
      this.#words[2 * i + 1] = registers.hi(CONTEXT_ORDER[i]!);
    }
    u32.write(this.#view, CONTEXT.offset.EFlags, registers.lo(RFLAGS));
    u32.write(this.#view, CONTEXT.offset.ContextFlags, CONTEXT_AMD64_INTEGER_CONTROL);
    checkReached("NtSetContextThread", this.#nt.NtSetContextThread(thread, this.#context));
  }
}

class Context32 implements ThreadContext {
  readonly #nt: Ntdll;
  readonly #context = new Uint8Array(WOW64_CONTEXT.size);
  readonly #view = new DataView(this.#context.buffer);

  constructor(nt: Ntdll) {
    this.#nt = nt;
  }

  load(thread: Handle, registers: RegisterFile): void {
    u32.write(this.#view, WOW64_CONTEXT.offset.ContextFlags, WOW64_CONTEXT_INTEGER_CONTROL_SEGMENTS);
    checkReached("RtlWow64GetThreadContext", this.#nt.RtlWow64GetThreadContext(thread, this.#context));
    for (const [register, field] of WOW64_FIELDS) {
      registers.set(register, u32.read(this.#view, WOW64_CONTEXT.offset[field]));
    }
  }

  store(thread: Handle, registers: RegisterFile): void {
    for (const [register, field] of WOW64_FIELDS) {
      u32.write(this.#view, WOW64_CONTEXT.offset[field], registers.lo(register));
    }
    u32.write(this.#view, WOW64_CONTEXT.offset.ContextFlags, WOW64_CONTEXT_INTEGER_CONTROL_SEGMENTS);
    checkReached("RtlWow64SetThreadContext", this.#nt.RtlWow64SetThreadContext(thread, this.#context));
  }
}

/** A thread that is ending cannot be reached any more, and nothing else keeps these calls from success. */
function checkReached(call: string, status: number): void {
  check(call, status === STATUS_UNSUCCESSFUL ? STATUS_THREAD_IS_TERMINATING : status);
}

/** A buffer that starts on a multiple of `alignment`; the GC does not move the storage of an ArrayBuffer. */
function aligned(size: number, alignment: number): Uint8Array<ArrayBuffer> {
  const storage = new Uint8Array(size + alignment);
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(storage));
  const skip = (alignment - Number(BigInt(address) % BigInt(alignment))) % alignment;
  return storage.subarray(skip, skip + size);
}
