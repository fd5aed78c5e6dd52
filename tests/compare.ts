/**
 * Compares what guests do under atratus with what they do natively. Windows has no native run: there the outcomes that
 * `--record` wrote on Linux count.
 */
import { canRun, runs32Bit } from "./capability.ts";
import { natively, onLinux, type Outcome, type Run, underAtratus } from "./outcome.ts";

/** How a suite went: how many passed, what failed, a text each, and how many this machine cannot run. */
export interface Tally {
  passed: number;
  readonly failures: string[];
  readonly skipped: number;
  /** What passed only when it was run again alone: told, and few are forgiven. */
  readonly unsteady?: readonly string[];
}

const RECORD = new URL("static/expected.json", import.meta.url);
const PARALLEL = 2;

/** Describes the first line in which two texts differ, or nothing. */
function differentLine(what: string, expected: string, actual: string): string[] {
  if (expected === actual) return [];
  const wanted = expected.split("\n");
  const lines = actual.split("\n");
  const at = wanted.findIndex((line, i) => line !== lines[i]);
  const line = at < 0 ? wanted.length : at;
  const shown = (text?: string) => JSON.stringify(text?.slice(0, 300)) ?? "missing";
  return [`${what} line ${line + 1} is ${shown(lines[line])}, natively ${shown(wanted[line])}`];
}

/** Describes how two outcomes differ, or nothing. */
function difference(run: Run, expected: Outcome, actual: Outcome): string | undefined {
  const parts = [
    ...expected.status !== actual.status ? [`status ${actual.status}, natively ${expected.status}`] : [],
    ...run.stdout === "any" ? [] : differentLine("stdout", expected.stdout, actual.stdout),
    ...differentLine("folder", expected.tree ?? "", actual.tree ?? ""),
  ];
  if (parts.length === 0) return undefined;
  const said = (actual.stderr ?? "").split("\n").filter((line) => line !== "").slice(0, 5);
  return parts.join("; ") + said.map((line) => `\n    ${line}`).join("");
}

/** Runs `work` on every item, a few at a time. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

type Expectations = Map<string, Outcome>;

async function nativeOutcomes(runs: readonly Run[]): Promise<Expectations> {
  const found: Expectations = new Map();
  await inParallel(runs, async (run) => void found.set(run.name, await natively(run)));
  return found;
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === "object" && value !== null && "stdout" in value && "status" in value;
}

function recordedOutcomes(): Expectations {
  const data: unknown = JSON.parse(Deno.readTextFileSync(RECORD));
  const entries = Object.entries(data ?? {});
  return new Map(entries.filter((entry): entry is [string, Outcome] => isOutcome(entry[1])));
}

/** Writes what the guests do on Linux, for machines without it. */
export async function record(runs: readonly Run[]): Promise<void> {
  const found = await nativeOutcomes(runs);
  const kept = [...found].map(([name, { stdout, status, tree }]) => [name, { stdout, status, tree }]);
  Deno.writeTextFileSync(RECORD, JSON.stringify(Object.fromEntries(kept), undefined, 1));
  console.log(`${found.size} outcomes recorded`);
}

interface Job {
  readonly run: Run;
  readonly engine: string;
}

/** What is wrong with a run under atratus; an empty text when nothing is. */
interface Verdict {
  readonly problem: string;
  /** The machine's load may be to blame: it printed something else, or came to no end, but nothing has crashed. */
  readonly forgivable: boolean;
}

async function judge({ run, engine }: Job, wanted: Outcome | undefined): Promise<Verdict> {
  if (wanted === undefined) return { problem: "no outcome was recorded for it", forgivable: false };
  const actual = await underAtratus(run, engine);
  const crashed = actual.status >= SIGNALS && actual.status !== wanted.status || actual.status === STATUS_BUG;
  return { problem: difference(run, wanted, actual) ?? "", forgivable: !crashed };
}

/** 128 and a signal's number, as a shell says it; and atratus's own word for a bug of its own. */
const SIGNALS = 129;
const STATUS_BUG = 70;
/** So many runs of a suite may need a second attempt. */
const MAX_UNSTEADY = 3;

/**
 * Runs all under each engine, and says of each whether it did what it does natively. Those that the load of a parallel
 * run may have disturbed get a second attempt, alone; what then passes is told as unsteady.
 */
export async function compareAll(all: readonly Run[], engines: readonly string[]): Promise<Tally> {
  const runs = all.filter(({ program, compat }) => canRun(program) && (!compat || runs32Bit()));
  const skipped = all.length - runs.length;
  if (skipped > 0) console.log(`${skipped} runs skipped: this machine runs no 32-bit programs`);
  const expected = onLinux ? await nativeOutcomes(runs) : recordedOutcomes();
  const jobs = engines.flatMap((engine) =>
    runs.filter((run) => run.engines?.includes(engine) ?? true).map((run) => ({ run, engine }))
  );
  const failures: string[] = [], disturbed: Job[] = [], unsteady: string[] = [];
  let passed = 0;
  const take = (job: Job, { problem, forgivable }: Verdict, first: boolean, seconds: string) => {
    const name = `${job.run.name} [${job.engine}]`;
    const again = first && problem !== "" && forgivable;
    if (problem === "") passed++;
    else if (again) disturbed.push(job);
    else failures.push(`${name}: ${problem}`);
    const verdict = problem === "" ? "ok" : again ? `to be run again: ${problem}` : `FAILED: ${problem}`;
    console.log(`${name} ... ${verdict} (${seconds}s)`);
  };
  const attempt = async (job: Job, wanted: Outcome | undefined, first: boolean) => {
    const started = performance.now();
    const verdict = await judge(job, wanted);
    take(job, verdict, first, ((performance.now() - started) / 1000).toFixed(1));
    return verdict.problem === "";
  };
  await inParallel(jobs, async (job) => void await attempt(job, expected.get(job.run.name), true));
  for (const job of disturbed) {
    const wanted = onLinux ? await natively(job.run) : expected.get(job.run.name);
    if (await attempt(job, wanted, false)) unsteady.push(`${job.run.name} [${job.engine}]`);
  }
  if (unsteady.length > MAX_UNSTEADY) {
    failures.push(`${unsteady.length} runs passed only at the second attempt`);
  }
  return { passed, failures, skipped, unsteady };
}
