/** execve(2): another program in the same process. */
import { LoadError } from "../../loader/elf/mod.ts";
import { isTooBig } from "../../loader/stack.ts";
import { E2BIG, Errno } from "../abi/errno.ts";
import { encodeName } from "../abi/names.ts";
import { RLIMIT_STACK } from "../abi/resource.ts";
import { SIGKILL } from "../abi/signal.ts";
import type { Bits, Container } from "../host.ts";
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

/**
 * Where the program is going to run: at best where its memory is prepared already. Its own container keeps what the last
 * program had for the next process that has it, which is likely to be a child of the same parent.
 */
function containerFor({ kernel, mm, lender }: Task, bits: Bits, program: string): Container | Errno {
  if (lender !== undefined || bits !== mm.container.bits) return kernel.acquireContainer(bits, program);
  if (program === mm.program) return mm.container;
  return kernel.host.reuseContainer(bits, program) ?? mm.container;
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
  const container = containerFor(task, abi.bits, program.identity);
  if (container instanceof Errno) return container;
  const stays = container === oldSpace.container;
  const leaves = !stays && !borrowed;
  task.keepPeakMemory();
  if (stays) kernel.timed("scrubbing", () => oldSpace.scrub());
  const layout = layoutFor(task, program);
  const mm = new AddressSpace(kernel.host, container, abi, kernel.modules, layout, program.identity);
  const started = kernel.timed("mapping", () => startProgram(mm, request));
  task.mm = mm;
  task.abi = abi;
  if (!stays) {
    if (leaves) kernel.clock.moveCpuTime(task, container.mainThread);
    task.thread.owner = undefined;
    task.thread = container.mainThread;
    task.thread.owner = task;
  }
  if (borrowed) giveBack(task);
  if (started instanceof Errno) {
    if (leaves) kernel.releaseSpace(oldSpace);
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
  // The program runs meanwhile.
  if (leaves) kernel.releaseSpace(oldSpace);
  return NO_RETURN;
}
