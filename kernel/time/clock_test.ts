import { EINVAL } from "../abi/errno.ts";
import { CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_REALTIME } from "../abi/time.ts";
import { performanceClock } from "../host_clock.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeTask } from "../testing/fake_task.ts";
import type { GuestThread } from "../host.ts";
import { Clock, fromMilliseconds, isValid, millisecondsBetween, toMilliseconds } from "./clock.ts";

Deno.test("fromMilliseconds() never gives a second's worth of nanoseconds", () => {
  assertEquals(fromMilliseconds(0), { tv_sec: 0, tv_nsec: 0 });
  assertEquals(fromMilliseconds(1500.25), { tv_sec: 1, tv_nsec: 500_250_000 });
  for (const ms of [999.9999999999999, 1e12 + 999.9999, 0.1 + 0.2, 123456789.123456]) {
    const time = fromMilliseconds(ms);
    assert(isValid(time), String(ms));
    assert(Math.abs(toMilliseconds(time) - ms) < 1e-3, String(ms));
  }
});

Deno.test("millisecondsBetween() is exact to the nanosecond for times since the epoch", () => {
  const a = { tv_sec: 1_800_000_001, tv_nsec: 1 };
  const b = { tv_sec: 1_800_000_000, tv_nsec: 999_999_999 };
  assertEquals(Math.round(millisecondsBetween(a, b) * 1e6), 2);
});

Deno.test("a time is valid from 0 up to the last nanosecond of its second", () => {
  assert(isValid({ tv_sec: 0, tv_nsec: 999_999_999 }));
  for (const [tv_sec, tv_nsec] of [[-1, 0], [0, -1], [0, 1_000_000_000]] as const) {
    assert(!isValid({ tv_sec, tv_nsec }));
  }
});

Deno.test("clocks read the host's", () => {
  const { kernel, task } = new FakeTask();
  assertEquals(kernel.clock.read(CLOCK_REALTIME, task), { tv_sec: 1_700_000_000, tv_nsec: 123_456_789 });
  assertEquals(kernel.clock.read(CLOCK_MONOTONIC, task), { tv_sec: 5, tv_nsec: 250_000 });
  assertEquals(kernel.clock.read(CLOCK_PROCESS_CPUTIME_ID, task), { tv_sec: 0, tv_nsec: 14_750_000 });
  for (const clock of [-1, 10, 12, 99]) assert(kernel.clock.read(clock, task) === EINVAL);
});

Deno.test("processor time goes with a task into another thread, and stays away from the next task of either", () => {
  const used = new Map<GuestThread, number>();
  const threads = Array.from({ length: 2 }, () => ({}) as GuestThread);
  const [first, second] = [threads[0]!, threads[1]!];
  let now = 0;
  const clock = new Clock({
    monotonic: () => now,
    realtime: () => ({ tv_sec: 0, tv_nsec: 0 }),
    cpuTime: (thread: GuestThread) => ({ user: used.get(thread) ?? 0, system: 1 }),
  });
  used.set(first, 100).set(second, 1000);
  clock.settleCpuTime({ thread: second, startTime: -5000 }); // an earlier task's
  now = 5000;
  clock.moveCpuTime({ thread: first, startTime: 0 }, second);
  assertEquals(clock.cpuTime({ thread: second, startTime: 0 }), { user: 100, system: 1 });
  used.set(first, 130).set(second, 1020);
  assertEquals(clock.cpuTime({ thread: first, startTime: now }), { user: 30, system: 0 });
  assertEquals(clock.settleCpuTime({ thread: second, startTime: 0 }), { user: 120, system: 1 });
  assertEquals(clock.cpuTime({ thread: second, startTime: now }), { user: 0, system: 0 });
});

Deno.test("an absolute deadline is never early", () => {
  const { kernel, task, clock } = new FakeTask();
  const target = { tv_sec: clock.epoch.tv_sec + 1, tv_nsec: clock.epoch.tv_nsec + 7 };
  const deadline = kernel.clock.deadline(CLOCK_REALTIME, target, task);
  assert(typeof deadline === "number" && deadline >= clock.milliseconds + 1000.000007);
  assert(deadline < clock.milliseconds + 1000.001);
});

Deno.test("performanceClock() is valid, goes forward and agrees with Date", () => {
  const clock = performanceClock();
  let last = clock.realtime();
  for (let i = 0; i < 1000; i++) {
    const now = clock.realtime();
    assert(isValid(now) && millisecondsBetween(now, last) >= 0);
    last = now;
  }
  assert(Math.abs(toMilliseconds(last) - Date.now()) < 5000);
});
