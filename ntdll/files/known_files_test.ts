import { S_IFDIR, S_IFREG } from "../../kernel/abi/stat.ts";
import { HostStat } from "../../kernel/host_files.ts";
import { assertEquals } from "../../loader/elf/testing/assert.ts";
import { type Details, KnownFiles } from "./known_files.ts";

function file(ino: number, change: Partial<Details> = {}): Details {
  return { stamp: new HostStat(), type: S_IFREG, ino, nlink: 1, lx: {}, target: undefined, ...change };
}

/** Which of some paths are known. */
function known(files: KnownFiles, ...paths: string[]): string {
  return paths.filter((path) => files.find(path, new HostStat()) !== undefined).join(" ");
}

Deno.test("a file is known for as long as its change and creation times stay", () => {
  const files = new KnownFiles();
  files.remember("a", file(1));
  assertEquals(files.find("a", Object.assign(new HostStat(), { atime: 5, mtime: 5 }))?.ino, 1);
  for (const change of [{ ctime: 1 }, { ctimeNsec: 100 }, { btime: 1 }, { btimeNsec: 100 }]) {
    assertEquals(files.find("a", Object.assign(new HostStat(), change)), undefined);
  }
  assertEquals(files.find("b", new HostStat()), undefined);
});

Deno.test("what changes a file of several names is not taken for unchanged under any of them", () => {
  const files = new KnownFiles();
  const all = ["one", "other", "alone", "folder"];
  const setUp = () => {
    files.remember("one", file(1, { nlink: 2 }));
    files.remember("other", file(1, { nlink: 2 }));
    files.remember("alone", file(2));
    files.remember("folder", file(3, { nlink: 2, type: S_IFDIR }));
    assertEquals(known(files, ...all), "one other alone folder");
  };
  setUp();
  files.changed("one");
  assertEquals(known(files, ...all), "alone folder");
  setUp();
  files.changed("a third name, of which nothing is known");
  assertEquals(known(files, ...all), "alone folder");
  setUp();
  files.changed("alone");
  assertEquals(known(files, ...all), "one other folder");
  setUp();
  files.forget("one");
  assertEquals(known(files, ...all), "other alone folder");
  files.remember("other", file(1)); // the only name that is left
  files.changed("one");
  assertEquals(known(files, ...all), "other alone folder");
});
