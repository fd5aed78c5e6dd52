/**
 * What a step of a case that makes processes consists of, from a run with `--trace=summary`: so that one sees where the
 * next factor is to be found.
 */
import type { BenchCase } from "./cases.ts";
import type { Launcher } from "./commands.ts";
import { runProgram } from "./measure.ts";

/** Microseconds of one step; `rest` is waking, waiting and the programs' own work. */
export type StepCosts = Readonly<Record<string, number>>;

/** `seconds usecs/call calls [errors] name`, with a share before it for calls. */
const ROW = /^ *(?:[\d.]+ +)?([\d.]+) +\d+ +(\d+)(?: +\d+)? +(\w+)$/;
/** Who waits for a child is woken once a step. */
const WAITS = ["wait4", "waitpid"];
/** Calls that take less in all are told as one. */
const SMALL_US = 20;

/** Throws when the program fails. */
export async function measureStep(launcher: Launcher, program: string, one: BenchCase): Promise<StepCosts> {
  const atratus = { ...launcher, command: [...launcher.command, "--trace=summary"] };
  const { values, stderr } = await runProgram(atratus, program, [one.name, `${one.scale ?? 1}`]);
  const [step] = values.values();
  return stepCosts(stderr, (step ?? 0) / 1000);
}

/** `whole`: microseconds of a step. */
export function stepCosts(summary: string, whole: number): StepCosts {
  const rows = summary.split("\n").flatMap((line) => {
    const [, seconds, calls, name = ""] = ROW.exec(line) ?? [];
    return name === "" || name === "total" ? [] : [{ name, us: Number(seconds) * 1e6, calls: Number(calls) }];
  });
  const steps = rows.find(({ name }) => WAITS.includes(name))?.calls ?? 1;
  const costs: Record<string, number> = {};
  let known = 0, others = 0;
  for (const { name, us } of rows) {
    const each = us / steps;
    // A part of execve's own time is told as mapping and scrubbing.
    if (name === "execve") continue;
    known += each;
    if (each < SMALL_US) others += each;
    else costs[name] = Math.round(each);
  }
  return { ...costs, "other calls": Math.round(others), rest: Math.round(Math.max(0, whole - known)) };
}

export function stepText(name: string, costs: StepCosts): string {
  return `${name}: ${Object.entries(costs).map(([what, us]) => `${what} ${us} us`).join(", ")}`;
}
