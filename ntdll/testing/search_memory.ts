/** Searches what a container's process can see, for tests of what a guest leaves behind. */
import { PAGE_NOACCESS } from "../constants.ts";
import type { NtContainer } from "../container.ts";
import { MEMORY_BASIC_INFORMATION } from "../layouts.ts";
import type { Ntdll } from "../symbols.ts";

const MEM_COMMIT = 0x1000;
const PAGE_GUARD = 0x100;
const STEP = 0x10_0000;

/**
 * Where Wine keeps what on Windows the NT kernel has: a thread's signal stack lies behind its environment blocks, in
 * the same 64 KiB, and Unix' own stacks above everything.
 */
const GRANULE = 0x1_0000;
const ENVIRONMENT_BLOCKS = 0x3000;
const UNIX_STACKS = 0x7fff_f000_0000;

/** Addresses of `needle` in all committed memory that can be read. */
export function searchMemory(nt: Ntdll, container: NtContainer, needle: Uint8Array): number[] {
  const found: number[] = [];
  const info = new Uint8Array(MEMORY_BASIC_INFORMATION.size);
  for (let at = 0x1_0000; at < container.usable.end;) {
    const status = nt.NtQueryVirtualMemory(container.process, BigInt(at), 0, info, BigInt(info.length), null);
    if (status !== 0) break;
    const { BaseAddress, RegionSize, State, Protect } = MEMORY_BASIC_INFORMATION.decode(info);
    const end = BaseAddress + RegionSize;
    const isReadable = State === MEM_COMMIT && (Protect & (PAGE_NOACCESS | PAGE_GUARD)) === 0;
    for (let start = BaseAddress; isReadable && start < end; start += STEP) {
      const bytes = container.readHostMemory(start, Math.min(STEP, end - start));
      for (const offset of offsets(bytes, needle)) found.push(start + offset);
    }
    at = end;
  }
  const { teb } = container.mainThread;
  const block = teb - teb % GRANULE;
  const isWines = (at: number) =>
    at >= UNIX_STACKS || at >= block + ENVIRONMENT_BLOCKS && at < block + GRANULE;
  return found.filter((at) => !isWines(at));
}

/** Where `needle` begins in some bytes. */
export function* offsets(bytes: Uint8Array, needle: Uint8Array): Generator<number> {
  for (let at = bytes.indexOf(needle[0]!); at >= 0; at = bytes.indexOf(needle[0]!, at + 1)) {
    if (needle.every((byte, i) => bytes[at + i] === byte)) yield at;
  }
}
