/**
 * Runs the suites and ends with one line, `N passed, N failed`, for all of them together.
 *
 *   scripts/test.sh [--ci] [--filter=TEXT] [checks] [unit] [windows] [build] [guests] [busybox] [scripts] [debian]
 *
 * Without names: all but checks and build; --ci: all. After build the suites use the built atratus.exe. `--filter` is
 * for names of unit tests, guests or jobs.
 */
import { canRun, runs32Bit } from "../tests/capability.ts";
import type { Tally } from "../tests/compare.ts";
import { nativePath } from "../tests/outcome.ts";
import { runBusybox, runDebian, runGuests, runScripts } from "../tests/run_guests.ts";
import { checkProject } from "./check_deps.ts";
import { supportPageHolds } from "./support_page.ts";

const ROOT = new URL("../", import.meta.url);
const onWindows = Deno.build.os === "windows";
const MINUTE_MS = 60_000;

/** Folders with tests, and files whose tests need Windows: everything of ntdll/, and `*_windows_test.ts`. */
const TEST_FOLDERS = ["kernel", "loader", "ntdll", "scripts", "tests"];
const NEEDS_WINDOWS = /^ntdll\/|_windows_test\.ts$/;

/** deno.exe with its arguments: under Wine, or the one that runs this. */
function windowsDeno(...args: string[]): string[] {
  return onWindows ? [Deno.execPath(), ...args] : [script("wine.sh"), "deno", ...args];
}

function script(name: string): string {
  return new URL(`scripts/${name}`, ROOT).pathname;
}

interface Ended {
  readonly success: boolean;
  readonly stdout: string;
}

/** Runs a command, its output shown as it comes and kept as well. */
async function run(command: string[], cwd: URL | string, minutes: number): Promise<Ended> {
  const [program = "", ...args] = command;
  const signal = AbortSignal.timeout(minutes * MINUTE_MS);
  const env = { NO_COLOR: "1", RUST_BACKTRACE: "0" };
  const child = new Deno.Command(program, { args, cwd, env, stdin: "null", stdout: "piped", signal }).spawn();
  let stdout = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += text;
    Deno.stdout.writeSync(new TextEncoder().encode(text));
  }
  const { success } = await child.status;
  if (signal.aborted) console.log(`${program}: no end after ${minutes} minutes`);
  return { success, stdout };
}

/** A single check: it holds or not. */
function verdict(name: string, holds: boolean): Tally {
  console.log(`${name} ... ${holds ? "ok" : "FAILED"}`);
  return holds ? { passed: 1, failures: [], skipped: 0 } : { passed: 0, failures: [name], skipped: 0 };
}

function sum(tallies: readonly Tally[]): Required<Tally> {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failures: tallies.flatMap(({ failures }) => failures),
    unsteady: tallies.flatMap(({ unsteady }) => unsteady ?? []),
    skipped: tallies.reduce((total, { skipped }) => total + skipped, 0),
  };
}

function* testFiles(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(`${folder}/`, ROOT))) {
    if (isDirectory) yield* testFiles(`${folder}/${name}`);
    else if (name.endsWith("_test.ts")) yield `${folder}/${name}`;
  }
}

/** Runs `deno test` on files and adds up what it says. Types are for the checks. */
async function denoTest(command: string[], files: string[], filter: string): Promise<Tally> {
  if (files.length === 0) return { passed: 0, failures: [], skipped: 0 };
  const filters = filter === "" ? [] : [`--filter=${filter}`];
  const { success, stdout } = await run([...command, ...filters, ...files], ROOT, 15);
  // One summary per run: `ok | 12 passed (3 steps) | 0 failed (5ms)`. Failed tests are named above it, where they are.
  const passed = Number(/^(?:ok|FAILED) \| (\d+) passed/m.exec(stdout)?.[1] ?? 0);
  const failures = [...stdout.matchAll(/^(.+ => .+:\d+:\d+)$/gm)].map(([, name = ""]) => name);
  // It may also fail without a failed test: a module that does not load, a crash, a leak.
  if (!success && failures.length === 0) {
    failures.push(`deno test, without a failed test${lastBegun(stdout)}`);
  }
  const skipped = Number(/ \| (\d+) ignored/.exec(stdout)?.[1] ?? 0);
  return { passed, failures: [...new Set(failures)], skipped };
}

/** In which test a run was cut off: its name stands last, without a result. */
function lastBegun(stdout: string): string {
  const name = /\n(.+) \.\.\.\s*$/.exec(stdout)?.[1];
  return name === undefined ? "" : `; the last to begin was "${name}"`;
}

async function checks(): Promise<Tally> {
  const deno = async (...args: string[]) =>
    verdict(`deno ${args.join(" ")}`, (await run([Deno.execPath(), ...args], ROOT, 10)).success);
  const violations = checkProject(ROOT);
  for (const { file, line, what } of violations) console.log(`${file}:${line} ${what}`);
  return sum([
    await deno("fmt", "--check", "--quiet"),
    await deno("lint", "--quiet"),
    await deno("check", "--quiet", "."),
    verdict("scripts/check_deps.ts", violations.length === 0),
    verdict("kernel/syscalls/SUPPORT.md is what scripts/support_page.ts writes", supportPageHolds()),
  ]);
}

function unit(filter: string): Promise<Tally> {
  const files = TEST_FOLDERS.flatMap((folder) => [...testFiles(folder)]).sort();
  const command = [Deno.execPath(), "test", "-A", "--no-check", "--quiet"];
  return denoTest(command, files.filter((file) => !NEEDS_WINDOWS.test(file)), filter);
}

function windows(filter: string): Promise<Tally> {
  const files = TEST_FOLDERS.flatMap((folder) => [...testFiles(folder)]).sort();
  const command = windowsDeno(
    "test",
    "-A",
    "--no-check",
    "--cached-only",
    "--quiet",
    "--v8-flags=--expose-gc",
  );
  return denoTest(command, files.filter((file) => NEEDS_WINDOWS.test(file)), filter);
}

/** Builds atratus.exe, and runs it alone in an empty folder. The suites that follow use it: it starts faster. */
async function build(): Promise<Tally> {
  const built = await run([Deno.execPath(), "task", "--quiet", "build"], ROOT, 10);
  if (built.success) Deno.env.set("ATRATUS_EXE", nativePath(new URL("dist/atratus.exe", ROOT)));
  const tallies = [verdict("deno task build", built.success)];
  for (const guest of built.success ? ["hw", "hw.i386"].filter(canRun) : []) {
    const folder = Deno.makeTempDirSync({ prefix: "atratus-build-" });
    try {
      Deno.copyFileSync(new URL("dist/atratus.exe", ROOT), `${folder}/atratus.exe`);
      Deno.copyFileSync(new URL(`tests/static/${guest}`, ROOT), `${folder}/${guest}`);
      const exe = onWindows ? [`${folder}/atratus.exe`] : [script("wine.sh"), `${folder}/atratus.exe`];
      const { success, stdout } = await run([...exe, guest], folder, 2);
      tallies.push(verdict(`dist/atratus.exe ${guest}`, success && stdout === "hello world\n"));
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  }
  return sum(tallies);
}

type Suite = (filter: string) => Promise<Tally>;
const SUITES = new Map<string, Suite>([
  ["checks", checks],
  ["unit", unit],
  ["windows", windows],
  ["build", build],
  ["guests", runGuests],
  ["busybox", runBusybox],
  ["scripts", runScripts],
  ["debian", runDebian],
]);
const USUAL = ["unit", "windows", "guests", "busybox", "scripts", "debian"];

function chosenSuites(args: readonly string[]): string[] {
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = names.find((name) => !SUITES.has(name));
  if (unknown !== undefined) {
    throw new Error(`Cannot run suite "${unknown}": it is none of ${[...SUITES.keys()]}`);
  }
  if (names.length > 0) return names;
  return args.includes("--ci") ? [...SUITES.keys()] : USUAL;
}

const filter = Deno.args.find((arg) => arg.startsWith("--filter="))?.slice("--filter=".length) ?? "";
const tallies: Tally[] = [];
for (const name of chosenSuites(Deno.args)) {
  const started = performance.now();
  console.log(`\n--- ${name}`);
  try {
    const tally = await SUITES.get(name)?.(filter) ?? verdict(name, false);
    tallies.push(tally);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`--- ${name}: ${tally.passed} good, ${tally.failures.length} bad, ${seconds} s`);
  } catch (error) {
    console.error(error);
    tallies.push(verdict(name, false));
  }
}
const { passed, failures, skipped, unsteady } = sum(tallies);
if (failures.length > 0) console.log(`\nWhat failed, once more:\n${failures.join("\n")}`);
if (unsteady.length > 0) console.log(`\nWhat passed only when run again, alone:\n${unsteady.join("\n")}`);
if (!runs32Bit()) console.log("\nThis machine runs no 32-bit programs: what needs one was skipped");
// Alone on its line, and the last: CI reads it.
console.log(`\n${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
Deno.exit(failures.length > 0 ? 1 : 0);
