/** One run of one program: what it says about itself, or how long its first byte takes. */
import type { Launcher } from "./commands.ts";

/** A run that takes longer has failed. */
const TIME_LIMIT_MS = 30_000;

/** `name   123.4 ns/op`, as the programs print. */
export function parseLines(text: string): Map<string, number> {
  const lines = [...text.matchAll(/^(\S+)\s+([\d.]+) ns\/op$/gm)];
  return new Map(lines.map(([, name = "", value]) => [name, Number(value)]));
}

/** Runs a program that times itself. Nanoseconds by the name it prints. Throws when it fails. */
export async function measureItself(
  launcher: Launcher,
  program: string,
  options: readonly string[],
): Promise<Map<string, number>> {
  return (await runProgram(launcher, program, options)).values;
}

export interface ProgramRun {
  /** Nanoseconds by name. */
  readonly values: Map<string, number>;
  readonly stderr: string;
}

/** Runs a copy of such a program in a folder of its own: it may run itself by its name. Throws when it fails. */
export async function runProgram(
  launcher: Launcher,
  program: string,
  options: readonly string[],
): Promise<ProgramRun> {
  const folder = Deno.makeTempDirSync({ prefix: "atratus-bench-" });
  try {
    Deno.copyFileSync(program, `${folder}/program`);
    const args = [launcher.command.length === 0 ? `${folder}/program` : "./program", ...options];
    const { stdout, stderr } = await runToEnd(launcher, args, folder);
    const values = parseLines(stdout);
    if (values.size === 0) throw new Error("it printed no result");
    return { values, stderr };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** What a command in that folder prints. Throws when it fails. */
export async function runToEnd(
  launcher: Launcher,
  args: readonly string[],
  folder: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  const { code, stdout, stderr } = await command(launcher, args, folder, signal).output();
  if (signal.aborted) throw new Error(`no end after ${TIME_LIMIT_MS / 1000} s`);
  const decoder = new TextDecoder(), said = decoder.decode(stderr);
  const [reason] = said.trim().split("\n");
  if (code !== 0) throw new Error(`status ${code}${reason ? `: ${reason}` : ""}`);
  return { stdout: decoder.decode(stdout), stderr: said };
}

/** Nanoseconds from the start to the first byte of output, or to its end when there is none. */
export async function measureStart(launcher: Launcher, args: readonly string[]): Promise<number> {
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  const started = performance.now();
  const child = command(launcher, args, undefined, signal).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const took = performance.now() - started;
  await reader.cancel();
  await child.stderr.cancel();
  const { code } = await child.status;
  if (code !== 0) throw new Error(`status ${code}`);
  return took * 1e6;
}

function command(launcher: Launcher, args: readonly string[], cwd: string | undefined, signal: AbortSignal) {
  const [program = "", ...rest] = [...launcher.command, ...args];
  return new Deno.Command(program, {
    args: rest,
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...launcher.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  });
}
