import { assertEquals as equal } from "../loader/elf/testing/assert.ts";
import { Protections } from "./protections.ts";

const [NONE, READ, WRITE] = [1, 2, 4];

/** Calls as [start, end, protection]. */
function take(protections: Protections): number[][] {
  return protections.take().map(({ start, end, protection }) => [start, end, protection]);
}

Deno.test("only what has changed is told, the last wish counts", () => {
  const protections = new Protections();
  protections.mapped(0, 100, WRITE);
  protections.want(10, 20, NONE);
  protections.want(10, 20, WRITE);
  equal(take(protections), []);
  protections.want(0, 100, NONE);
  protections.want(30, 40, READ);
  equal(take(protections), [[0, 30, NONE], [30, 40, READ], [40, 100, NONE]]);
  equal(take(protections), []);
});

Deno.test("neighbours that end up alike take one call, but for a border of views", () => {
  const protections = new Protections();
  protections.mapped(0, 100, WRITE);
  protections.mapped(100, 200, WRITE);
  protections.want(20, 50, READ);
  protections.want(50, 100, READ);
  protections.want(100, 120, READ);
  equal(take(protections), [[20, 100, READ], [100, 120, READ]]);
});

Deno.test("a view that goes takes its wishes with it", () => {
  const protections = new Protections();
  protections.mapped(0, 100, WRITE);
  protections.want(0, 50, NONE);
  protections.unmapped(0, 100);
  equal(take(protections), []);
  protections.mapped(0, 100, WRITE);
  protections.want(0, 50, READ);
  equal(take(protections), [[0, 50, READ]]);
});

Deno.test("what a range has been told", () => {
  const protections = new Protections();
  protections.mapped(0, 100, WRITE);
  protections.want(40, 60, READ);
  const isWritable = (start: number, end: number) => protections.haveBeen(start, end, (p) => p === WRITE);
  equal([isWritable(0, 100), isWritable(45, 50)], [true, true]);
  take(protections);
  equal([isWritable(0, 40), isWritable(30, 50), isWritable(59, 100), isWritable(60, 100)], [
    true,
    false,
    false,
    true,
  ]);
});

Deno.test("what the guest has protected by itself is not told again, view by view", () => {
  const protections = new Protections();
  protections.mapped(0, 100, NONE);
  protections.mapped(100, 200, NONE);
  protections.want(60, 80, READ);
  protections.made(50, 150, WRITE);
  equal(take(protections), []);
  protections.want(0, 200, WRITE);
  equal(take(protections), [[0, 50, WRITE], [150, 200, WRITE]]);
});

Deno.test("the calls lead where single ones would", () => {
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48271) % 0x7fff_ffff) % below;
  for (let round = 0; round < 300; round++) {
    const protections = new Protections();
    const told = new Array<number>(64).fill(WRITE), wanted = [...told];
    for (const view of [0, 16, 40]) protections.mapped(view, [16, 40, 64][[0, 16, 40].indexOf(view)]!, WRITE);
    for (let step = 0; step < 40; step++) {
      const start = random(64);
      const border = start < 16 ? 16 : start < 40 ? 40 : 64;
      const end = start + 1 + random(border - start);
      const protection = [NONE, READ, WRITE][random(3)]!;
      protections.want(start, end, protection);
      wanted.fill(protection, start, end);
      if (random(4) !== 0) continue;
      for (const call of protections.take()) told.fill(call.protection, call.start, call.end);
      equal(told, wanted);
    }
  }
});
