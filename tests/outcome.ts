/**
 * Runs guests natively and under atratus, and compares what comes of it.
 *
 * Windows has no native run: there the outcomes that `--record` wrote on Linux count.
 */
import { canRun, runs32Bit } from "./capability.ts";
import { fileTree } from "./file_tree.ts";

/** How a suite went: how many passed, what failed, a text each, and how many this machine cannot run. */
export interface Tally {
  passed: number;
  readonly failures: string[];
  readonly skipped: number;
  /** What passed only when it was run again alone: told, and few are forgiven. */
  readonly unsteady?: readonly string[];
}

export interface Outcome {
  readonly stdout: string;
  /** As a shell says it: 128 and the signal's number for death by signal. */
  readonly status: number;
  /** The folder afterwards, where that is compared. */
  readonly tree?: string;
  /** Not compared; shown when a run fails. */
  readonly stderr?: string;
}

/** One run of a guest in a folder of its own. */
export interface Run {
  /** Unique among all suites: outcomes are recorded under it. */
  readonly name: string;
  /** The program, as seen from the folder or absolute. */
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin?: string | Uint8Array<ArrayBuffer>;
  readonly env?: Readonly<Record<string, string>>;
  /** What stdout is compared as; "any" not at all. */
  readonly stdout?: "same" | "any";
  /** The engines it runs under, of those that are asked for; all unless said otherwise. */
  readonly engines?: readonly string[];
  /** Options of atratus. */
  readonly options?: readonly string[];
  /** The folder that is `/`, on Linux; the run's own folder is made in its tmp/. */
  readonly root?: string;
  /** Compares the folder afterwards as well; "modes" with permissions. */
  readonly tree?: "contents" | "modes";
  /** It makes 32-bit system calls, which a kernel without 32-bit programs does not know. */
  readonly compat?: boolean;
  /** Fills the folder beforehand. */
  prepare(folder: string): void;
}

const TESTS = new URL("./", import.meta.url);
const RECORD = new URL("static/expected.json", TESTS);
const TIME_LIMIT_MS = 60_000;
/** After that a killed run's streams should have ended. */
const GRACE_MS = 10_000;
const PARALLEL = 2;
export const onLinux = Deno.build.os === "linux";

/** The same for both: what a test prints must not depend on the user's. */
const ENVIRONMENT = { PATH: "/usr/bin:/bin", HOME: "/", LC_ALL: "C", TZ: "UTC0" };

/** The path of a file URL as this system spells it. */
export function nativePath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.slice(1).replaceAll("/", "\\") : path;
}

/** A word as a shell would want it, for names of runs. */
export function quoted(word: string): string {
  return /^[\w./:=,+@-]+$/.test(word) ? word : JSON.stringify(word);
}

async function outcome(run: Run, command: string[], env: Record<string, string>): Promise<Outcome> {
  const dir = run.root && `${run.root}/tmp`;
  const folder = Deno.makeTempDirSync({ prefix: "atratus-guest-", ...(dir && { dir }) });
  try {
    run.prepare(folder);
    const ended = await execute(command, folder, env, run.stdin);
    return run.tree ? { ...ended, tree: fileTree(folder, run.tree === "modes") } : ended;
  } finally {
    removeTree(folder);
  }
}

/** A guest may leave what cannot be removed at once, or names that Windows does not take. */
function removeTree(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    console.error(`Cannot remove ${folder}: ${error}`);
  }
}

async function nothingAfter(milliseconds: number): Promise<undefined> {
  await new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, milliseconds)));
}

async function execute(
  command: string[],
  cwd: string,
  env: Record<string, string>,
  input: string | Uint8Array<ArrayBuffer> = "",
): Promise<Outcome> {
  const [program = "", ...args] = command;
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  const child = new Deno.Command(program, {
    args,
    cwd,
    env,
    clearEnv: Object.hasOwn(env, "LC_ALL"),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const writer = child.stdin.getWriter();
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  // A program that does not read its input breaks the pipe.
  const fed = writer.write(bytes).then(() => writer.close()).catch(() => {});
  const output = await Promise.race([child.output(), nothingAfter(TIME_LIMIT_MS + GRACE_MS)]);
  // Somebody it has left behind may hold its streams open.
  if (output === undefined) return { stdout: "(its output did not end)", status: -1 };
  const { code, stdout, stderr } = output;
  await fed;
  const said = new TextDecoder("latin1").decode(stdout);
  if (signal.aborted) return { stdout: `${said}\n(no end after ${TIME_LIMIT_MS / 1000} s)`, status: -1 };
  return { stdout: said, status: code, stderr: new TextDecoder().decode(stderr) };
}

/** The command line of atratus: the compiled one that ATRATUS_EXE names, else from source. */
function atratus(): string[] {
  const script = (name: string) => nativePath(new URL(`../scripts/${name}`, TESTS));
  const exe = Deno.env.get("ATRATUS_EXE");
  if (exe) return onLinux ? [script("wine.sh"), exe] : [exe];
  if (onLinux) return [script("atratus.sh")];
  return [Deno.execPath(), "run", "-A", "--quiet", "--no-check", nativePath(new URL("../main.ts", TESTS))];
}

function underAtratus(run: Run, engine: string): Promise<Outcome> {
  const settings = Object.entries({ ...ENVIRONMENT, ...run.env });
  const env = settings.flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  // Linux's / is Wine's Z:, and what a guest sees as /tmp is another folder.
  const program = onLinux && run.program.startsWith("/") && !run.root ? `Z:${run.program}` : run.program;
  const options = [...run.options ?? [], ...(run.root ? ["--root", `Z:${run.root}`] : [])];
  return outcome(
    run,
    [...atratus(), "--engine", engine, ...options, ...env, program, ...run.args],
    {},
  );
}

function natively(run: Run): Promise<Outcome> {
  const command = [run.program, ...run.args];
  const env = { ...ENVIRONMENT, ...run.env };
  return outcome(run, run.root === undefined ? command : [...inRoot(run.root), ...command], env);
}

/** Starts a command in the working directory, with another root that has this machine's devices and processes. */
function inRoot(root: string): string[] {
  const script = 'mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && here=${PWD#"$0"} && ' +
    'exec /usr/sbin/chroot "$0" /bin/sh -c \'cd "$0" && exec "$@"\' "$here" "$@"';
  return ["unshare", "--map-root-user", "--mount", "sh", "-c", script, root];
}

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
