import { assert, assertEquals } from "../kernel/testing/assert.ts";
import { FileGuest } from "../kernel/testing/file_guest.ts";
import { FILE_SCENARIOS } from "../kernel/testing/file_scenarios.ts";
import { openHostFiles } from "../ntdll/files/nt_host_files.ts";
import { Stretch } from "../ntdll/stretch.ts";

/** A fresh folder on the drive of the current directory, and one on C: (under Wine they have different rules). */
function folders(): string[] {
  const here = Deno.makeTempDirSync({ dir: ".", prefix: "atratus-test-" });
  const temporary = Deno.makeTempDirSync({ prefix: "atratus-test-" });
  return [here, temporary];
}

for (const { name, run } of FILE_SCENARIOS) {
  Deno.test(`files on Windows: ${name}`, () => {
    for (const folder of folders()) {
      const host = openHostFiles(new Stretch());
      try {
        const at = host.userPath(folder)!;
        run(new FileGuest(host, `/mnt/${at.drive}/${at.path}`));
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    }
  });
}

Deno.test("a directory that has been listed before is listed as it is now, whoever changed it", async () => {
  const all = folders();
  const host = openHostFiles(new Stretch());
  try {
    for (const folder of all) {
      Deno.mkdirSync(`${folder}/dir`);
      Deno.writeTextFileSync(`${folder}/dir/one`, "");
      Deno.mkdirSync(`${folder}/dir/empty`);
    }
    await new Promise((resolve) => setTimeout(resolve, 3500)); // a list is kept of what has not changed lately
    for (const folder of all) {
      const { drive, path } = host.userPath(folder)!;
      const guest = new FileGuest(host, `/mnt/${drive}/${path}`);
      const holds = (...names: string[]) => assertEquals(guest.list("dir").sort(), [".", "..", ...names]);
      holds("empty", "one");
      holds("empty", "one");
      assertEquals(guest.list("dir/empty").sort(), [".", ".."]);
      Deno.writeTextFileSync(`${folder}/dir/two`, "");
      holds("empty", "one", "two");
      Deno.renameSync(`${folder}/dir/two`, `${folder}/dir/three`);
      holds("empty", "one", "three");
      Deno.removeSync(`${folder}/dir/one`);
      holds("empty", "three");
      Deno.writeTextFileSync(`${folder}/dir/empty/new`, "");
      assertEquals(guest.list("dir/empty").sort(), [".", "..", "new"]);
    }
  } finally {
    for (const folder of all) Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a directory that was asked about is listed as it is, and in nobody's way", () => {
  const all = folders();
  const host = openHostFiles(new Stretch());
  try {
    for (const folder of all) {
      const { drive, path } = host.userPath(folder)!;
      const guest = new FileGuest(host, `/mnt/${drive}/${path}`);
      const holds = (directory: string, ...names: string[]) => {
        assertEquals(guest.list(directory).sort(), [".", "..", ...names], directory);
      };
      Deno.mkdirSync(`${folder}/dir/inner`, { recursive: true });
      for (const name of ["dir", "dir/inner"]) guest.stat(name);
      Deno.writeTextFileSync(`${folder}/dir/inner/one`, "");
      holds("dir/inner", "one");
      guest.stat("dir/inner");
      Deno.renameSync(`${folder}/dir/inner`, `${folder}/dir/moved`);
      Deno.mkdirSync(`${folder}/dir/inner`);
      Deno.writeTextFileSync(`${folder}/dir/inner/two`, "");
      holds("dir/inner", "two");
      holds("dir/moved", "one");
      for (const name of ["dir", "dir/moved"]) guest.stat(name);
      Deno.removeSync(`${folder}/dir/moved`, { recursive: true });
      holds("dir", "inner");
      guest.stat("dir/inner");
      const top = guest.at(".").inode;
      assertEquals(top.rename("dir", top, "other", 0), 0);
      holds("other/inner", "two");
      assertEquals(guest.at("other/inner").inode.unlink("two"), 0);
      guest.stat("other/inner");
      assertEquals(guest.at("other").inode.rmdir("inner"), 0);
      assertEquals(top.rmdir("other"), 0);
      holds(".");
    }
  } finally {
    for (const folder of all) Deno.removeSync(folder, { recursive: true });
  }
});

const COPY = new URL("streams/copy.ts", import.meta.url).href;

/** Runs streams/copy.ts with the pieces of input, one after the other. */
async function copy(...pieces: string[]): Promise<{ stdout: string; stderr: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", COPY],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  for (const piece of pieces) {
    await writer.write(new TextEncoder().encode(piece));
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
  await writer.close();
  const { stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("standard streams: a pipe is read as data comes, byte for byte, to its end", async () => {
  const { stdout, stderr } = await copy("one\r\n", "\u00fc".repeat(3000), "end");
  assertEquals(stdout, "one\r\n" + "\u00fc".repeat(3000) + "end");
  assert(stderr.includes("ENOTTY ENOTTY ENOTTY 0 after"), stderr);
});

Deno.test("standard streams: an empty pipe is at its end at once", async () => {
  assertEquals((await copy()).stdout, "");
});
