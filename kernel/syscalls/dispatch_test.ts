import { assert, assertEquals, assertThrows } from "../testing/assert.ts";
import { I386, X86_64 } from "../abi/abi.ts";
import { EAGAIN, EBADF, ENOSYS } from "../abi/errno.ts";
import { RAX, RBP, RDI, RDX, RIP, RSI } from "../abi/registers.ts";
import { FakeTask } from "../testing/fake_task.ts";
import { fetchArgument, fetchOf } from "./decode.ts";
import { fetchArguments } from "./dispatch.ts";
import { absent, type CompiledTable, compileTable, full, partial } from "./table.ts";
import { supportPage } from "./support_page.ts";
import { fd, id16, int, loff, long, mode, ptr, size, uint, unused } from "./args.ts";
import { i386 } from "./table_i386.ts";
import { x86_64 } from "./table_x86_64.ts";
import { dispatchSyscall } from "./dispatch.ts";

function argumentsOf(table: CompiledTable, words: readonly number[]): number[] {
  const fake = new FakeTask(table.abi);
  words.forEach((value, i) => fake.registers.set(table.abi.argumentRegisters[i]!, value));
  return fetchArguments(table, 0, fake.registers);
}

Deno.test("x86-64 arguments take the width of their type", () => {
  const table = compileTable(X86_64, { 0: full("t", [fd, uint, long, size, mode, loff], () => 0) });
  const ones = 2 ** 64 - 2048; // as near to all ones as a double comes
  assertEquals(argumentsOf(table, [0xffff_ffff, 2 ** 32 + 7, -5, ones, 0xf_01a4, -1]), [
    -1,
    7,
    -5,
    ones,
    0x01a4,
    -1,
  ]);
  assertEquals(argumentsOf(table, [2 ** 40 + 3, 0xffff_ffff, 2 ** 47, 2 ** 47 - 4096, 0, 2 ** 40]), [
    3,
    0xffff_ffff,
    2 ** 47,
    2 ** 47 - 4096,
    0,
    2 ** 40,
  ]);
});

Deno.test("i386 arguments are 32 bits wide, and loff is two of them, low word first", () => {
  const table = compileTable(I386, { 0: full("t", [int, loff, size, loff], () => 0) });
  assertEquals(argumentsOf(table, [-3, 5, 1, 0xffff_ffff, 0xffff_fffe, -1]), [
    -3,
    2 ** 32 + 5,
    0xffff_ffff,
    -2,
  ]);
});

Deno.test("16-bit ids turn 0xffff into -1", () => {
  const table = compileTable(I386, { 0: full("t", [id16, id16], () => 0) });
  assertEquals(argumentsOf(table, [0x1_ffff, 0x2_0001]), [0xffff_ffff, 1]);
});

Deno.test("a skipped register gives the handler nothing", () => {
  const table = compileTable(X86_64, { 0: full("t", [fd, unused, ptr], () => 0) });
  assertEquals(argumentsOf(table, [1, 2, 3]), [1, 3]);
});

Deno.test("compileTable refuses more arguments than registers", () => {
  assertThrows(
    () => compileTable(I386, { 0: absent("t", ENOSYS, "", [loff, loff, loff, int]) }),
    /TypeError/,
  );
});

Deno.test("fetchOf never meets a skipped argument", () => {
  assertThrows(() => fetchOf("skip", X86_64), /TypeError/);
  assertEquals(fetchArgument(new Uint32Array([9, 0]), fetchOf("uint", I386), 0, 0), 9);
});

Deno.test("a register file may lie anywhere in its words", () => {
  const fake = new FakeTask();
  const words = new Uint32Array(100);
  Object.defineProperty(fake.task.thread, "registers", {
    value: Object.assign(Object.create(Object.getPrototypeOf(fake.registers)), { words, base: 40 }),
  });
  const { registers } = fake.task.thread;
  registers.set(RAX, 110);
  dispatchSyscall(fake.task);
  assertEquals(registers.get(RAX), 0);
  assertEquals(words[40], 0);
});

Deno.test("an errno is negated once, as a word of the ABI", () => {
  const wide = new FakeTask(X86_64);
  assertEquals(wide.call(83 /* mkdir */ + 9000), -ENOSYS.number);
  assertEquals(wide.registers.hi(RAX), 0xffff_ffff);
  const narrow = new FakeTask(I386);
  assertEquals(narrow.call(17 /* break */), -ENOSYS.number);
  assertEquals(narrow.registers.lo(RAX), 2 ** 32 - ENOSYS.number);
});

Deno.test("only the low word of the number counts, and numbers beyond the table fail", () => {
  const fake = new FakeTask();
  assertEquals(fake.call(2 ** 32 + 39), 1);
  for (const number of [-1, 0x7fff_ffff, 0x4000_0027, 9999]) assertEquals(fake.call(number), -ENOSYS.number);
  assertEquals(fake.resumed, ["result", "result", "result", "result", "result"]);
});

Deno.test("other registers are left alone", () => {
  const fake = new FakeTask();
  fake.call(39, 1, 2, 3, 4, 5, 6);
  assertEquals([RDI, RSI, RDX, RBP].map((r) => fake.registers.get(r)), [1, 2, 3, 0]);
});

Deno.test("a waiting call resumes the thread when its wait ends", async () => {
  const fake = new FakeTask();
  const request = fake.memory.place(16);
  fake.memory.view(request).setUint32(8, 20_000_000, true);
  fake.load(35, [request, 0]);
  dispatchSyscall(fake.task);
  assertEquals(fake.resumed, []);
  fake.clock.milliseconds += 20;
  fake.kernel.timers.fireDue(fake.clock.milliseconds);
  await turn();
  assertEquals(fake.resumed, ["result"]);
  assertEquals(fake.result, 0);
});

Deno.test("an interrupted call begins again when there is nothing to deliver", async () => {
  const fake = new FakeTask();
  fake.registers.set(RIP, 0x1002);
  fake.load(34, /* pause */ []);
  dispatchSyscall(fake.task);
  fake.task.interrupt();
  await turn();
  assertEquals([fake.result, fake.registers.get(RIP)], [34, 0x1000]);
  assertEquals(fake.resumed, ["all"]);
});

Deno.test("a task that ends while its call waits is not resumed", async () => {
  const fake = new FakeTask();
  fake.load(34, []);
  dispatchSyscall(fake.task);
  fake.kernel.killTask(fake.task, 9);
  fake.task.interrupt();
  await turn();
  assertEquals(fake.resumed, []);
});

Deno.test("an exception of a handler is our bug: the kernel panics with the call", () => {
  const fake = new FakeTask();
  Object.defineProperty(fake.task, "credentials", {
    get() {
      throw new Error("broken");
    },
  });
  assertThrows(() => fake.call(102), /broken/);
  assertEquals(fake.panics[0]?.context, "x86_64 system call 102, getuid(), of task 1");
});

Deno.test("a container that is ended under a handler's hands is no bug: the call failed for now", () => {
  const fake = new FakeTask();
  const loss = new Error("ending");
  Object.assign(fake.kernel.host, { isLoss: (error: unknown) => error === loss });
  Object.defineProperty(fake.task, "credentials", {
    get() {
      throw loss;
    },
  });
  assertEquals(fake.call(102), -EAGAIN.number);
  assertEquals([fake.resumed, fake.panics], [["result"], []]);
});

Deno.test("rows say what they support", () => {
  assertEquals(full("a", [], () => 0).support, "full");
  assertEquals(partial("b", [int], () => EBADF, "half").note, "half");
  const row = absent("c", ENOSYS, "a | b");
  const page = supportPage(compileTable(X86_64, { 2: row }), compileTable(I386, { 3: row }));
  assert(page.endsWith("|---|---|---|---|---|\n| c | 2 | 3 | absent | a \\| b |\n"));
});

Deno.test("every row of the tables agrees with Linux's headers", () => {
  for (const [table, header] of [[x86_64, "unistd_64.h"], [i386, "unistd_32.h"]] as const) {
    let text: string;
    try {
      text = Deno.readTextFileSync(`/usr/include/x86_64-linux-gnu/asm/${header}`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    const numbers = [...text.matchAll(/#define __NR_(\w+) (\d+)/g)];
    assert(numbers.length > 300);
    for (const [, name, number] of numbers) assertEquals(table.rows[Number(number)]?.name, name);
  }
});

Deno.test("tables end at mseal, and partial and absent rows say why", () => {
  for (const table of [x86_64, i386]) {
    assertEquals(table.rows.length, 463);
    assertEquals(table.rows[462]?.name, "mseal");
    for (const row of table.rows) if (row && row.support !== "full") assert(row.note.length > 0, row.name);
  }
});

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
