/**
 * Memory calls on any process, as plain functions of numbers. The NT calls take pointers to their base and size;
 * one scratch buffer serves them all, because the kernel is one thread.
 */
import { i64, u64 } from "../kernel/abi/layout.ts";
import {
  MEM_PRESERVE_PLACEHOLDER,
  MEM_REPLACE_PLACEHOLDER,
  MEM_RESERVE,
  MEM_RESERVE_PLACEHOLDER,
  PAGE_NOACCESS,
} from "./constants.ts";
import type { Ntdll } from "./symbols.ts";

/** A HANDLE: FFI takes 64-bit integers as bigints, so handles are kept as such. */
export type Handle = bigint;

export class MemoryCalls {
  readonly #nt: Ntdll;
  readonly #base = new Uint8Array(8);
  readonly #size = new Uint8Array(8);
  readonly #offset = new Uint8Array(8);
  readonly #old = new Uint8Array(4);
  readonly #baseView = new DataView(this.#base.buffer);
  readonly #sizeView = new DataView(this.#size.buffer);
  readonly #offsetView = new DataView(this.#offset.buffer);

  constructor(nt: Ntdll) {
    this.#nt = nt;
  }

  /** Reserves a placeholder; `address` is a multiple of 64 KiB. Returns the NTSTATUS. */
  reservePlaceholder(process: Handle, address: number, size: number): number {
    this.#set(address, size);
    const kind = MEM_RESERVE | MEM_RESERVE_PLACEHOLDER;
    return this.#nt.NtAllocateVirtualMemoryEx(
      process,
      this.#base,
      this.#size,
      kind,
      PAGE_NOACCESS,
      null,
      0,
    );
  }

  /** Splits a placeholder, or joins several, by `kind` (VirtualFree(), dwFreeType). */
  free(process: Handle, address: number, size: number, kind: number): number {
    this.#set(address, size);
    return this.#nt.NtFreeVirtualMemory(process, this.#base, this.#size, kind);
  }

  /** Maps part of a section over the placeholder that is exactly [address, address+size). */
  mapOverPlaceholder(
    process: Handle,
    address: number,
    size: number,
    section: Handle,
    offset: number,
    protection: number,
  ): number {
    this.#set(address, size);
    i64.write(this.#offsetView, 0, offset);
    return this.#nt.NtMapViewOfSectionEx(
      section,
      process,
      this.#base,
      this.#offset,
      this.#size,
      MEM_REPLACE_PLACEHOLDER,
      protection,
      null,
      0,
    );
  }

  /** Maps a whole section at `address`, or where Windows likes for 0; the address is then `lastAddress`. */
  mapAnywhere(process: Handle, address: number, section: Handle, protection: number): number {
    this.#set(address, 0);
    i64.write(this.#offsetView, 0, 0);
    return this.#nt.NtMapViewOfSectionEx(
      section,
      process,
      this.#base,
      this.#offset,
      this.#size,
      0,
      protection,
      null,
      0,
    );
  }

  /** What the last call wrote to its base address. */
  get lastAddress(): number {
    return u64.read(this.#baseView, 0);
  }

  unmapToPlaceholder(process: Handle, address: number): number {
    return this.#nt.NtUnmapViewOfSectionEx(process, BigInt(address), MEM_PRESERVE_PLACEHOLDER);
  }

  unmap(process: Handle, address: number): number {
    return this.#nt.NtUnmapViewOfSection(process, BigInt(address));
  }

  protect(process: Handle, address: number, size: number, protection: number): number {
    this.#set(address, size);
    return this.#nt.NtProtectVirtualMemory(process, this.#base, this.#size, protection, this.#old);
  }

  #set(address: number, size: number): void {
    u64.write(this.#baseView, 0, address);
    u64.write(this.#sizeView, 0, size);
  }
}
