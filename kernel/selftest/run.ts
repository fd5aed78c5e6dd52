/** Runs one program under a kernel of its own and keeps what it writes: the self-test of `atratus doctor`. */
import { LoadError } from "../../loader/elf/mod.ts";
import { encodeName } from "../abi/names.ts";
import { O_WRONLY } from "../abi/fcntl.ts";
import { S_IFCHR } from "../abi/stat.ts";
import { SIGKILL } from "../abi/signal.ts";
import { createEngine, type Engine } from "../exec/engine.ts";
import { startInit } from "../exec/init.ts";
import { FdTable } from "../fs/fd_table.ts";
import { FsContext } from "../fs/fs_context.ts";
import { createNamespace } from "../fs/namespace.ts";
import { OpenFile } from "../fs/open_file.ts";
import { type Stat, syntheticStat } from "../fs/stat.ts";
import type { Host } from "../host.ts";
import type { HostClock } from "../host_clock.ts";
import type { HostFiles } from "../host_files.ts";
import type { HostSystem } from "../host_system.ts";
import { Kernel } from "../kernel.ts";

/** The machine below, as main.ts puts it together. */
export interface SelfTestMachine {
  readonly host: Host;
  readonly files: HostFiles;
  readonly clock: HostClock;
  readonly system: HostSystem;
}

export interface SelfTestOutcome {
  /** The exit status, or 128 and the signal's number. */
  readonly status: number;
  readonly output: string;
  /** What the kernel had to tell, line by line. */
  readonly reports: readonly string[];
  /** Milliseconds from the start to the first byte written. */
  readonly startMs: number;
  /** Milliseconds between the first and the last write. */
  readonly betweenMs: number;
}

/** A program that takes longer is killed. */
const TIME_LIMIT_MS = 20_000;

export async function runSelfTest(
  machine: SelfTestMachine,
  engineName: Engine["name"],
  program: Uint8Array,
  args: readonly string[] = [],
  limit = TIME_LIMIT_MS,
): Promise<SelfTestOutcome> {
  const folder = Deno.makeTempDirSync({ prefix: "atratus-doctor-" });
  try {
    const path = `${folder}/program`;
    Deno.writeFileSync(path, program);
    return await runFile(machine, engineName, path, args, limit);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function runFile(
  machine: SelfTestMachine,
  engineName: Engine["name"],
  file: string,
  args: readonly string[],
  limit: number,
): Promise<SelfTestOutcome> {
  const { host } = machine;
  const reports: string[] = [];
  const kernel = new Kernel({
    host,
    clock: machine.clock,
    system: machine.system,
    engine: createEngine(engineName, host),
    report: (line) => reports.push(line),
    onPanic(error, context) {
      throw new Error(`internal error in ${context}`, { cause: error });
    },
  });
  const namespace = createNamespace({ host: machine.files, root: undefined, bootTime: 0 });
  const files = new FdTable();
  const output = new Recorder();
  for (const fd of [0, 1, 2]) files.replace(fd, output.retain(), false);
  const path = namespace.guestPathOf(file, () => false);
  if (path === undefined) throw new Error(`Cannot run ${file}: it is not on a drive`);
  const started = performance.now();
  const task = await startInit(kernel, {
    path,
    argv: [file, ...args].map(encodeName),
    envp: [],
    files,
    fs: new FsContext(namespace.root, namespace.root),
  });
  if (task instanceof LoadError) throw new Error(`Cannot run ${file}: it ${task.reason}`);
  using _limit = kernel.timers.at(kernel.clock.now() + limit, () => kernel.killTask(task, SIGKILL));
  const ended = await kernel.run();
  const { times } = output;
  return {
    status: "code" in ended ? ended.code : 128 + ended.signal,
    output: output.text,
    reports,
    startMs: (times[0] ?? NaN) - started,
    betweenMs: (times.at(-1) ?? NaN) - (times[0] ?? NaN),
  };
}

/** A device that remembers what was written to it, and when. */
class Recorder extends OpenFile {
  override readonly type = S_IFCHR;
  readonly times: number[] = [];
  text = "";

  constructor() {
    super(O_WRONLY, undefined);
  }
  override stat(into: Stat): 0 {
    syntheticStat(into, 0, 1, S_IFCHR | 0o666, 0);
    return 0;
  }
  override write(from: Uint8Array<ArrayBuffer>): number {
    this.times.push(performance.now());
    this.text += new TextDecoder().decode(from);
    return from.length;
  }
}
