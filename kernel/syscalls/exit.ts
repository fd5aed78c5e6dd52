/** exit(2), exit_group(2). With one task in a process they are the same. */
import type { Task } from "../task/task.ts";
import { NO_RETURN, type SyscallResult } from "./result.ts";

export function sysExit(task: Task, status: number): SyscallResult {
  task.kernel.exitTask(task, status);
  return NO_RETURN;
}

export const sysExitGroup = sysExit;
