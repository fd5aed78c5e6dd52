/**
 * The shape of a system-call table. One row a call says all there is to say about it: dispatch, `--trace`, the
 * support page and the tests read the same row.
 */
import type { Abi } from "../abi/abi.ts";
import type { Errno } from "../abi/errno.ts";
import type { Task } from "../task/task.ts";
import { type AnyArg, decimalResult, type ResultFormat, type Values } from "./args.ts";
import { fetchOf, MAX_ARGS } from "./decode.ts";
import type { SyscallResult } from "./result.ts";

export type Support = "full" | "partial" | "absent";

/** A handler as dispatch calls it: always six numbers. */
export type Handler = (
  task: Task,
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  a4: number,
  a5: number,
) => SyscallResult;

export interface Row {
  /** Linux's name. */
  readonly name: string;
  readonly support: Support;
  readonly args: readonly AnyArg[];
  readonly handler: Handler;
  /** What is missing, for users; empty for a full row. */
  readonly note: string;
  readonly result: ResultFormat;
}

export type Table = Readonly<Record<number, Row>>;

type HandlerOf<A extends readonly AnyArg[]> = (task: Task, ...values: Values<A>) => SyscallResult;

/** A call that does what Linux documents. */
export function full<const A extends readonly AnyArg[]>(
  name: string,
  args: A,
  handler: HandlerOf<A>,
  result: ResultFormat = decimalResult,
): Row {
  return { name, support: "full", args, handler: handler as unknown as Handler, note: "", result };
}

/** A call that does part of it; `note` says which part is missing. */
export function partial<const A extends readonly AnyArg[]>(
  name: string,
  args: A,
  handler: HandlerOf<A>,
  note: string,
  result: ResultFormat = decimalResult,
): Row {
  return { name, support: "partial", args, handler: handler as unknown as Handler, note, result };
}

/** A call that only fails. */
export function absent(name: string, errno: Errno, note: string, args: readonly AnyArg[] = []): Row {
  return { name, support: "absent", args, handler: () => errno, note, result: decimalResult };
}

/** A table laid out for dispatch: flat arrays indexed by number, and by number * MAX_ARGS + argument. */
export interface CompiledTable {
  readonly abi: Abi;
  readonly rows: readonly (Row | undefined)[];
  readonly handlers: readonly (Handler | undefined)[];
  readonly counts: Uint8Array;
  readonly fetch: Uint8Array;
  /** First word, in the register file, of the register that holds the argument (or its low word). */
  readonly low: Uint8Array;
  /** The same for the high word of a pair. */
  readonly high: Uint8Array;
}

/** Throws a TypeError when a row needs more registers than a system call has. */
export function compileTable(abi: Abi, table: Table): CompiledTable {
  const length = Math.max(-1, ...Object.keys(table).map(Number)) + 1;
  const rows: (Row | undefined)[] = Array.from({ length }, (_, number) => table[number]);
  const compiled: CompiledTable = {
    abi,
    rows,
    handlers: rows.map((row) => row?.handler),
    counts: new Uint8Array(length),
    fetch: new Uint8Array(length * MAX_ARGS),
    low: new Uint8Array(length * MAX_ARGS),
    high: new Uint8Array(length * MAX_ARGS),
  };
  rows.forEach((row, number) => row && compileRow(compiled, row, number));
  return compiled;
}

function compileRow(table: CompiledTable, row: Row, number: number): void {
  let register = 0;
  let count = 0;
  for (const arg of row.args) {
    const pair = arg.decode === "loff" && table.abi.bits === 32;
    const low = table.abi.argumentRegisters[register];
    const high = table.abi.argumentRegisters[register + (pair ? 1 : 0)];
    if (low === undefined || high === undefined) throw new TypeError(`${row.name} takes too many arguments`);
    register += pair ? 2 : 1;
    if (arg.decode === "skip") continue;
    const index = number * MAX_ARGS + count++;
    table.fetch[index] = fetchOf(arg.decode, table.abi);
    table.low[index] = low * 2;
    table.high[index] = high * 2;
  }
  table.counts[number] = count;
}
