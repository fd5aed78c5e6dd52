/** NtClock against Deno's own clocks, and its vDSO data page against itself. */
import { assert, assertEquals } from "../loader/elf/testing/assert.ts";
import { timeAt, VdsoData } from "../loader/vdso/mod.ts";
import { PAGE_SIZE } from "../kernel/host.ts";
import { NtClock } from "./clock.ts";
import { openWindowsLibraries } from "./symbols.ts";

const ignore = Deno.build.os !== "windows";
const open = () => new NtClock(openWindowsLibraries().nt);

Deno.test({
  name: "the clock never goes back, not when it starts and not when it is put right",
  ignore,
  fn() {
    const clock = open(), page = new Uint8Array(PAGE_SIZE);
    let last = clock.monotonic();
    const start = performance.now();
    for (let round = 0; round < 1_000_000; round++) {
      if (round === 1000) clock.addPage(page);
      if (round % 4096 === 4095) clock.refresh();
      const now = clock.monotonic();
      assert(now >= last, `back by ${last - now} ms in round ${round}`);
      last = now;
    }
    clock.removePage(page);
    const took = performance.now() - start;
    assert(took < 20_000, `${took} ms`);
  },
});

Deno.test({
  name: "the clock runs as fast as Deno's, and shows the same time of day",
  ignore,
  async fn() {
    const clock = open(), untilThen = clock.realtime(); // by Windows' own clock
    assertClose(untilThen.tv_sec * 1000 + untilThen.tv_nsec / 1e6, Date.now(), 20, "realtime without a page");
    clock.addPage(new Uint8Array(PAGE_SIZE));
    const start = clock.monotonic() - performance.now();
    for (let round = 0; round < 5; round++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      clock.refresh();
      assertClose(clock.monotonic() - performance.now(), start, 1, "monotonic");
      const { tv_sec, tv_nsec } = clock.realtime();
      assert(Number.isInteger(tv_nsec) && tv_nsec >= 0 && tv_nsec < 1e9, `${tv_nsec} ns`);
      assertClose(tv_sec * 1000 + tv_nsec / 1e6, Date.now(), 20, "realtime");
    }
  },
});

Deno.test({
  name: "a data page holds the clock that the kernel reads",
  ignore,
  fn() {
    const clock = open(), page = new Uint8Array(PAGE_SIZE);
    clock.addPage(page);
    if (!clock.usesTsc) return;
    const { generation, baseTsc, monotonic } = VdsoData.decode(page);
    assertEquals(generation & 1, 1);
    const line = {
      baseTsc: BigInt(baseTsc),
      nanoseconds: BigInt(monotonic.sec) * 1_000_000_000n + BigInt(monotonic.nsec),
      mult: monotonic.mult,
    };
    assertClose(Number(timeAt(line, line.baseTsc)) / 1e6, clock.monotonic(), 1000, "its beginning");
  },
});

Deno.test({
  name: "a reading costs less than one of performance.now()",
  ignore,
  fn() {
    const clock = open();
    clock.addPage(new Uint8Array(PAGE_SIZE));
    const ours = cost(() => clock.monotonic()), realtime = cost(() => clock.realtime());
    const denos = cost(() => performance.now());
    assert(ours < 2 * denos && realtime < 3 * denos, `${ours}, ${realtime} ns; Deno's ${denos} ns`);
  },
});

/** Nanoseconds of a call, at best. */
function cost(call: () => unknown): number {
  let best = Infinity;
  for (let round = 0; round < 20; round++) {
    const start = performance.now();
    for (let i = 0; i < 20_000; i++) call();
    best = Math.min(best, (performance.now() - start) * 50);
  }
  return best;
}

function assertClose(actual: number, expected: number, tolerance: number, what: string): void {
  assert(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, not ${expected}`);
}
