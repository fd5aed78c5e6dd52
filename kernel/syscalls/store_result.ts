/** The result of a system call, as the guest finds it. */
import { SYSCALL_RESULT } from "../abi/abi.ts";
import type { Errno } from "../abi/errno.ts";
import type { Task } from "../task/task.ts";

const TWO_32 = 2 ** 32;

export function storeResult(task: Task, outcome: number | Errno): void {
  const value = typeof outcome === "number" ? outcome : -outcome.number;
  const { words, base } = task.thread.registers;
  const at = base + SYSCALL_RESULT * 2;
  words[at] = value;
  words[at + 1] = Math.floor(value / TWO_32); // in 32-bit code nobody looks at it
}
