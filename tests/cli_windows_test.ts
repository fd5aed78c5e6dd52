/** The command line as its users see it: messages, statuses, options, and what is left when it is killed. */
import { assert, assertEquals } from "../kernel/testing/assert.ts";
import { canRun } from "./capability.ts";
import { killProcess, listProcesses, type ProcessEntry } from "../ntdll/testing/processes.ts";

const ROOT = new URL("../", import.meta.url);
const MAIN = new URL("main.ts", ROOT).href;

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function command(words: readonly string[], stdin: "null" | "piped"): Deno.Command {
  const args = ["run", "-A", "--no-check", MAIN, ...words];
  return new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin, stdout: "piped", stderr: "piped" });
}

async function atratus(...words: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await command(words, "null").output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { status: code, stdout: text(stdout), stderr: text(stderr) };
}

/** Asserts that the program is refused with exactly one line. */
async function refused(program: string, status: number, reason: string): Promise<void> {
  const ended = await atratus(program);
  assertEquals(ended, { status, stdout: "", stderr: `atratus: ${program}: ${reason}\n` });
}

Deno.test("atratus without a program says how it is used, status 2", async () => {
  const { status, stdout, stderr } = await atratus();
  assertEquals([status, stdout], [2, ""]);
  assert(/^usage: atratus prog .*\n$/.test(stderr), stderr);
});

Deno.test("atratus takes Windows and POSIX paths for the program", async () => {
  for (const path of ["tests/static/hw", "tests\\static\\hw", "./tests/static/hw.i386"].filter(canRun)) {
    assertEquals(await atratus(path), { status: 0, stdout: "hello world\n", stderr: "" });
  }
});

Deno.test("atratus refuses what is not there, status 127", async () => {
  await refused("tests/static/no-such-program", 127, "was not found");
  await refused("tests/static/hw/x", 127, "was not found: part of its path is not a directory");
});

Deno.test("atratus refuses what is no program, status 126", async () => {
  await refused("tests/static", 126, "is a directory");
  await refused("deno.json", 126, "is a text file without a #! line");
});

Deno.test({
  name: "atratus refuses a 32-bit program where the machine runs none, status 126",
  ignore: canRun("hw.i386"),
  fn: () =>
    refused(
      "tests/static/hw.i386",
      126,
      "is a 32-bit program, and this machine runs none (atratus doctor tells more)",
    ),
});

Deno.test("atratus refuses damaged and foreign programs with one line, status 126", async () => {
  const hw = await Deno.readFile(new URL("tests/static/hw", ROOT));
  const folder = await Deno.makeTempDir({ dir: "." });
  const cases: [string, (bytes: Uint8Array) => Uint8Array, string][] = [
    ["empty", () => new Uint8Array(0), "is empty"],
    ["pe", () => new TextEncoder().encode("MZ" + "\0".repeat(200)), "is a DOS program"],
    ["truncated", (b) => b.subarray(0, 100), "is truncated"],
    ["arm64", (b) => with16(b, 18, 183), "is an ELF file for ARM64"],
    ["bigendian", (b) => with8(b, 5, 2), "is a big-endian ELF file"],
    ["wrongclass", (b) => with8(b, 4, 1), ""],
  ];
  try {
    for (const [name, change, reason] of cases) {
      const path = `${folder}/${name}`;
      await Deno.writeFile(path, change(hw.slice()));
      const { status, stdout, stderr } = await atratus(path);
      assertEquals([name, status, stdout], [name, 126, ""]);
      assert(stderr.startsWith(`atratus: ${path}: ${reason}`), stderr);
      assertEquals(stderr.split("\n").length, 2);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("atratus --trace prints the calls as strace does", async () => {
  const { status, stdout, stderr } = await atratus("--trace", "tests/static/hw");
  assertEquals([status, stdout], [0, "hello world\n"]);
  const lines = stderr.trimEnd().split("\n").map((line) => line.replace(/ +=/, " ="));
  assert(
    /^execve\("tests\/static\/hw", \["tests\/static\/hw"\], 0x[0-9a-f]+ \/\* \d+ vars \*\/\) = 0$/.test(
      lines[0]!,
    ),
  );
  assertEquals(lines.slice(1), [
    'write(1, "hello world\\n", 12) = 12',
    "exit_group(0) = ?",
    "+++ exited with 0 +++",
  ]);
});

Deno.test("atratus --trace=FILE writes the trace there", async () => {
  const file = await Deno.makeTempFile();
  const { stderr } = await atratus(`--trace=${file}`, "tests/static/hw");
  assertEquals(stderr, "");
  assert((await Deno.readTextFile(file)).endsWith("+++ exited with 0 +++\n"));
});

Deno.test("atratus --env and --chdir reach the program", async () => {
  const { stdout } = await atratus("--env", "TEST_ONE=1", "--env=TEST_TWO=2 3", "tests/static/args");
  assert(stdout.includes("TEST_ONE=1\n") && stdout.includes("TEST_TWO=2 3\n"), stdout);
  const folder = await Deno.makeTempDir({ dir: "." });
  await Deno.writeTextFile(`${folder}/only-here`, "");
  const listed = await atratus("--chdir", folder, "tests/static/dir");
  await Deno.remove(folder, { recursive: true });
  assert(listed.stdout.includes("only-here"), listed.stdout + listed.stderr);
});

Deno.test("atratus reports a crash with the registers, the code and the memory map, status 139", async () => {
  const { status, stderr } = await atratus("tests/static/null");
  assertEquals(status, 139);
  assert(/was ended by SIGSEGV: it could not (read|write) memory at 0x0\n/.test(stderr), stderr);
  for (const part of ["rip", "code at 0x", "[stack]", "r-xp"]) assert(stderr.includes(part), stderr);
});

Deno.test("a container killed from outside is the program's death by SIGKILL, status 137", async () => {
  for (const program of ["tests/static/cat", "tests/static/cat.i386"].filter(canRun)) {
    assertEquals([program, ...await killedFromOutside(program)], [program, 137, true]);
  }
});

Deno.test("so it is when it computes, and has grown its heap by itself", async () => {
  assertEquals(await killedFromOutside("tests/guest/heap_grown", "and", "compute"), [137, true]);
});

/** Ends the container of a program that has shown that it runs, by a line it copies or one of its own. */
async function killedFromOutside(...words: string[]): Promise<[status: number, isTold: boolean]> {
  const child = command(words, "piped").spawn();
  const writer = child.stdin.getWriter(), reader = child.stdout.getReader();
  await writer.write(new TextEncoder().encode("a line\n"));
  await reader.read();
  for (const { id } of containersOf(child.pid)) killProcess(id);
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  await writer.close();
  await reader.cancel();
  return [code, stderr.includes("was ended by SIGKILL")];
}

function containersOf(pid: number): ProcessEntry[] {
  return listProcesses().filter(({ parent, file }) => parent === pid && file.startsWith("container"));
}

Deno.test("killing atratus leaves no container behind", async () => {
  const child = command(["tests/static/cat"], "piped").spawn(); // waits for input
  try {
    await until("a container of its own", () => containersOf(child.pid).length > 0);
    const ids = new Set(containersOf(child.pid).map(({ id }) => id));
    child.kill("SIGKILL");
    await until("the end of its containers", () => !listProcesses().some((p) => ids.has(p.id)));
  } finally {
    await child.stdin.close();
    await child.output();
  }
});

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

function with8(bytes: Uint8Array, at: number, value: number): Uint8Array {
  bytes[at] = value;
  return bytes;
}

function with16(bytes: Uint8Array, at: number, value: number): Uint8Array {
  new DataView(bytes.buffer).setUint16(at, value, true);
  return bytes;
}
