import { bytesSource, type ElfImage, LoadError, readElf } from "../../loader/elf/mod.ts";
import type { Bits } from "../host.ts";
import { helloProgram } from "../selftest/programs.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { createEngine } from "./engine.ts";
import { readContents, rewriteContents } from "./rewrite_image.ts";
import { loadCode, saveCode, savedName } from "./saved_code.ts";

const engine = createEngine("gate", {
  threadSlots: () => ({
    threadPointer: 0x1480,
    spill: 0x1488,
    secondSpill: 0x1490,
    channel: 0x1498,
    gateReturn: 0x14a0,
    otherBase: 0x14a8,
    fsSelector: 0x14b0,
    gsSelector: 0x14b8,
    canary: 0x14c0,
  }),
  gateJump: () => new Uint8Array(16).fill(0xcc),
});

function program(bits: Bits): { image: ElfImage; file: Uint8Array } {
  const file = helloProgram(bits, 10);
  const image = readElf(bytesSource(file));
  if (image instanceof LoadError) throw image;
  return { image, file };
}

function saved(bits: Bits) {
  const { image, file } = program(bits);
  const original = readContents(image, bytesSource(file));
  const contents = original.slice();
  const rewritten = rewriteContents(engine, image, bytesSource(file), contents, image.highest);
  return { image, original, rewritten, bytes: saveCode("one", image, rewritten).slice() };
}

Deno.test("loadCode() gives back what saveCode() was given", () => {
  for (const bits of [64, 32] as const) {
    const { image, original, rewritten, bytes } = saved(bits);
    const loaded = loadCode("one", bytes, image, original.slice());
    assert(loaded !== undefined);
    assertEquals({ ...loaded, functions: [] }, { ...rewritten, functions: [] });
    assertEquals(
      loaded.segments.map(({ rewritten: code }) => code.original),
      rewritten.segments.map(({ rewritten: code }) => code.original),
    );
    const [code] = loaded.segments;
    assertEquals(code?.rewritten.siteAt(image.entry), rewritten.segments[0]?.rewritten.siteAt(image.entry));
  }
});

Deno.test("loadCode() refuses what is damaged, and changes nothing", () => {
  const { image, original, bytes } = saved(64);
  for (let at = 0; at < bytes.length; at += 7) {
    const damaged = bytes.slice();
    damaged[at]! ^= 0x10;
    const contents = original.slice();
    // The two words between the header and the checksum mean nothing.
    if (at >= 8 && at < 16) continue;
    assertEquals(loadCode("one", damaged, image, contents), undefined);
    assertEquals(contents, original);
  }
  assertEquals(loadCode("another", bytes, image, original.slice()), undefined);
  for (const length of [0, 5, 32, bytes.length - 8]) {
    assertEquals(loadCode("one", bytes.slice(0, length), image, original.slice()), undefined);
  }
});

Deno.test("savedName() tells contents and engines apart", () => {
  const { image, original } = saved(64);
  const changed = original.slice();
  changed[changed.length - 1]! ^= 1;
  const trap = createEngine("trap", { threadSlots: () => ({}) as never, gateJump: () => new Uint8Array(0) });
  const names = [
    savedName(engine, image, original),
    savedName(engine, image, changed),
    savedName(trap, image, original),
  ];
  assertEquals(new Set(names).size, 3);
  assertEquals(savedName(engine, image, original.slice()), names[0]);
});
