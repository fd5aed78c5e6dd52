import { assertEquals } from "../../kernel/testing/assert.ts";
import { CASES } from "./cases.ts";
import { parseLines } from "./measure.ts";
import { median } from "./median.ts";
import { renderResults, result } from "./results.ts";
import { stepCosts, stepText } from "./step_costs.ts";

const times = (...rounds: number[]) => rounds;

Deno.test("parseLines() reads what the programs print", () => {
  const text = "pread4k                 619.1 ns/op\nnoise\npread64k               3010.9 ns/op\n";
  assertEquals([...parseLines(text)], [["pread4k", 619.1], ["pread64k", 3010.9]]);
});

Deno.test("median() is the middle, or the mean of the two in the middle", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])], [2, 2.5, 7]);
});

Deno.test("renderResults() judges what has a target and explains what has no values", () => {
  const lines = renderResults([
    result("getppid", times(100, 100, 80), times(250, 260, 160), { target: 3 }),
    result("clock", times(20, 30, 10), times(40, 60, 25), { target: 2 }),
    result("stat", times(100, 100, 100), times(400, 400, 250), { target: 3 }),
    result("read1", times(100), times(600), { target: 5 }),
    result("fork", times(1e5), times(2e6), { limit: 3 }),
    result("exec", undefined, undefined, { limit: 5 }, "status 1"),
    result("hash", times(1e6), times(2e6)),
  ]);
  assertEquals(lines, [
    "case      native  atratus  ratio   best  target",
    "getppid   100 ns   250 ns   2.50   2.00       3  ok",
    "clock      20 ns    40 ns   2.00   2.50       2  ok",
    "stat      100 ns   400 ns   4.00   2.50       3  MISSED",
    "read1     100 ns   600 ns   6.00   6.00       5  MISSED",
    "fork     0.10 ms  2.00 ms  20.00  20.00    3 ms  ok",
    "exec           -        -      -      -    5 ms  status 1",
    "hash     1.00 ms  2.00 ms   2.00   2.00       -",
  ]);
});

Deno.test("stepCosts() shares a summary out among the steps", () => {
  const summary = [
    "% time     seconds  usecs/call     calls    errors syscall",
    "------ ----------- ----------- --------- --------- ----------------",
    " 60.00    0.006000         600        10           execve",
    " 30.00    0.003000         300        10           wait4",
    " 10.00    0.000100           5        20         1 brk",
    "100.00    0.009100         100        40         1 total",
    "",
    "    seconds usecs/time      times processes",
    "   0.005000        500         10 mapping",
  ].join("\n");
  const costs = stepCosts(summary, 2000);
  assertEquals(costs, { wait4: 300, mapping: 500, "other calls": 10, rest: 1190 });
  assertEquals(
    stepText("exec", costs),
    "exec: wait4 300 us, mapping 500 us, other calls 10 us, rest 1190 us",
  );
});

Deno.test("result() keeps null for what was not measured, so that the JSON has every field", () => {
  const { native, atratus, ratio, best, target } = result("x", undefined, times(5));
  assertEquals([native, atratus, ratio, best, target], [null, 5, null, null, null]);
});

Deno.test("the cases have names of their own", () => {
  const names = CASES.flatMap(({ name, also = [] }) => [name, ...also]);
  assertEquals(new Set(names).size, names.length);
});
