/**
 * From a posted system call to its result: read the number, fetch the arguments, call the handler, store the result.
 * Synchronous calls touch no promise and allocate nothing.
 */
import { I386, SYSCALL_NUMBER } from "../abi/abi.ts";
import { EAGAIN, ENOSYS, type Errno } from "../abi/errno.ts";
import type { RegisterFile } from "../abi/registers.ts";
import { isInterruption, leaveKernel } from "../signal/deliver.ts";
import type { Task } from "../task/task.ts";
import { fetchArgument, MAX_ARGS } from "./decode.ts";
import { NO_RETURN, type Outcome, REGISTERS_SET, type SyscallResult } from "./result.ts";
import { storeResult } from "./store_result.ts";
import type { CompiledTable } from "./table.ts";
import { i386 } from "./table_i386.ts";
import { x86_64 } from "./table_x86_64.ts";

/**
 * Runs the system call that `task` has posted and lets the task go on, at once or when the call's wait is over.
 * Linux: do_syscall_64, do_int80_syscall_32.
 */
export function dispatchSyscall(task: Task): void {
  const table = task.abi.bits === 64 ? x86_64 : i386;
  const number = task.thread.registers.lo(SYSCALL_NUMBER);
  task.kernel.current = task;
  if (task.kernel.tracer !== undefined || number >= table.rows.length) {
    observeSyscall(task, table, number);
    return;
  }
  let result: SyscallResult;
  try {
    result = callHandler(task, table, number);
  } catch (error) {
    result = lost(task, error) ?? task.kernel.panic(error, describe(task, table, number));
  }
  if (result instanceof Promise) void completeLater(task, table, number, result);
  else complete(task, result);
}

/**
 * `int $0x80` in 64-bit code: the i386 table, with 32-bit layouts. A call that waits sees 64-bit ones after its wait;
 * no program is known to make such a call.
 */
export function dispatchCompatSyscall(task: Task): void {
  const { abi } = task;
  task.abi = I386;
  dispatchSyscall(task);
  task.abi = abi;
}

function callHandler(task: Task, table: CompiledTable, number: number): SyscallResult {
  const handler = table.handlers[number];
  if (handler === undefined) return ENOSYS;
  const registers = task.thread.registers;
  const words = registers.words;
  const { fetch, low, high } = table;
  const count = table.counts[number]!;
  const base = registers.base;
  let at = number * MAX_ARGS;
  let a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0;
  if (count > 0) a0 = fetchArgument(words, fetch[at]!, base + low[at]!, base + high[at]!);
  if (count > 1) a1 = fetchArgument(words, fetch[++at]!, base + low[at]!, base + high[at]!);
  if (count > 2) a2 = fetchArgument(words, fetch[++at]!, base + low[at]!, base + high[at]!);
  if (count > 3) a3 = fetchArgument(words, fetch[++at]!, base + low[at]!, base + high[at]!);
  if (count > 4) a4 = fetchArgument(words, fetch[++at]!, base + low[at]!, base + high[at]!);
  if (count > 5) a5 = fetchArgument(words, fetch[++at]!, base + low[at]!, base + high[at]!);
  return handler(task, a0, a1, a2, a3, a4, a5);
}

/** The handler's arguments, for the trace and for reports. */
export function fetchArguments(table: CompiledTable, number: number, registers: RegisterFile): number[] {
  const values: number[] = [];
  for (let i = 0; i < table.counts[number]!; i++) {
    const at = number * MAX_ARGS + i;
    const low = registers.base + table.low[at]!;
    values.push(fetchArgument(registers.words, table.fetch[at]!, low, registers.base + table.high[at]!));
  }
  return values;
}

/** Stores the outcome and lets the task go on, unless it has ended meanwhile. */
function complete(task: Task, outcome: Outcome): void {
  if (task.exited || outcome === NO_RETURN) return;
  if (task.signals.attention || isInterruption(outcome)) {
    leaveKernel(task, outcome);
    return;
  }
  if (outcome === REGISTERS_SET) {
    task.thread.resume("all");
    return;
  }
  storeResult(task, outcome);
  task.thread.resume("result");
}

async function completeLater(
  task: Task,
  table: CompiledTable,
  number: number,
  promise: Promise<Outcome>,
): Promise<void> {
  try {
    const outcome = await orLost(task, promise);
    task.endCall();
    complete(task, outcome);
  } catch (error) {
    task.kernel.panic(error, describe(task, table, number));
  }
}

/**
 * The result of a call that failed because somebody is ending a container: the caller's, which will not see it, or that
 * of a process it was about to make.
 */
function lost({ kernel }: Task, error: unknown): Errno | undefined {
  return kernel.host.isLoss(error) ? EAGAIN : undefined;
}

async function orLost(task: Task, promise: Promise<Outcome>): Promise<Outcome> {
  try {
    return await promise;
  } catch (error) {
    const outcome = lost(task, error);
    if (outcome === undefined) throw error;
    return outcome;
  }
}

/** The slow path: traced calls, and numbers beyond the table. */
function observeSyscall(task: Task, table: CompiledTable, number: number): void {
  const tracer = task.kernel.tracer;
  const row = table.rows[number];
  const values = row === undefined ? [] : fetchArguments(table, number, task.thread.registers);
  const call = tracer?.enter(task, row, number, values);
  let result: SyscallResult;
  try {
    result = callHandler(task, table, number);
  } catch (error) {
    result = lost(task, error) ?? task.kernel.panic(error, describe(task, table, number));
  }
  if (result instanceof Promise) {
    if (call !== undefined) tracer?.suspended(call);
    void later(result);
  } else finish(result);

  function finish(outcome: Outcome): void {
    if (call !== undefined) tracer?.leave(call, outcome);
    complete(task, outcome);
  }
  async function later(promise: Promise<Outcome>): Promise<void> {
    try {
      const outcome = await orLost(task, promise);
      task.endCall();
      finish(outcome);
    } catch (error) {
      task.kernel.panic(error, describe(task, table, number));
    }
  }
}

/** What a report of a kernel bug says about the call; the arguments are raw. */
function describe(task: Task, table: CompiledTable, number: number): string {
  const row = table.rows[number];
  const values = row === undefined ? [] : fetchArguments(table, number, task.thread.registers);
  const args = values.map((value) => value < 0 ? String(value) : `0x${value.toString(16)}`).join(", ");
  return `${table.abi.name} system call ${number}, ${row?.name ?? "unknown"}(${args}), of task ${task.pid}`;
}
