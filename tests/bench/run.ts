/** Runs the cases: natively and under atratus in turn, so that what else the machine does meets both alike. */
import { type Abi, type BenchCase, CASES, START, suffix } from "./cases.ts";
import { findLaunchers, type Launcher, type Launchers, onWindows, windowsPath } from "./commands.ts";
import { DEBIAN_NAMES, runDebian } from "./debian.ts";
import { measureItself, measureStart } from "./measure.ts";
import { buildPrograms, programPath } from "./programs.ts";
import { type BenchResult, result, summary } from "./results.ts";
import { Rounds } from "./rounds.ts";
import { measureStep } from "./step_costs.ts";

export interface BenchOptions {
  /** A case's name: with its ABI's suffix for that ABI alone. */
  readonly only: string | undefined;
  readonly rounds: number;
  /** Receives a line for each result, and whenever something goes wrong. */
  readonly report: (line: string) => void;
}

/** For native programs, which need nothing before them. */
const NATIVE: Launcher = { command: [], env: {} };

/** Every result in the order of the cases. Throws when `only` names none. */
export async function runBench(options: BenchOptions): Promise<BenchResult[]> {
  const chosen = CASES.filter(({ name, also = [] }) => isWanted(options.only, [name, ...also]));
  const withStart = isWanted(options.only, [START]);
  const wantsDebian = (name: string) => isWanted(options.only, [name]);
  if (chosen.length === 0 && !withStart && !DEBIAN_NAMES.some(wantsDebian)) {
    const names = [...CASES.map(({ name }) => name), START, ...DEBIAN_NAMES];
    throw new Error(`Cannot measure "${options.only}": the cases are ${names.join(" ")}`);
  }
  const abis = (await buildPrograms(options.report)).filter((abi) => isWantedAbi(options.only, abi));
  const launchers = await findLaunchers();
  const results: BenchResult[] = [];
  const add = (row: BenchResult) => {
    options.report(summary(row));
    results.push(row);
  };
  for (const abi of abis) {
    const jobs = chosen.map((one) => () => runCase(one, abi, launchers, options.rounds));
    if (withStart) jobs.push(() => runStart(abi, launchers, options.rounds));
    for (const job of jobs) {
      (await job()).forEach(add);
    }
  }
  await runDebian(wantsDebian, launchers, options.rounds, add);
  return results;
}

function isWanted(only: string | undefined, names: readonly string[]): boolean {
  return only === undefined || names.some((name) => name === only || name + suffix("i386") === only);
}

function isWantedAbi(only: string | undefined, abi: Abi): boolean {
  return abi === "i386" || !only?.endsWith(suffix("i386"));
}

async function runCase(
  one: BenchCase,
  abi: Abi,
  launchers: Launchers,
  rounds: number,
): Promise<BenchResult[]> {
  const name = one.name + suffix(abi);
  const program = programPath(one.program, abi);
  const args = [one.name, `${one.scale ?? 1}`];
  const native = new Rounds(() => measureItself(NATIVE, program, args));
  const atratus = new Rounds(() => measureItself(launchers.atratus, program, args));
  for (let round = 0; round < rounds && atratus.problem === undefined; round++) {
    if (!onWindows) await native.next();
    await atratus.next();
  }
  const note = [native.problem && `natively ${native.problem}`, atratus.problem].filter(Boolean).join(", ");
  const own = result(name, native.times(one.name, 0), atratus.times(one.name, 0), one, note);
  const also = (one.also ?? []).map((line, i) =>
    result(line + suffix(abi), native.times(line, i + 1), atratus.times(line, i + 1), {}, note)
  );
  const costs = one.limit === undefined || atratus.problem !== undefined
    ? undefined
    : await measureStep(launchers.atratus, program, one);
  return [costs === undefined ? own : { ...own, costs }, ...also];
}

async function runStart(
  abi: Abi,
  launchers: Launchers,
  rounds: number,
): Promise<BenchResult[]> {
  const name = START + suffix(abi);
  const empty = Deno.makeTempFileSync({ prefix: "atratus-bench-", suffix: ".ts" });
  const program = windowsPath(programPath("hw", abi));
  const first = (launcher: Launcher, args: readonly string[]) => async () =>
    new Map([[START, await measureStart(launcher, args)]]);
  const deno = new Rounds(first(launchers.deno, ["run", windowsPath(empty)]));
  const atratus = new Rounds(first(launchers.atratus, [program]));
  try {
    for (let round = 0; round < rounds; round++) {
      await deno.next();
      await atratus.next();
    }
  } finally {
    Deno.removeSync(empty);
  }
  const note = ["native: deno.exe with an empty script", deno.problem, atratus.problem].filter(Boolean);
  return [result(name, deno.times(START, 0), atratus.times(START, 0), {}, note.join(", "))];
}
