import { assertEquals } from "../testing/assert.ts";
import { FakeTask } from "../testing/fake_task.ts";
import { WaitQueue } from "./wait.ts";

Deno.test("a thread is told to rest only for a wait that is likely to be long", () => {
  const fake = new FakeTask();
  const { task, kernel } = fake;
  const now = kernel.clock.now();
  const rests = (wait: () => Disposable) => {
    const before = fake.rests;
    using _pending = wait();
    return fake.rests > before;
  };
  const queue = new WaitQueue();
  assertEquals(rests(() => task.beginWait([queue], Infinity, "long")), true);
  assertEquals(rests(() => task.beginWait([], Infinity)), true);
  assertEquals(rests(() => task.beginWait([], now + 50)), true);
  assertEquals(rests(() => task.beginWait([], now + 0.05)), false);
  assertEquals(rests(() => task.beginWait([queue], Infinity)), false);
});
