/**
 * clock64.s in executable memory of our own, behind a vDSO data page of the kernel's own. So the kernel's clock is the
 * vDSO's: the same instructions on the same numbers.
 *
 * Deno calls a function by its address in 1.5 µs, but one of a DLL's in 0.01 µs (measured, Deno 2.9). The two clocks
 * are therefore called through ntdll's bsearch(3): with one element, it calls its comparison once and ends.
 */
import { PAGE_SIZE } from "../kernel/host.ts";
import { u64, u64big } from "../kernel/abi/layout.ts";
import { CLOCK64 } from "./clock_bytes.ts";
import { MEM_RESERVE, NtCurrentProcess, PAGE_EXECUTE_READ, PAGE_READWRITE } from "./constants.ts";
import type { ClockCalls } from "./clock_symbols.ts";
import { MemoryCalls } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";

const MEM_COMMIT = 0x1000;

/** Offset of the clocks' answers in the data page, behind what the vDSO knows of it. */
const ANSWERS = 2048;

const sample = { parameters: ["pointer", "buffer"], result: "void" } as const;
const ticks = { parameters: [], result: "u64" } as const;
const hasSteadyTsc = { parameters: [], result: "u32" } as const;

/** What the machine's clock said, and when. */
export interface Sample {
  /** The TSC before and after. */
  readonly before: bigint;
  readonly after: bigint;
  /** What the function stored. */
  readonly value: bigint;
}

export class ClockCode {
  /** The data page. */
  readonly page: Uint8Array<ArrayBuffer>;
  /** What the two clocks answered last: milliseconds; or seconds and nanoseconds. */
  readonly answers: Float64Array;
  readonly #calls: ClockCalls["nt"];
  readonly #answers: Deno.PointerObject;
  readonly #monotonic: Deno.PointerObject;
  readonly #realtime: Deno.PointerObject;
  readonly #sample: Deno.UnsafeFnPointer<typeof sample>;
  readonly #ticks: Deno.UnsafeFnPointer<typeof ticks>;
  readonly #hasSteadyTsc: Deno.UnsafeFnPointer<typeof hasSteadyTsc>;
  readonly #record = new Uint8Array(24);

  constructor(nt: Ntdll, calls: ClockCalls) {
    this.#calls = calls.nt;
    const base = allocate(nt, 2 * PAGE_SIZE);
    const memory = new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer(base), 2 * PAGE_SIZE));
    memory.set(CLOCK64.bytes, PAGE_SIZE);
    const protect = new MemoryCalls(nt).protect(
      NtCurrentProcess,
      base + PAGE_SIZE,
      PAGE_SIZE,
      PAGE_EXECUTE_READ,
    );
    check("NtProtectVirtualMemory", protect);
    this.page = memory.subarray(0, PAGE_SIZE);
    this.answers = new Float64Array(memory.buffer, ANSWERS, 2);
    const place = (name: keyof typeof CLOCK64.symbols) => base + PAGE_SIZE + CLOCK64.symbols[name];
    this.#answers = pointer(base + ANSWERS);
    this.#monotonic = pointer(place("monotonic"));
    this.#realtime = pointer(place("realtime"));
    this.#sample = new Deno.UnsafeFnPointer(pointer(place("sample")), sample);
    this.#ticks = new Deno.UnsafeFnPointer(pointer(place("ticks")), ticks);
    this.#hasSteadyTsc = new Deno.UnsafeFnPointer(pointer(place("has_steady_tsc")), hasSteadyTsc);
  }

  /** Milliseconds, or -1 where the page has no clock. */
  monotonic(): number {
    this.#calls.bsearch(this.#answers, this.#answers, 1, 1, this.#monotonic);
    return this.answers[0]!;
  }

  /** To `answers`: seconds, or -1 where the page has no clock, and nanoseconds. */
  realtime(): void {
    this.#calls.bsearch(this.#answers, this.#answers, 1, 1, this.#realtime);
  }

  /** Calls a function that stores 64 bits where its first argument points. */
  sample(target: Deno.PointerValue): Sample {
    this.#sample.call(target, this.#record);
    const view = new DataView(this.#record.buffer);
    return { before: u64big.read(view, 0), after: u64big.read(view, 8), value: u64big.read(view, 16) };
  }

  ticks(): bigint {
    return this.#ticks.call();
  }

  /** Whether there is a TSC whose rate never changes. */
  hasSteadyTsc(): boolean {
    return this.#hasSteadyTsc.call() !== 0;
  }
}

/** Committed, writable memory of this process. */
export function allocate(nt: Ntdll, bytes: number): number {
  const base = new Uint8Array(8), size = new Uint8Array(8);
  u64.write(new DataView(size.buffer), 0, bytes);
  const type = MEM_RESERVE | MEM_COMMIT;
  const status = nt.NtAllocateVirtualMemoryEx(NtCurrentProcess, base, size, type, PAGE_READWRITE, null, 0);
  check("NtAllocateVirtualMemoryEx", status);
  return u64.read(new DataView(base.buffer), 0);
}

export function pointer<T>(address: number): Deno.PointerObject<T> {
  const made = Deno.UnsafePointer.create<T>(BigInt(address));
  if (made === null) throw new TypeError("Cannot make a pointer to address 0");
  return made;
}
