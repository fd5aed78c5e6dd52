import { I386, X86_64 } from "../abi/abi.ts";
import { EBADF, EINVAL, ERESTART_RESTARTBLOCK, ERESTARTNOHAND } from "../abi/errno.ts";
import { POLLHUP, POLLIN, POLLNVAL, POLLOUT } from "../abi/poll.ts";
import { SIGUSR1 } from "../abi/signal.ts";
import { sendSignal } from "../signal/send.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeFiles } from "../testing/fake_files.ts";
import { FakeTask, MEMORY } from "../testing/fake_task.ts";
import { FileGuest } from "../testing/file_guest.ts";
import { FdTable } from "../fs/fd_table.ts";
import { sysPipe2 } from "./pipe.ts";
import { sysPoll, sysPpoll } from "./poll.ts";
import { sysRead, sysWrite } from "./read_write.ts";
import { sysOldSelect, sysSelect } from "./select.ts";

const BUFFER = MEMORY + 0x1000;
const LIST = MEMORY + 0x2000;
const SETS = MEMORY + 0x3000;
const USR1 = 1n << BigInt(SIGUSR1 - 1);
const SENDER = { code: "SI_USER", pid: 1, uid: 0 } as const;

function setUp(abi = X86_64) {
  const fake = new FakeTask(abi);
  const { task, memory } = fake;
  task.files = new FdTable();
  sysPipe2(task, MEMORY, 0);
  const list = (...entries: [number, number][]) => {
    const view = memory.view(LIST);
    entries.forEach(([fd, events], i) => {
      view.setInt32(i * 8, fd, true);
      view.setInt32(i * 8 + 4, events | 0x5555_0000, true);
    });
  };
  const revents = (i: number) => memory.view(LIST).getUint16(i * 8 + 6, true);
  const passTime = (milliseconds: number) => {
    fake.clock.milliseconds += milliseconds;
    task.kernel.timers.fireDue(task.kernel.clock.now());
  };
  return { fake, task, memory, list, revents, passTime };
}

Deno.test("poll tells at once what is ready", () => {
  const { task, list, revents } = setUp();
  list([0, POLLIN], [1, POLLOUT], [-1, POLLIN], [9, POLLIN]);
  assertEquals(sysPoll(task, LIST, 4, -1), 2);
  assertEquals([0, 1, 2, 3].map(revents), [0, POLLOUT, 0, POLLNVAL]);
  assertEquals(sysPoll(task, LIST, 1, 0), 0);
  assertEquals(sysPoll(task, LIST, 1025, 0), EINVAL);
});

Deno.test("poll waits for any of its files", async () => {
  const { task, memory, list, revents } = setUp();
  sysPipe2(task, MEMORY, 0);
  const second = memory.view(MEMORY).getInt32(0, true);
  list([0, POLLIN], [second, POLLIN]);
  const polling = sysPoll(task, LIST, 2, -1);
  assert(polling instanceof Promise, "nothing is ready");
  sysWrite(task, 1, BUFFER, 1);
  assertEquals(await polling, 1);
  assertEquals([revents(0), revents(1)], [POLLIN, 0]);
  sysRead(task, 0, BUFFER, 1);
  const again = sysPoll(task, LIST, 2, -1);
  task.files.close(second + 1);
  assertEquals(await again, 1);
  assertEquals([revents(0), revents(1)], [0, POLLHUP]);
});

Deno.test("poll ends at its deadline, or by a signal", async () => {
  const { task, list, revents, passTime } = setUp();
  list([0, POLLIN]);
  const polling = sysPoll(task, LIST, 1, 50);
  passTime(49);
  passTime(1);
  assertEquals(await polling, 0);
  assertEquals(revents(0), 0);
  task.signals.actions.set(SIGUSR1, { handler: 0x1000, flags: 0, restorer: 0, mask: 0n });
  const again = sysPoll(task, LIST, 1, 50);
  sendSignal(task, SIGUSR1, SENDER);
  assertEquals(await again, ERESTART_RESTARTBLOCK);
});

Deno.test("ppoll has a mask of its own and writes the time left", async () => {
  const { task, memory, list, passTime } = setUp();
  task.signals.actions.set(SIGUSR1, { handler: 0x1000, flags: 0, restorer: 0, mask: 0n });
  task.signals.blocked = USR1;
  sendSignal(task, SIGUSR1, SENDER);
  list([0, POLLIN]);
  memory.view(BUFFER).setBigUint64(0, 2n, true);
  memory.view(BUFFER).setBigUint64(8, 500_000_000n, true);
  const polling = sysPpoll(task, LIST, 1, BUFFER, 0, 0);
  assert(polling instanceof Promise, "the signal is blocked");
  passTime(1500);
  sysWrite(task, 1, MEMORY, 1);
  assertEquals(await polling, 1);
  assertEquals(memory.view(BUFFER).getBigUint64(0, true), 1n);
  sysRead(task, 0, MEMORY, 1);
  memory.view(SETS).setBigUint64(0, 0n, true);
  assertEquals(await sysPpoll(task, LIST, 1, 0, SETS, 8), ERESTARTNOHAND);
  assertEquals([task.signals.blocked, task.signals.takeSavedMask()], [0n, USR1]); // the way out restores it
  assertEquals(sysPpoll(task, LIST, 1, 0, SETS, 4), EINVAL);
});

for (const abi of [X86_64, I386]) {
  Deno.test(`select changes its sets and its timeout, ${abi.name}`, async () => {
    const { task, memory, passTime } = setUp(abi);
    const view = memory.view(SETS);
    const set = (i: number, bits: number) => view.setUint32(i * 8, bits, true);
    const sets = () => [view.getUint32(0, true), view.getUint32(8, true)];
    set(0, 1);
    set(1, 2);
    assertEquals(sysSelect(task, 2, SETS, SETS + 8, 0, 0), 1);
    assertEquals(sets(), [0, 2]);
    set(0, 1);
    task.abi.long.write(memory.view(BUFFER), 0, 1);
    task.abi.long.write(memory.view(BUFFER), abi.word, 500_000);
    const selecting = sysSelect(task, 1, SETS, 0, 0, BUFFER);
    assert(selecting instanceof Promise, "nothing to read");
    assertEquals(sets(), [1, 2]);
    passTime(1250);
    sysWrite(task, 1, MEMORY, 1);
    assertEquals(await selecting, 1);
    assertEquals(sets(), [1, 2]);
    assertEquals(task.abi.long.read(memory.view(BUFFER), abi.word), 250_000);
    set(0, 1 << 9);
    assertEquals(sysSelect(task, 10, SETS, 0, 0, 0), EBADF);
    assertEquals(sysSelect(task, -1, SETS, 0, 0, 0), EINVAL);
  });
}

Deno.test("i386's first select has its arguments in memory", () => {
  const { task, memory } = setUp(I386);
  memory.view(SETS).setUint32(0, 2, true);
  [2, 0, SETS, 0, 0].forEach((word, i) => memory.view(BUFFER).setUint32(i * 4, word, true));
  assertEquals(sysOldSelect(task, BUFFER), 1);
});

Deno.test("poll asks the host for input, and not for what only writes", async () => {
  const host = new FakeFiles();
  host.tree.mkdir("home", 0o755);
  const guest = new FileGuest(host, "/mnt/c/home");
  const view = guest.fake.memory.view(guest.data);
  view.setInt32(0, 0, true);
  view.setInt32(4, POLLIN, true);
  const polling = sysPoll(guest.task, guest.data, 1, -1);
  const [input] = host.streams;
  assert(polling instanceof Promise && input.ready !== undefined, "the host should have been asked");
  input.ended = true;
  input.ready();
  assertEquals(await polling, 1);
  assertEquals(view.getUint16(6, true), POLLHUP);
});

Deno.test("the trace shows events and sets by name", () => {
  const fake = new FakeTask(X86_64, true);
  fake.task.files = new FdTable();
  fake.call(293, MEMORY, 0o4000);
  fake.memory.view(LIST).setInt32(0, 1, true);
  fake.memory.view(LIST).setInt32(4, POLLIN | POLLOUT, true);
  fake.call(7, LIST, 1, -1);
  fake.memory.view(SETS).setUint32(0, 3, true);
  fake.call(23, 2, 0, SETS, 0, 0);
  fake.call(290, 5, 0o4001);
  fake.call(275, 0, 0, 1, 0, 10, 3);
  assertEquals(fake.trace.map((line) => line.replace(/ +=/, " =")), [
    "pipe2([0, 1], O_NONBLOCK) = 0",
    "poll([{fd=1, events=POLLIN|POLLOUT}], 1, -1) = 1 ([{fd=1, revents=POLLOUT}])",
    "select(2, NULL, [0 1], NULL, NULL) = 1 (out [1])",
    "eventfd2(5, EFD_SEMAPHORE|EFD_NONBLOCK) = 2",
    "splice(0, NULL, 1, NULL, 10, SPLICE_F_MOVE|SPLICE_F_NONBLOCK) = -1 EINVAL (Invalid argument)",
  ]);
});
