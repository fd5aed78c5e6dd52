/** Runs the cases of Debian's programs, in the tree of unmodified packages that the set-up makes on Linux. */
import { commandInRoot } from "../outcome.ts";
import { type Launcher, type Launchers, nativePath, onWindows, windowsPath } from "./commands.ts";
import { DATA_SIZE, type DebianCase, type StartCase, STARTS, WORK } from "./debian_cases.ts";
import { median } from "./median.ts";
import { parseLines, runToEnd } from "./measure.ts";
import { programPath } from "./programs.ts";
import { type BenchResult, result } from "./results.ts";
import { Rounds } from "./rounds.ts";

/** Of a job in one shell. The best counts, since whatever else the machine does only adds to one. */
const TURNS = 3;

export const DEBIAN_NAMES: readonly string[] = [...WORK, ...STARTS].map(({ name }) => name);

/** Calls `report` with each result. */
export async function runDebian(
  wanted: (name: string) => boolean,
  launchers: Launchers,
  rounds: number,
  report: (row: BenchResult) => void,
): Promise<void> {
  if (onWindows || !DEBIAN_NAMES.some(wanted)) return;
  const tree = await makeTree();
  if (tree === undefined) {
    for (const name of DEBIAN_NAMES.filter(wanted)) {
      report(result(name, undefined, undefined, {}, "Debian's programs could not be fetched"));
    }
    return;
  }
  const folder = Deno.makeTempDirSync({ prefix: "atratus-bench-", dir: `${tree}/tmp` });
  try {
    collectData(`${tree}/usr`, `${folder}/data`);
    const shells = new Shells(tree, folder, launchers);
    for (const one of WORK) if (wanted(one.name)) report(await runWork(one, shells, rounds));
    for (const one of STARTS) if (wanted(one.name)) report(await runStart(one, shells, rounds));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Undefined when it cannot be made: the set-up has said why. */
async function makeTree(): Promise<string | undefined> {
  const setup = nativePath(new URL("../../scripts/setup.sh", import.meta.url));
  const args = ["-c", '. "$0"; setup_tree >&2; printf %s "$tree_dir"', setup];
  const { success, stdout } = await new Deno.Command("bash", { args, stdin: "null", stderr: "inherit" })
    .output();
  return success ? new TextDecoder().decode(stdout) : undefined;
}

/** Files of a folder, one after the other, until there is enough: programs, libraries and texts. */
function collectData(folder: string, path: string): void {
  using out = Deno.openSync(path, { write: true, create: true });
  let left = DATA_SIZE;
  const add = (directory: string): void => {
    const entries = [...Deno.readDirSync(directory)].sort((a, b) => a.name < b.name ? -1 : 1);
    for (const { name, isFile, isDirectory } of entries) {
      if (left === 0) return;
      if (isDirectory) add(`${directory}/${name}`);
      else if (isFile) left -= out.writeSync(Deno.readFileSync(`${directory}/${name}`).subarray(0, left));
    }
  };
  add(folder);
}

/** bash in the tree, natively and under atratus. */
class Shells {
  constructor(readonly tree: string, readonly folder: string, readonly launchers: Launchers) {}

  get native(): Launcher {
    return { command: [...commandInRoot(this.tree)], env: {} };
  }

  get atratus(): Launcher {
    const { command, env } = this.launchers.atratus;
    return { command: [...command, "--root", windowsPath(this.tree)], env };
  }

  /** Nanoseconds of a job, by the clock of the shell that starts it. */
  async measure(launcher: Launcher, { job, parts = 1 }: Pick<DebianCase, "job" | "parts">) {
    const script = `best=; for turn in {1..${TURNS}}; do start=$EPOCHREALTIME; ${job} >/dev/null || exit; ` +
      `took=$((\${EPOCHREALTIME/./} - \${start/./})); (( best && best < took )) || best=$took; done; ` +
      `echo "job $((best * 1000 / ${parts})) ns/op"`;
    return parseLines((await runToEnd(launcher, ["/bin/bash", "-c", script], this.folder)).stdout);
  }
}

async function runWork(one: DebianCase, shells: Shells, count: number): Promise<BenchResult> {
  const native = new Rounds(() => shells.measure(shells.native, one));
  const atratus = new Rounds(() => shells.measure(shells.atratus, one));
  for (let round = 0; round < count && atratus.problem === undefined; round++) {
    await native.next();
    await atratus.next();
  }
  const note = [native.problem && `natively ${native.problem}`, atratus.problem].filter(Boolean).join(", ");
  return result(one.name, native.times("job", 0), atratus.times("job", 0), one, note);
}

async function runStart(one: StartCase, shells: Shells, count: number): Promise<BenchResult> {
  const run = (launcher: Launcher, args: readonly string[]) => async () => {
    const started = performance.now();
    await runToEnd(launcher, args, shells.folder);
    return new Map([["run", (performance.now() - started) * 1e6]]);
  };
  const job = one.args.join(" ");
  const native = new Rounds(() => shells.measure(shells.native, { job }));
  const hw = new Rounds(run(shells.launchers.atratus, [windowsPath(programPath("hw", "x86_64"))]));
  const program = new Rounds(run(shells.atratus, one.args));
  for (let round = 0; round < count; round++) {
    for (const each of [native, hw, program]) await each.next();
  }
  const natively = native.times("job", 0), base = hw.times("run", 0), whole = program.times("run", 0);
  const limit = natively && one.limit(median(natively) / 1e6);
  const over = whole && base?.map((time, round) => whole[round]! - time);
  const note = ["over hw", native.problem, hw.problem, program.problem].filter(Boolean).join(", ");
  return { ...result(one.name, natively, over, { limit }, note), ratio: null, best: null };
}
