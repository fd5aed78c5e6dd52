import { S_IFREG } from "../../kernel/abi/stat.ts";
import { HostStat } from "../../kernel/host_files.ts";
import { assertEquals } from "../../loader/elf/testing/assert.ts";
import { ListingCache } from "./listing_cache.ts";

const NOW = 1_700_000_000;
const ENTRIES = [{ name: "a", type: S_IFREG, ino: 7 }];

function directory(change: Partial<HostStat> = {}): HostStat {
  return Object.assign(new HostStat(), { btime: NOW - 900, ctime: NOW - 100, mtime: NOW - 100 }, change);
}

Deno.test("a directory's list is known for as long as its times stay", () => {
  const cache = new ListingCache();
  cache.keep("dir", directory(), ENTRIES, NOW);
  assertEquals(cache.take("dir", directory({ atime: NOW })), ENTRIES);
  assertEquals(cache.take("dir", directory()), ENTRIES);
  assertEquals(cache.take("other", directory()), undefined);
  const changes: Partial<HostStat>[] = [
    { ctimeNsec: 100 },
    { ctime: NOW - 99 },
    { mtimeNsec: 100 },
    { mtime: NOW - 200 },
    { btime: NOW - 800 },
  ];
  for (const change of changes) {
    cache.keep("dir", directory(), ENTRIES, NOW);
    assertEquals(cache.take("dir", directory(change)), undefined);
    assertEquals(cache.take("dir", directory()), undefined);
  }
});

Deno.test("a directory that has just changed is not taken for known: it may change again within a tick", () => {
  const cache = new ListingCache();
  for (const recent of [{ ctime: NOW - 2 }, { mtime: NOW - 2 }, { mtime: NOW + 60 }]) {
    cache.keep("dir", directory(recent), ENTRIES, NOW);
    assertEquals(cache.take("dir", directory(recent)), undefined);
  }
});

Deno.test("of many directories those that were used last are known", () => {
  const cache = new ListingCache();
  const many = Array.from({ length: 4088 }, (_, ino) => ({ name: `${ino}`, type: S_IFREG, ino }));
  cache.keep("first", directory(), many, NOW);
  for (let i = 1; i < 16; i++) {
    cache.keep(`dir ${i}`, directory(), many, NOW);
    cache.keep(`dir ${i}`, directory(), many, NOW); // counts once
  }
  assertEquals(cache.take("first", directory()), many);
  cache.keep("one more", directory(), ENTRIES, NOW);
  assertEquals(cache.take("dir 1", directory()), undefined);
  for (const path of ["first", "dir 2", "dir 15"]) assertEquals(cache.take(path, directory()), many);
  assertEquals(cache.take("one more", directory()), ENTRIES);
});
