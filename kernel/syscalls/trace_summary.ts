/**
 * `--trace=summary`: how often each system call was made and how long the kernel worked on it, in the format of
 * `strace -c`. Time that a call spends waiting is nobody's. Below it, what beginning and ending processes took: some of
 * it is done while their calls wait.
 */
import { Errno } from "../abi/errno.ts";
import type { Task } from "../task/task.ts";
import { noResult } from "./args.ts";
import type { OpenCall, SyscallObserver, Work } from "./observer.ts";
import type { Outcome } from "./result.ts";
import type { Row } from "./table.ts";

interface Count {
  readonly name: string;
  milliseconds: number;
  calls: number;
  errors: number;
}

interface TimedCall extends OpenCall {
  readonly start: number;
  milliseconds: number | undefined;
}

export class TraceSummary implements SyscallObserver {
  readonly #counts = new Map<string, Count>();
  readonly #work = new Map<Work, { milliseconds: number; times: number }>();
  readonly #open = new WeakMap<OpenCall, TimedCall>();
  readonly #now: () => number;

  /** `now`: milliseconds of any clock that does not go back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  enter(task: Task, row: Row | undefined, number: number, values: readonly number[]): OpenCall | undefined {
    if (row === undefined) {
      this.#count(`syscall_0x${number.toString(16)}`, 0, true);
      return undefined;
    }
    if (row.result === noResult) return undefined; // it never returns, and strace does not count it either
    const call: TimedCall = { task, row, values, start: this.#now(), milliseconds: undefined };
    this.#open.set(call, call);
    return call;
  }

  suspended(call: OpenCall): void {
    const timed = this.#open.get(call);
    if (timed !== undefined) timed.milliseconds = this.#now() - timed.start;
  }

  leave(call: OpenCall, outcome: Outcome): void {
    const timed = this.#open.get(call);
    if (timed === undefined) return;
    this.#count(call.row.name, timed.milliseconds ?? this.#now() - timed.start, outcome instanceof Errno);
  }

  work(what: Work, milliseconds: number): void {
    const sum = this.#work.get(what) ?? { milliseconds: 0, times: 0 };
    this.#work.set(what, { milliseconds: sum.milliseconds + milliseconds, times: sum.times + 1 });
  }

  started(): void {}
  exited(): void {}
  killed(): void {}
  signal(): void {}
  stopped(): void {}

  /** The table's lines, the most expensive call first. */
  lines(): string[] {
    const counts = [...this.#counts.values()].sort((a, b) =>
      b.milliseconds - a.milliseconds || b.calls - a.calls
    );
    const total: Count = { name: "total", milliseconds: 0, calls: 0, errors: 0 };
    for (const { milliseconds, calls, errors } of counts) {
      total.milliseconds += milliseconds;
      total.calls += calls;
      total.errors += errors;
    }
    return [
      "% time     seconds  usecs/call     calls    errors syscall",
      RULE,
      ...counts.map((count) => line(count, total.milliseconds)),
      RULE,
      line(total, total.milliseconds),
      ...this.#workLines(),
    ];
  }

  #workLines(): string[] {
    if (this.#work.size === 0) return [];
    const column = (value: string | number) => String(value).padStart(11);
    const rows = [...this.#work].map(([what, { milliseconds, times }]) =>
      column((milliseconds / 1000).toFixed(6)) + column(Math.floor(milliseconds * 1000 / times)) +
      column(times) + ` ${what}`
    );
    return ["", `${column("seconds")}${column("usecs/time")}${column("times")} processes`, ...rows];
  }

  #count(name: string, milliseconds: number, failed: boolean): void {
    let count = this.#counts.get(name);
    if (count === undefined) this.#counts.set(name, count = { name, milliseconds: 0, calls: 0, errors: 0 });
    count.milliseconds += milliseconds;
    count.calls++;
    if (failed) count.errors++;
  }
}

const RULE = "------ ----------- ----------- --------- --------- ----------------";

function line({ name, milliseconds, calls, errors }: Count, total: number): string {
  const share = total > 0 ? milliseconds * 100 / total : 0;
  const each = Math.floor(calls > 0 ? milliseconds * 1000 / calls : 0);
  return [
    share.toFixed(2).padStart(6),
    (milliseconds / 1000).toFixed(6).padStart(11),
    String(each).padStart(11),
    String(calls).padStart(9),
    (errors > 0 ? String(errors) : "").padStart(9),
    name,
  ].join(" ");
}
