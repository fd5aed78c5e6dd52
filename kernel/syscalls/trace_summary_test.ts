import { ENOENT } from "../abi/errno.ts";
import { assertEquals } from "../testing/assert.ts";
import { FakeTask } from "../testing/fake_task.ts";
import { TraceSummary } from "./trace_summary.ts";
import { x86_64 } from "./table_x86_64.ts";

Deno.test("a summary counts calls, errors and the time until they return or wait", () => {
  let now = 0;
  const summary = new TraceSummary(() => now);
  const { task } = new FakeTask();
  const make = (number: number, milliseconds: number, outcome: number | typeof ENOENT, waits = 0) => {
    const call = summary.enter(task, x86_64.rows[number], number, []);
    now += milliseconds;
    if (call === undefined) return;
    if (waits > 0) summary.suspended(call);
    now += waits;
    summary.leave(call, outcome);
  };
  make(2, 3, ENOENT);
  make(2, 1, 3);
  make(0, 12, 5, 1000);
  make(231, 1, 0); // exit_group
  make(999, 1, 0);
  summary.work("copying", 3);
  summary.work("copying", 1);
  assertEquals(summary.lines(), [
    "% time     seconds  usecs/call     calls    errors syscall",
    "------ ----------- ----------- --------- --------- ----------------",
    " 75.00    0.012000       12000         1           read",
    " 25.00    0.004000        2000         2         1 open",
    "  0.00    0.000000           0         1         1 syscall_0x3e7",
    "------ ----------- ----------- --------- --------- ----------------",
    "100.00    0.016000        4000         4         2 total",
    "",
    "    seconds usecs/time      times processes",
    "   0.004000       2000          2 copying",
  ]);
});
