/** Rewritten code on disk, as users may find it: kept, damaged, shared by two runs, or with nowhere to go. */
import { canRun } from "./capability.ts";
import { assert, assertEquals } from "../kernel/testing/assert.ts";

const ROOT = new URL("../", import.meta.url);
const MAIN = new URL("main.ts", ROOT).href;
const PROGRAMS = ["tests/static/hw", "tests/static/hw_pie", "tests/static/hw.i386"].filter(canRun);

function start(local: string, words: readonly string[]): Promise<Deno.CommandOutput> {
  const args = ["run", "-A", "--no-check", MAIN, ...words];
  // Whoever starts the source says which source it is.
  const env = { LOCALAPPDATA: local, ATRATUS_SOURCES: "test" };
  return new Deno.Command(Deno.execPath(), { args, cwd: ROOT, env, stdin: "null" }).output();
}

/** Runs a program, which has to say its piece and nothing else. */
async function greets(local: string, program: string, ...options: string[]): Promise<void> {
  const { code, stdout, stderr } = await start(local, [...options, program]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals([code, text(stdout), text(stderr)], [0, "hello world\n", ""]);
}

/** Every file of rewritten code with its contents. */
function kept(local: string): Map<string, string> {
  const found = new Map<string, string>();
  const look = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) look(path);
      else if (path.includes("/code/")) found.set(path, Deno.readFileSync(path).toBase64());
    }
  };
  look(local);
  return found;
}

function inFolder(name: string, test: (local: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const local = await Deno.makeTempDir({ prefix: "atratus-cache-" });
    try {
      await test(local);
    } finally {
      await Deno.remove(local, { recursive: true });
    }
  });
}

inFolder(
  "the cache is filled by a run, told of by `cache info`, and emptied by `cache clear`",
  async (local) => {
    await greets(local, PROGRAMS[0]!, "--no-cache");
    assertEquals(kept(local).size, 0);
    await greets(local, PROGRAMS[0]!);
    const { size } = kept(local);
    assert(size > 0, "nothing was kept");
    const info = await start(local, ["cache", "info"]);
    assertEquals(info.code, 0);
    assert(
      new TextDecoder().decode(info.stdout).includes(`${size} `),
      "info does not tell how many there are",
    );
    assertEquals((await start(local, ["cache", "clear"])).code, 0);
    assertEquals(kept(local).size, 0);
  },
);

inFolder("damaged, cut, empty and foreign cache entries are noticed and made again", async (local) => {
  for (const program of PROGRAMS) await greets(local, program);
  const good = kept(local);
  const paths = [...good.keys()];
  const damages: ((bytes: Uint8Array, index: number) => Uint8Array<ArrayBufferLike>)[] = [
    (bytes) => bytes.map((byte, i) => i === bytes.length >> 1 ? byte ^ 1 : byte),
    (bytes) => bytes.subarray(0, bytes.length >> 1),
    () => new Uint8Array(0),
    // Another entry's: that of the other program, or of an older state of this one.
    (_, index) => Uint8Array.fromBase64(good.get(paths[(index + 1) % paths.length]!)!),
  ];
  for (const damage of damages) {
    paths.forEach((path, i) => Deno.writeFileSync(path, damage(Uint8Array.fromBase64(good.get(path)!), i)));
    for (const program of PROGRAMS) await greets(local, program);
    assertEquals(kept(local), good);
  }
});

inFolder("a damaged container program is made again", async (local) => {
  await greets(local, PROGRAMS[0]!);
  for (const { name, isFile } of Deno.readDirSync(`${local}/atratus`)) {
    if (!isFile) continue;
    const path = `${local}/atratus/${name}`, good = Deno.readFileSync(path);
    Deno.writeFileSync(path, good.map((byte) => byte ^ 1));
    await greets(local, PROGRAMS[0]!);
    assertEquals(Deno.readFileSync(path), good);
  }
});

inFolder("two runs at once share a cache that is empty", async (local) => {
  await Promise.all([1, 2, 3].flatMap(() => PROGRAMS.map((program) => greets(local, program))));
  const names = [...kept(local).keys()];
  assertEquals(names.filter((name) => name.endsWith(".part")), []);
  for (const program of PROGRAMS) await greets(local, program);
});

inFolder("a cache that cannot be written to only costs speed", async (local) => {
  // A file where its folder should be: as good as a disk that is full or read-only, on every system.
  await Deno.writeTextFile(`${local}/atratus`, "in the way");
  for (const program of PROGRAMS) await greets(local, program);
  assertEquals(await Deno.readTextFile(`${local}/atratus`), "in the way");
});
