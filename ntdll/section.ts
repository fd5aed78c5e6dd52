/** Pagefile-backed memory that the kernel and containers see at once. */
import { ENOMEM, type Errno } from "../kernel/abi/errno.ts";
import { i64, u64big } from "../kernel/abi/layout.ts";
import type { Section } from "../kernel/host.ts";
import {
  NtCurrentProcess,
  PAGE_EXECUTE_READWRITE,
  PAGE_READWRITE,
  SEC_COMMIT,
  SECTION_ALL_ACCESS,
  STATUS_COMMITMENT_LIMIT,
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_NO_MEMORY,
} from "./constants.ts";
import type { Handle, MemoryCalls } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";

/** A section whose kernel-side view is read-write, and which containers may map executable. */
export class NtSection implements Section {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #nt: Ntdll;
  readonly #memory: MemoryCalls;
  readonly #address: number;

  private constructor(nt: Ntdll, memory: MemoryCalls, readonly handle: Handle, readonly size: number) {
    this.#nt = nt;
    this.#memory = memory;
    check("NtMapViewOfSectionEx", memory.mapAnywhere(NtCurrentProcess, 0, handle, PAGE_READWRITE));
    this.#address = memory.lastAddress;
    const pointer = Deno.UnsafePointer.create(BigInt(this.#address));
    if (pointer === null) throw new TypeError("Cannot view a section: it was mapped at address 0");
    this.bytes = new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, size));
  }

  /**
   * Zeroed, committed memory. The machine's limits are ENOMEM. SEC_COMMIT rather than SEC_RESERVE, because a view's
   * pages that another process commits later are not accessible under every Windows the kernel runs on.
   */
  static create(nt: Ntdll, memory: MemoryCalls, size: number): NtSection | Errno {
    const handle = new Uint8Array(8);
    const maximum = new Uint8Array(8);
    i64.write(new DataView(maximum.buffer), 0, size);
    const status = nt.NtCreateSection(
      handle,
      SECTION_ALL_ACCESS,
      null,
      maximum,
      PAGE_EXECUTE_READWRITE,
      SEC_COMMIT,
      0n,
    );
    if (isOutOfMemory(status)) return ENOMEM;
    check("NtCreateSection", status);
    return new NtSection(nt, memory, u64big.read(new DataView(handle.buffer), 0), size);
  }

  [Symbol.dispose](): void {
    check("NtUnmapViewOfSection", this.#memory.unmap(NtCurrentProcess, this.#address));
    check("NtClose", this.#nt.NtClose(this.handle));
  }
}

export function isOutOfMemory(status: number): boolean {
  return status === STATUS_NO_MEMORY || status === STATUS_COMMITMENT_LIMIT ||
    status === STATUS_INSUFFICIENT_RESOURCES;
}
