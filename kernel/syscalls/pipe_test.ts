import { EAGAIN, EINVAL, EPIPE, ERESTARTSYS } from "../abi/errno.ts";
import { O_CLOEXEC, O_NONBLOCK } from "../abi/fcntl.ts";
import { SIGPIPE, SIGUSR1 } from "../abi/signal.ts";
import { FdTable } from "../fs/fd_table.ts";
import { sendSignal } from "../signal/send.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeTask, MEMORY } from "../testing/fake_task.ts";
import { sysEventfd2 } from "./eventfd.ts";
import { sysPipe2 } from "./pipe.ts";
import { sysRead, sysWrite, sysWritev } from "./read_write.ts";
import type { SyscallResult } from "./result.ts";
import { sysSplice, sysTee } from "./splice.ts";

const BUFFER = MEMORY + 0x1000;
const READ = 0;
const WRITE = 1;

/** Two tasks with the same pipe at 0 and 1. */
function setUp(flags = 0) {
  const [first, second] = [new FakeTask(), new FakeTask()];
  first.task.files = new FdTable();
  assertEquals(sysPipe2(first.task, MEMORY, flags), 0);
  second.task.files = first.task.files.clone();
  return { first, second, a: first.task, b: second.task };
}

async function isWaiting(result: SyscallResult): Promise<boolean> {
  const pending = Symbol();
  await undefined;
  return result instanceof Promise &&
    await Promise.race([result, new Promise((done) => setTimeout(done, 0, pending))]) === pending;
}

Deno.test("a pipe has two ends, with flags of their own", () => {
  const { first, a } = setUp(O_CLOEXEC | O_NONBLOCK);
  assertEquals([first.memory.view(MEMORY).getInt32(0, true), first.memory.view(MEMORY).getInt32(4, true)], [
    0,
    1,
  ]);
  assertEquals([a.files.get(READ)?.flags, a.files.get(WRITE)?.flags], [O_NONBLOCK, O_NONBLOCK | 1]);
  assertEquals([a.files.closesOnExec(READ), a.files.closesOnExec(WRITE)], [true, true]);
  assertEquals(sysPipe2(a, MEMORY, 1), EINVAL);
  assertEquals(sysRead(a, READ, BUFFER, 1), EAGAIN);
});

Deno.test("a reader waits for a writer", async () => {
  const { first, a, b } = setUp();
  const reading = sysRead(a, READ, BUFFER, 10);
  assert(await isWaiting(reading), "nothing is there");
  assertEquals(sysWrite(b, WRITE, BUFFER, 3), 3);
  assertEquals(await reading, 3);
  assertEquals(first.memory.view(BUFFER).getUint8(0), 0);
});

Deno.test("a large write goes on as room comes", async () => {
  const { a, b } = setUp();
  const writing = sysWrite(a, WRITE, BUFFER, 150_000);
  let got = 0;
  for (let turn = 0; turn < 100 && got < 150_000; turn++) {
    const count = sysRead(b, READ, BUFFER, 10_000);
    got += Number(await count);
    await undefined;
  }
  assertEquals([await writing, got], [150_000, 150_000]);
});

Deno.test("a signal ends a write with what has gone in", async () => {
  const { a, b } = setUp();
  a.signals.actions.set(SIGUSR1, { handler: 0x1000, flags: 0, restorer: 0, mask: 0n });
  const writing = sysWrite(a, WRITE, BUFFER, 100_000);
  assert(await isWaiting(writing), "it does not fit");
  sendSignal(a, SIGUSR1, { code: "SI_USER", pid: 1, uid: 0 });
  assertEquals(await writing, 65536);
  const again = sysWrite(b, WRITE, BUFFER, 1);
  assert(await isWaiting(again), "still full");
  b.signals.actions.set(SIGUSR1, { handler: 0x1000, flags: 0, restorer: 0, mask: 0n });
  sendSignal(b, SIGUSR1, { code: "SI_USER", pid: 1, uid: 0 });
  assertEquals(await again, ERESTARTSYS);
});

Deno.test("a write without readers sends SIGPIPE, also to who waits", async () => {
  const { a, b } = setUp();
  a.signals.blocked = 1n << BigInt(SIGPIPE - 1);
  const writing = sysWrite(a, WRITE, BUFFER, 100_000);
  assert(await isWaiting(writing), "it does not fit");
  a.files.close(READ);
  b.files.close(READ);
  assertEquals(await writing, 65536);
  assertEquals(a.signals.pending, 1n << BigInt(SIGPIPE - 1));
  assertEquals(sysWrite(a, WRITE, BUFFER, 1), EPIPE);
});

Deno.test("the end of the last writer ends a reader's wait", async () => {
  const { a, b } = setUp();
  const reading = sysRead(a, READ, BUFFER, 10);
  a.files.close(WRITE);
  assert(await isWaiting(reading), "the other task may still write");
  b.files.close(WRITE);
  assertEquals(await reading, 0);
});

Deno.test("a descriptor that closes during a wait does not close the file under it", async () => {
  const { a, b } = setUp();
  const reading = sysRead(a, READ, BUFFER, 10);
  a.files.close(READ);
  b.files.close(READ);
  assertEquals(sysWrite(b, WRITE, BUFFER, 2), 2);
  assertEquals(await reading, 2);
});

Deno.test("vectors of up to a page are one write", () => {
  const { first, a } = setUp(O_NONBLOCK);
  const view = first.memory.view(MEMORY);
  sysWrite(a, WRITE, BUFFER, 65536);
  sysRead(a, READ, BUFFER, 4096);
  sysWrite(a, WRITE, BUFFER, 4000); // 96 bytes of room, and no slot
  for (let i = 0; i < 2; i++) {
    view.setBigUint64(i * 16, BigInt(BUFFER), true);
    view.setBigUint64(i * 16 + 8, 90n, true);
  }
  assertEquals(sysWritev(a, WRITE, MEMORY, 2), EAGAIN);
  assertEquals(sysWrite(a, WRITE, BUFFER, 90), 90);
});

Deno.test("an event counter waits for room and for events", async () => {
  const { first, a } = setUp();
  const fd = Number(sysEventfd2(a, 0, 0));
  const b = new FakeTask().task;
  b.files = a.files.clone();
  const reading = sysRead(b, fd, BUFFER, 8);
  assert(await isWaiting(reading), "the counter is 0");
  first.memory.view(BUFFER).setBigUint64(0, 2n ** 64n - 2n, true);
  assertEquals(sysWrite(a, fd, BUFFER, 8), 8);
  assertEquals(await reading, 8);
  sysWrite(a, fd, BUFFER, 8);
  const writing = sysWrite(a, fd, BUFFER, 8);
  assert(await isWaiting(writing), "the counter is full");
  sysRead(b, fd, BUFFER, 8);
  assertEquals(await writing, 8);
});

Deno.test("splice and tee wait for both pipes", async () => {
  const { first, a, b } = setUp();
  sysPipe2(a, MEMORY, 0);
  const [from, to] = [
    first.memory.view(MEMORY).getInt32(0, true),
    first.memory.view(MEMORY).getInt32(4, true),
  ];
  const moving = sysSplice(a, READ, 0, to, 0, 100, 0);
  assert(await isWaiting(moving), "nothing to move");
  sysWrite(b, WRITE, BUFFER, 5);
  assertEquals(await moving, 5);
  sysWrite(a, to, BUFFER, 65531 - 4096);
  sysWrite(a, to, BUFFER, 4096);
  sysWrite(b, WRITE, BUFFER, 5);
  const copying = sysTee(a, READ, to, 100, 0);
  assert(await isWaiting(copying), "no room");
  sysRead(a, from, BUFFER, 65536);
  assertEquals(await copying, 5);
  assertEquals(sysRead(a, READ, BUFFER, 100), 5);
});
