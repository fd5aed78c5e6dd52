import { assert, assertEquals } from "../testing/assert.ts";
import type { Container } from "../host.ts";
import { BackingList } from "./backing.ts";
import { Places } from "./places.ts";
import { Vma, VmaList } from "./vma.ts";

const GRANULE = 0x1_0000, TOP = 0x1000_0000;

function setUp(...taken: readonly (readonly [start: number, end: number])[]) {
  const vmas = new VmaList();
  for (const [start, end] of taken) vmas.insert(new Vma({ start, end, prot: 1, backing: undefined }));
  const container = { usable: { start: GRANULE, end: TOP }, firstOccupied: () => undefined };
  const layout = { mmapTop: TOP };
  const space = { vmas, layout, container: container as unknown as Container, brk: GRANULE };
  return { vmas, places: new Places(space as ConstructorParameters<typeof Places>[0], new BackingList()) };
}

Deno.test("findNear() takes nothing of what ends between two boundaries", () => {
  const start = 0x80_1000, end = 0x80_9000;
  const { vmas, places } = setUp([0x7e_0000, 0x7f_1000], [start, end]);
  const found = places.findNear(start, end, 0x1000, 0x40_0000);
  assert(found !== undefined && found % GRANULE === 0, `found ${found}`);
  assertEquals(vmas.overlapping(found, found + GRANULE).length, 0);
});

Deno.test("findNear() finds no place out of reach", () => {
  const { places } = setUp([0x10_0000, 0xf0_0000]);
  assertEquals(places.findNear(0x80_0000, 0x80_1000, 0x1000, 0x10_0000), undefined);
});
