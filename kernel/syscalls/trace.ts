/**
 * `--trace`: system calls in strace's format, decoded from the table. What a call reads is printed as it was before
 * the call, what it writes as it is after it.
 */
import { ENOSYS, Errno } from "../abi/errno.ts";
import { errorText } from "../abi/error_text.ts";
import type { Task } from "../task/task.ts";
import { noResult, type TracedCall } from "./args.ts";
import { hex, quote } from "./format.ts";
import type { OpenCall, SyscallObserver } from "./observer.ts";
import { NO_RETURN, type Outcome, REGISTERS_SET } from "./result.ts";
import type { Row } from "./table.ts";

export interface TracerOptions {
  /** Receives every line, without its newline. */
  readonly sink: (line: string) => void;
  /** Column of the ` = ` when the call is shorter (strace -a). */
  readonly column?: number;
}

interface TracedOpenCall extends OpenCall {
  /** Texts of the arguments the kernel does not write; undefined for the others. */
  readonly texts: readonly (string | undefined)[];
}

const DEFAULT_COLUMN = 40;

export class Tracer implements SyscallObserver {
  readonly #sink: (line: string) => void;
  readonly #column: number;
  readonly #open = new Map<Task, TracedOpenCall>();
  /** Pid of the first task seen; lines name their task once there is a second one, as strace -f. */
  #first: number | undefined;
  #several = false;

  constructor(options: TracerOptions) {
    this.#sink = options.sink;
    this.#column = options.column ?? DEFAULT_COLUMN;
  }

  enter(task: Task, row: Row | undefined, number: number, values: readonly number[]): OpenCall | undefined {
    this.#meet(task);
    if (row === undefined) {
      const words = task.abi.argumentRegisters.map((register) => hex(task.thread.registers.get(register)));
      this.#result(task, `syscall_${hex(number)}(${words.join(", ")})`, `= -1 ENOSYS (${errorText(ENOSYS)})`);
      return undefined;
    }
    const before: TracedCall = { task, values, outcome: undefined };
    const types = row.args.filter((arg) => arg.decode !== "skip");
    const texts = types.map((type, i) => type.out ? undefined : type.format(before, i));
    const call = { task, row, values, texts };
    if (row.result === noResult) this.#result(task, formatEntry(call), "= ?");
    else this.#open.set(task, call);
    return call;
  }

  suspended(): void {}

  leave({ task }: OpenCall, outcome: Outcome): void {
    const call = this.#open.get(task);
    if (call === undefined) return;
    this.#open.delete(task);
    this.#result(task, formatExit(call, outcome), formatOutcome(call, outcome));
  }

  /** Strace's first line. */
  started(task: Task, path: string, argv: readonly string[], environment: number, variables: number): void {
    this.#meet(task);
    const text = (value: string) => quote(new TextEncoder().encode(value));
    const count = `${variables} var${variables === 1 ? "" : "s"}`;
    const args = `${text(path)}, [${argv.map(text).join(", ")}], ${hex(environment)} /* ${count} */`;
    this.#result(task, `execve(${args})`, "= 0");
  }

  exited(task: Task, status: number): void {
    this.#abandon(task);
    this.#line(task, `+++ exited with ${status} +++`);
  }

  killed(task: Task, signal: string, coreDumped: boolean): void {
    this.#abandon(task);
    this.#line(task, `+++ killed by ${signal}${coreDumped ? " (core dumped)" : ""} +++`);
  }

  signal(task: Task, name: string, info: string): void {
    this.#line(task, `--- ${name} ${info} ---`);
  }

  /** Nobody's call. */
  work(): void {}

  stopped(task: Task, name: string): void {
    this.#line(task, `--- stopped by ${name} ---`);
  }

  #abandon(task: Task): void {
    const call = this.#open.get(task);
    if (call === undefined) return;
    this.#open.delete(task);
    this.#line(task, `${formatEntry(call, " <unfinished ...>")}) = ?`);
  }

  #meet(task: Task): void {
    this.#first ??= task.pid;
    if (task.pid !== this.#first) this.#several = true;
  }

  #result(task: Task, call: string, result: string): void {
    this.#line(task, `${call.padEnd(this.#column - 1)} ${result}`);
  }

  #line(task: Task, text: string): void {
    this.#sink(this.#several ? `[pid ${String(task.pid).padStart(5)}] ${text}` : text);
  }
}

/** `name(arg, arg` with what the kernel writes printed after the call. */
function formatExit(call: TracedOpenCall, outcome: Outcome): string {
  const after: TracedCall = { task: call.task, values: call.values, outcome };
  const types = call.row.args.filter((arg) => arg.decode !== "skip");
  const texts = types.map((type, i) => call.texts[i] ?? type.format(after, i));
  return `${call.row.name}(${texts.filter((text) => text !== "").join(", ")})`;
}

function formatEntry(call: TracedOpenCall, tail = ")"): string {
  const known: string[] = [];
  for (const text of call.texts) {
    if (text === undefined) break;
    if (text !== "") known.push(text);
  }
  const comma = known.length < call.texts.length && known.length > 0 ? ", " : "";
  return `${call.row.name}(${known.join(", ")}${comma}${tail}`;
}

function formatOutcome(call: OpenCall, outcome: Outcome): string {
  if (outcome instanceof Errno) {
    const text = errorText(outcome);
    return outcome.number >= FIRST_INTERNAL
      ? `= ? ${outcome.name} (${text})`
      : `= -1 ${outcome.name} (${text})`;
  }
  if (outcome === NO_RETURN) return "= ?";
  if (outcome === REGISTERS_SET) return "= 0";
  return `= ${call.row.result({ task: call.task, values: call.values, outcome }, outcome)}`;
}

/** Errnos from here on are the kernel's own (ERESTARTSYS). */
const FIRST_INTERNAL = 512;
