/** The vDSO's image as the kernel uses it: fresh, readable as ELF, and patched by the rewriter without a trap. */
import { vdsoRegion } from "./region.ts";
import { NSEC_PER_SEC } from "../../kernel/abi/time.ts";
import { PAGE_SIZE } from "../../kernel/host.ts";
import { generate } from "../../scripts/assemble_vdso.ts";
import { bytesSource, LoadError, readElf } from "../elf/mod.ts";
import { assert, assertEquals } from "../elf/testing/assert.ts";
import { rewrite } from "../x86/mod.ts";
import { lineThrough, multFor, timeAt, VdsoData, vdsoImage, VdsoPages } from "./mod.ts";

Deno.test("the embedded images are what the sources assemble to", async () => {
  let texts;
  try {
    const ld = await new Deno.Command("ld", { args: ["--version"] }).output();
    if (!new TextDecoder().decode(ld.stdout).includes(" 2.40")) return; // other versions lay tables out differently
    texts = await generate();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const [path, text] of texts) assert(Deno.readTextFileSync(path) === text, `${path} is stale`);
});

for (const bits of [64, 32] as const) {
  Deno.test(`the ${bits}-bit vDSO is a shared object of one page`, () => {
    const image = vdsoImage(bits);
    assertEquals(image.bytes.length, PAGE_SIZE);
    const elf = readElf(bytesSource(image.bytes));
    assert(!(elf instanceof LoadError));
    assertEquals([elf.bits, elf.type, elf.segments.length], [bits, "dyn", 1]);
    image.bytes.fill(0);
    assert(vdsoImage(bits).bytes[0] === 0x7f, "every caller gets its own copy");
  });

  Deno.test(`every system call of the ${bits}-bit vDSO is patched without a trap`, () => {
    const vdso = vdsoImage(bits);
    const address = 0x10000;
    const region = vdsoRegion(bits, vdso, address);
    const rewritten = rewrite(region, {
      trampolines: address + vdso.bytes.length,
      gateBytes: Uint8Array.of(0xc3),
      gateReturn: 0x100,
      tls: undefined,
    });
    const counts = rewritten.stats.counts[bits === 64 ? "syscall" : "int80"];
    const sites = bits === 64 ? 5 : 9;
    assertEquals(counts, {
      jump: 0,
      mov: bits === 64 ? sites : sites - 1,
      displace: sites - (bits === 64 ? sites : sites - 1),
      trap: 0,
      island: 0,
      patch: 0,
    });
    assertEquals(rewritten.sites.offsets.length, sites);
  });
}

Deno.test("a line is what the vDSO computes", () => {
  const mult = multFor(2);
  assert(mult !== undefined);
  const line = { baseTsc: 1000n, nanoseconds: 5n, mult };
  assertEquals(timeAt(line, 1000n + 2_000_000_000n), 5n + BigInt(NSEC_PER_SEC));
  assertEquals(timeAt(line, 0n), 5n, "before its beginning");
  assertEquals(multFor(0.4), undefined, "too slow for 32 bits");
});

Deno.test("a line that is behind catches up, but not at any price", () => {
  const at = { baseTsc: 0n, nanoseconds: 0n }, mult = 2 ** 30;
  const caughtUp = timeAt(lineThrough(at, mult, 1000, 1e9), 2_000_000_000n);
  assert(Math.abs(Number(caughtUp) - 1_000_001_000) <= 2, String(caughtUp));
  assertEquals(timeAt(lineThrough(at, mult, 1e9, 1e9), 2_000_000_000n), 1_000_500_000n);
});

Deno.test("data pages are odd while they stand and even while they change", () => {
  const pages = new VdsoPages();
  const early = new Uint8Array(PAGE_SIZE), late = new Uint8Array(PAGE_SIZE);
  pages.add(early);
  assertEquals(VdsoData.decode(early).generation & 1, 0, "no clock yet");
  const line = { baseTsc: 12n, nanoseconds: 3_000_000_004n, mult: 7 };
  pages.publish(() => {
    assertEquals(VdsoData.decode(early).generation & 1, 0);
    return { monotonic: line, realtime: { ...line, nanoseconds: 9n } };
  });
  pages.add(late);
  const expected = {
    generation: 1,
    baseTsc: 12,
    monotonic: { mult: 7, nsec: 4, sec: 3 },
    realtime: { mult: 7, nsec: 9, sec: 0 },
  };
  for (const page of [early, late]) assertEquals(VdsoData.decode(page), expected);
  pages.remove(late);
  pages.withdraw();
  assertEquals(VdsoData.decode(early).generation, 2);
  assertEquals(VdsoData.decode(late).generation, 1, "it is somebody else's memory now");
});
