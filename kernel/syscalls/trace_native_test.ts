/**
 * `--trace` against the real strace. A program runs natively twice, once under `strace -e raw=all`, which gives the
 * arguments as numbers, and once under plain `strace`, which gives the text. Our text of those numbers must be the
 * same, except for what lies in the program's memory (strings, structs, arrays).
 */
import { type Abi, I386, X86_64 } from "../abi/abi.ts";
import { Errno } from "../abi/errno.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeTask } from "../testing/fake_task.ts";
import { fetchArguments } from "./dispatch.ts";
import type { CompiledTable } from "./table.ts";
import { i386 } from "./table_i386.ts";
import { x86_64 } from "./table_x86_64.ts";

const SOURCE = new URL("../testing/trace_calls.c", import.meta.url).pathname;

/** Calls whose text or order is not the program's doing, or that strace 6.1 cannot print in full. */
const SKIPPED = new Set(["execve", "brk", "rseq", "set_thread_area", "membarrier", "clock_nanosleep"]);

/** Calls whose result differs from run to run. */
const VARYING = new Set(["set_tid_address", "times", "time"]);

interface Line {
  readonly name: string;
  readonly args: readonly string[];
  readonly result: string;
}

for (const abi of [X86_64, I386]) {
  Deno.test({ name: `trace agrees with strace on ${abi.name}`, ignore: !await available(abi) }, async () => {
    await using folder = await temporaryFolder();
    const program = `${folder.path}/calls`;
    await run(folder.path, "gcc", `-m${abi.bits}`, "-w", "-static", "-o", program, SOURCE);
    const raw = await traced(folder.path, program, "-e", "raw=all");
    const text = await traced(folder.path, program);
    assertEquals(raw.map((line) => line.name), text.map((line) => line.name));
    const differences: string[] = [];
    let compared = 0;
    raw.forEach((line, i) => compared += compare(abi, line, text[i]!, differences));
    assertEquals(differences.join("\n"), "");
    assert(compared > 250, `only ${compared} arguments were compared`);
  });
}

/** How many arguments could be compared; adds what differs. */
function compare(abi: Abi, raw: Line, expected: Line, differences: string[]): number {
  const table: CompiledTable = abi.bits === 64 ? x86_64 : i386;
  const number = table.rows.findIndex((row) => row?.name === raw.name);
  if (SKIPPED.has(raw.name) || number < 0) return 0;
  const fake = new FakeTask(abi, true);
  raw.args.forEach((arg, i) => {
    const register = abi.argumentRegisters[i];
    if (register !== undefined) fake.registers.setBig(register, BigInt(arg));
  });
  const tracer = fake.kernel.tracer!;
  const call = tracer.enter(
    fake.task,
    table.rows[number],
    number,
    fetchArguments(table, number, fake.registers),
  );
  const failed = /^-1 (\w+)/.exec(raw.result);
  const errno = failed === null ? undefined : errnoNamed(failed[1]!);
  if (call !== undefined) tracer.leave(call, errno ?? Number(raw.result.split(" ")[0]!));
  const ours = parse(fake.trace[0]!);
  const same = ours.args.length === expected.args.length &&
    expected.args.every((arg, i) => inMemory(arg) || arg === ours.args[i]);
  const result = VARYING.has(raw.name) || ours.result === expected.result;
  if (!same || !result) {
    differences.push(
      `${abi.name}: ${raw.name}(${raw.args.join(", ")})\n  ours:   ${show(ours)}\n  strace: ${
        show(expected)
      }`,
    );
  }
  return expected.args.filter((arg) => !inMemory(arg)).length;
}

function show(line: Line): string {
  return `${line.name}(${line.args.join(", ")}) = ${line.result}`;
}

/** Strings, structs, arrays and what is counted in them. */
function inMemory(arg: string): boolean {
  return /^[{["~]|\/\* \d+ entr/.test(arg);
}

function errnoNamed(name: string): Errno {
  for (let number = 1; number < 600; number++) {
    const errno = Errno.of(number);
    if (errno?.name === name) return errno;
  }
  throw new Error(`no errno ${name}`);
}

async function traced(folder: string, program: string, ...options: readonly string[]): Promise<Line[]> {
  const output = `${folder}/trace`;
  // setarch -R: the same addresses in both runs
  await run(folder, "setarch", "-R", "strace", "-o", output, ...options, program);
  const lines = (await Deno.readTextFile(output)).split("\n");
  return lines.filter((line) => /^\w+\(/.test(line)).map(parse);
}

/** Splits `name(a, {b, c}) = result`. */
function parse(line: string): Line {
  const open = line.indexOf("(");
  const args: string[] = [];
  let depth = 0, quoted = false, start = open + 1, at = start;
  for (; at < line.length; at++) {
    const c = line[at]!;
    if (c === '"' && line[at - 1] !== "\\") quoted = !quoted;
    if (quoted) continue;
    if (c === ")" && depth === 0) break;
    if ("([{".includes(c)) depth++;
    if (")]}".includes(c)) depth--;
    if (c !== "," || depth > 0) continue;
    args.push(line.slice(start, at).trim());
    start = at + 1;
  }
  const last = line.slice(start, at).trim();
  if (last !== "" || args.length > 0) args.push(last);
  return { name: line.slice(0, open), args, result: line.slice(at + 1).trim().replace(/^= /, "") };
}

async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function available(abi: Abi): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  await using folder = await temporaryFolder();
  try {
    await Deno.writeTextFile(`${folder.path}/t.c`, "int main(void) { return 3; }");
    await run(folder.path, "gcc", `-m${abi.bits}`, "-static", "-o", `${folder.path}/t`, `${folder.path}/t.c`);
    const lines = await traced(folder.path, `${folder.path}/t`);
    return lines.some((line) => line.name === "exit_group");
  } catch {
    return false; // no gcc for the ABI, no strace, or no permission to trace
  }
}

async function run(cwd: string, command: string, ...args: readonly string[]): Promise<void> {
  const done = await new Deno.Command(command, { args: [...args], cwd, stdout: "null", stderr: "piped" })
    .output();
  const error = new TextDecoder().decode(done.stderr);
  if (!done.success && done.code !== 3) throw new Error(`${command} ended with ${done.code}: ${error}`);
}
