/** Who looks on while system calls are made: `--trace` and `--trace=summary`. */
import type { Task } from "../task/task.ts";
import type { Outcome } from "./result.ts";
import type { Row } from "./table.ts";

/** A call that has been entered and has not returned. */
export interface OpenCall {
  readonly task: Task;
  readonly row: Row;
  readonly values: readonly number[];
}

/** What the kernel does for a process to begin or to end, besides what its calls say. */
export type Work = "mapping" | "copying" | "scrubbing";

export interface SyscallObserver {
  /** To be called before the handler. `row` is undefined for a number that is in no table. */
  enter(task: Task, row: Row | undefined, number: number, values: readonly number[]): OpenCall | undefined;
  /** The handler has begun to wait. */
  suspended(call: OpenCall): void;
  /** To be called after the handler, before the task goes on. */
  leave(call: OpenCall, outcome: Outcome): void;
  /** The first program has been started, by no call. `environment` is its address. */
  started(task: Task, path: string, argv: readonly string[], environment: number, variables: number): void;
  /** The task ended by exit(2) or exit_group(2). */
  exited(task: Task, status: number): void;
  /** The task was ended by a signal, given by name. */
  killed(task: Task, signal: string, coreDumped: boolean): void;
  /** A signal reached the task; `info` as formatSigInfo gives it. */
  signal(task: Task, name: string, info: string): void;
  /** The kernel has done some work. */
  work(what: Work, milliseconds: number): void;
  /** A signal, given by name, has stopped the task's process. */
  stopped(task: Task, name: string): void;
}
