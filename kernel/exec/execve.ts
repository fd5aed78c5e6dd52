/** execve(2): another program in the same process. */
import { LoadError } from "../../loader/elf/mod.ts";
import { isTooBig } from "../../loader/stack.ts";
import { E2BIG, Errno } from "../abi/errno.ts";
import { encodeName } from "../abi/names.ts";
import { RLIMIT_STACK } from "../abi/resource.ts";
import { SIGKILL } from "../abi/signal.ts";
import type { Location } from "../fs/mount.ts";
import { AddressSpace } from "../mm/address_space.ts";
import { NO_RETURN, type Outcome, REGISTERS_SET } from "../syscalls/result.ts";
import { giveBack } from "../task/fork.ts";
import type { Task } from "../task/task.ts";
import { findProgram, type ProgramFile, releaseProgram } from "./program_file.ts";
import { abiOf, layoutFor, setEntryRegisters, startProgram } from "./start.ts";

export function execve(
  task: Task,
  start: Location,
  path: string,
  argv: readonly Uint8Array[],
  envp: readonly Uint8Array[],
): Outcome {
  const program = findProgram(task, start, path, argv);
  if (program instanceof LoadError) return program.errno;
  try {
    const request = {
      modules: task.kernel.modules,
      vdso: task.kernel.vdso,
      program,
      envp,
      execfn: encodeName(path),
      credentials: task.credentials,
      limits: task.limits,
    };
    const stackLimit = task.limits.current(RLIMIT_STACK);
    if (isTooBig({ argv: program.argv, envp, execfn: request.execfn, stackLimit })) return E2BIG;
    return replaceImage(task, program, request, path);
  } finally {
    releaseProgram(program);
  }
}

/** The point of no return: a failure from here on kills the task, as on Linux. */
function replaceImage(
  task: Task,
  program: ProgramFile,
  request: Parameters<typeof startProgram>[1],
  path: string,
): Outcome {
  const { kernel } = task;
  const abi = abiOf(program.image);
  const oldSpace = task.mm;
  const borrowed = task.lender !== undefined;
  const stays = !borrowed && abi.bits === oldSpace.container.bits;
  const container = stays ? oldSpace.container : kernel.acquireContainer(abi.bits);
  if (container instanceof Errno) return container;
  task.keepPeakMemory();
  if (stays) kernel.timed("scrubbing", () => oldSpace.scrub());
  const mm = new AddressSpace(kernel.host, container, abi, kernel.modules, layoutFor(task, program));
  const started = kernel.timed("mapping", () => startProgram(mm, request));
  task.mm = mm;
  task.abi = abi;
  if (!stays) {
    task.thread.owner = undefined;
    task.thread = container.mainThread;
    task.thread.owner = task;
    if (borrowed) giveBack(task);
    else kernel.releaseSpace(oldSpace);
  }
  if (started instanceof Errno) {
    kernel.killTask(task, SIGKILL);
    return NO_RETURN;
  }
  task.unshareFiles();
  task.files.closeOnExec();
  task.files.endLoans();
  task.becomeProgram(program.path, path);
  setEntryRegisters(task.thread.registers, started);
  task.thread.writeFloatState(undefined);
  if (stays) return REGISTERS_SET;
  task.thread.resume("all");
  return NO_RETURN;
}
