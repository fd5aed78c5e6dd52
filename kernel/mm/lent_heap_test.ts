import { assertEquals } from "../testing/assert.ts";
import type { Container, GuestThread } from "../host.ts";
import { Backing } from "./backing.ts";
import { LentHeap } from "./lent_heap.ts";
import { Vma, VmaList } from "./vma.ts";

const PAGE = 4096, START = 0x10_0000;

function setUp() {
  const calls: string[] = [];
  const loan = { end: START, pages: START, stop: () => void calls.push("stop") };
  let lent: readonly number[] = [];
  const thread = { lendHeap: (end: number, limit: number) => (lent = [end, limit], loan) };
  const vmas = new VmaList();
  const container = {
    wasProtected: (at: number, size: number) => void calls.push(`made ${at - START} ${size}`),
    protect: (at: number, size: number, prot: number) => void calls.push(`${prot} ${at - START} ${size}`),
  };
  const section = { size: 16 * PAGE, bytes: new Uint8Array(16 * PAGE), [Symbol.dispose]() {} };
  const backing = Backing.whole(section, START);
  const space = {
    vmas,
    brk: START,
    container: container as unknown as Container,
    insertParts: (area: Vma) => vmas.insert(area.with({ backing })),
  };
  const heap = new LentHeap(space, { overlapping: () => [backing] });
  const lend = (limit = Infinity) => {
    lent = [];
    heap.lend(thread as unknown as GuestThread, limit);
    return lent.map((address) => address - START);
  };
  return { heap, space, vmas, loan, calls, lend };
}

Deno.test("as much is lent as there is memory for, and a page before whatever is above stays free", () => {
  const { space, vmas, lend } = setUp();
  assertEquals(lend(), [0, 16 * PAGE]);
  assertEquals(lend(START + 5 * PAGE + 7), [0, 5 * PAGE + 7]);
  vmas.insert(new Vma({ start: START + 9 * PAGE, end: START + 10 * PAGE, prot: 0, backing: undefined }));
  space.brk = START + 3;
  assertEquals(lend(), [3, 8 * PAGE]);
  space.brk = START + 7 * PAGE + 1;
  assertEquals(lend(), []);
});

Deno.test("what the thread has done is known afterwards", () => {
  const { heap, space, vmas, loan, calls, lend } = setUp();
  lend();
  heap.sync();
  assertEquals([space.brk, calls], [START, []]);
  Object.assign(loan, { end: START + 100, pages: START + PAGE });
  heap.sync();
  Object.assign(loan, { end: START + 2 * PAGE, pages: START + 2 * PAGE });
  heap.sync();
  assertEquals(space.brk, START + 2 * PAGE);
  assertEquals([...vmas].map(({ start, end }) => [start - START, end - START]), [[0, 2 * PAGE]]);
  assertEquals(calls, [`made 0 ${PAGE}`, `made ${PAGE} ${PAGE}`]);
});

Deno.test("a guest that says it has moved it anywhere has moved it no further than it may", () => {
  const { heap, space, vmas, loan, calls, lend } = setUp();
  lend(START + 2 * PAGE);
  Object.assign(loan, { end: 2 ** 63, pages: 2 ** 63 + 4096 });
  heap.takeBack();
  assertEquals([space.brk - START, calls], [2 * PAGE, ["stop", `made 0 ${2 * PAGE}`]]);
  assertEquals([...vmas].map(({ start, end }) => [start - START, end - START]), [[0, 2 * PAGE]]);
  lend();
  Object.assign(loan, { end: 5, pages: 5 });
  heap.takeBack();
  assertEquals([space.brk - START, calls.length], [2 * PAGE, 3]);
});

Deno.test("pages that were made accessible for an end that was not moved are taken back", () => {
  const { heap, space, loan, calls, lend } = setUp();
  lend();
  Object.assign(loan, { end: START + PAGE, pages: START + 3 * PAGE });
  heap.takeBack();
  heap.takeBack();
  assertEquals(space.brk, START + PAGE);
  assertEquals(calls, ["stop", `made 0 ${3 * PAGE}`, `0 ${PAGE} ${2 * PAGE}`]);
});

Deno.test("the loan ends with a change of what was lent, or of the memory behind it", () => {
  const area = (start: number, end: number) =>
    new Vma({ start: START + start, end: START + end, prot: 0, backing: undefined });
  for (const [from, to, ends] of [[-9, -1, 0], [2, 3, 1], [8, 9, 1], [15, 17, 1], [16, 20, 0]] as const) {
    const { heap, space, vmas, loan, calls, lend } = setUp();
    lend(START + 8 * PAGE);
    Object.assign(loan, { end: START + PAGE, pages: START + PAGE });
    heap.sync();
    vmas.insert(area(from * PAGE, to * PAGE));
    assertEquals([from, calls.includes("stop")], [from, ends === 1]);
    Object.assign(loan, { end: START + 2 * PAGE, pages: START + 2 * PAGE });
    heap.sync();
    assertEquals(space.brk, START + (ends === 1 ? 1 : 2) * PAGE);
  }
});
