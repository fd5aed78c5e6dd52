import { EEXIST } from "../kernel/abi/errno.ts";
import { assertEquals as equal } from "../loader/elf/testing/assert.ts";
import { STATUS_CONFLICTING_ADDRESSES, STATUS_SUCCESS } from "./constants.ts";
import type { MemoryCalls } from "./memory_calls.ts";
import type { NtSection } from "./section.ts";
import { Views } from "./views.ts";

const PLACE = 0x6eff_1234_0000, GRANULE = 0x1_0000;

/** An address space in which `taken` is the host's. */
function setUp(...taken: readonly number[]) {
  const reserved: [start: number, end: number][] = [], mapped: number[] = [];
  const memory = {
    reservePlaceholder(_process: bigint, address: number, size: number) {
      const end = address + size;
      if (taken.some((at) => at >= address && at < end)) return STATUS_CONFLICTING_ADDRESSES;
      reserved.push([address, end]);
      return STATUS_SUCCESS;
    },
    free: () => STATUS_SUCCESS,
    mapOverPlaceholder(_process: bigint, address: number) {
      mapped.push(address);
      return STATUS_SUCCESS;
    },
  };
  const local = { available: false, call: () => false, duplicate: (handle: bigint) => handle };
  const views = new Views(memory as unknown as MemoryCalls, 1n, local);
  const map = (address: number, size: number) =>
    views.map(address, size, { handle: 2n } as unknown as NtSection, 0, () => {});
  return { reserved, mapped, map };
}

Deno.test("mappings beside each other are reserved at once", () => {
  const { reserved, mapped, map } = setUp();
  for (const at of [PLACE, PLACE + GRANULE, PLACE - 5 * GRANULE]) equal(map(at, GRANULE), undefined);
  equal(reserved.length, 1);
  equal(mapped, [PLACE, PLACE + GRANULE, PLACE - 5 * GRANULE]);
});

Deno.test("a mapping goes beside what is the host's, and not onto it", () => {
  const { reserved, map } = setUp(PLACE + GRANULE);
  equal(map(PLACE, GRANULE), undefined);
  equal(reserved, [[PLACE, PLACE + GRANULE]]);
  equal(map(PLACE + GRANULE, GRANULE), EEXIST);
});

Deno.test("programs with fixed addresses take no more than they need", () => {
  const { reserved, map } = setUp();
  equal(map(0x40_0000, GRANULE), undefined);
  equal(reserved, [[0x40_0000, 0x41_0000]]);
});
