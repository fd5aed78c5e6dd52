/** The first process: made from a program file, without a parent. */
import { LoadError } from "../../loader/elf/mod.ts";
import { ENOMEM, Errno } from "../abi/errno.ts";
import type { FdTable } from "../fs/fd_table.ts";
import type { FsContext } from "../fs/fs_context.ts";
import { decodeName, encodeName } from "../abi/names.ts";
import type { Kernel } from "../kernel.ts";
import { AddressSpace } from "../mm/address_space.ts";
import { Credentials } from "../task/credentials.ts";
import { ResourceLimits } from "../task/rlimits.ts";
import { Task } from "../task/task.ts";
import { findProgram, releaseProgram } from "./program_file.ts";
import { abiOf, setEntryRegisters, startProgram } from "./start.ts";

export interface InitRequest {
  /** Guest path of the program, decoded by names.ts. */
  readonly path: string;
  readonly argv: readonly Uint8Array[];
  readonly envp: readonly Uint8Array[];
  readonly files: FdTable;
  readonly fs: FsContext;
}

/** Starts the program; it runs when the kernel does. A LoadError tells what is wrong with the file. */
export async function startInit(kernel: Kernel, request: InitRequest): Promise<Task | LoadError> {
  const credentials = Credentials.of(0, 0);
  const { files, fs } = request;
  const program = findProgram({ kernel, fs, files, credentials }, fs.cwd, request.path, request.argv);
  if (program instanceof LoadError) return program;
  const abi = abiOf(program.image);
  const prepared = kernel.host.prepareContainer(abi.bits);
  // What this cannot do, startProgram will report.
  for (const file of [program, program.interpreter]) {
    if (file !== undefined) kernel.modules.get(file, file.image);
  }
  await prepared;
  const limits = new ResourceLimits();
  const { mm, started } = unlessLost(kernel, () => {
    const container = kernel.host.acquireContainer(abi.bits, program.identity);
    const layout = kernel.layouts.get(abi.name, false);
    const mm = new AddressSpace(kernel.host, container, abi, kernel.modules, layout, program.identity);
    const started = startProgram(mm, {
      modules: kernel.modules,
      vdso: kernel.vdso,
      program,
      envp: request.envp,
      execfn: encodeName(request.path),
      credentials,
      limits,
    });
    void container.mainThread; // to make it may fail as well
    return { mm, started };
  });
  const { container } = mm;
  releaseProgram(program);
  if (started instanceof Errno) {
    container.terminate();
    const reason = started === ENOMEM ? "does not fit into memory" : "has too many arguments";
    return new LoadError(`can't be started: it ${reason}`, started);
  }
  const thread = container.mainThread;
  const pid = kernel.allocatePid();
  const task = new Task({ kernel, pid, parentPid: 0, abi, mm, files, fs, credentials, limits, thread });
  task.becomeProgram(program.path, request.path);
  kernel.addTask(task);
  const words = program.argv.map((word) => new TextDecoder().decode(word));
  kernel.tracer?.started(task, decodeName(program.argv[0]!), words, started.environment, request.envp.length);
  setEntryRegisters(thread.registers, started);
  thread.resume("all");
  return task;
}

/** Containers that somebody ends while the program is put into them. */
const MOST_LOST = 3;

/** Does it again in another container when it came to nothing because the first was being ended. */
function unlessLost<T>({ host }: Kernel, attempt: () => T): T {
  for (let count = 1;; count++) {
    try {
      return attempt();
    } catch (error) {
      if (count > MOST_LOST || !host.isLoss(error)) throw error;
    }
  }
}
