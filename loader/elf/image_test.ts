import { EM_486, ET_DYN, PF_R, PF_W, PF_X, PT_GNU_STACK, PT_INTERP } from "../../kernel/abi/elf.ts";
import { type Bits, PROT_EXEC, PROT_READ, PROT_WRITE } from "../../kernel/host.ts";
import { bytesSource, codeRanges, type ElfImage, LoadError, readElf } from "./mod.ts";
import { assert, assertEquals } from "./testing/assert.ts";
import { BASE, buildElf, defaultHeaders, type TestElf } from "./testing/elf_builder.ts";
import { assertSane } from "./testing/invariants.ts";
import { outputOf, realBinaries } from "./testing/real_binaries.ts";

function accept(file: Uint8Array): ElfImage {
  const image = readElf(bytesSource(file));
  if (image instanceof LoadError) throw new Error(image.reason);
  assertSane(image, bytesSource(file));
  return image;
}
const build = (change: Partial<TestElf> = {}) => accept(buildElf({ bits: 64, ...change }));

for (const bits of [32, 64] as Bits[]) {
  Deno.test(`readElf() lays out segments in pages, ${bits} bits`, () => {
    const image = build({ bits });
    const base = BASE[bits];
    assertEquals(image.bits, bits);
    assertEquals(image.entry, base + 0x800);
    assertEquals([image.lowest, image.highest], [base, base + 0x5000]);
    assertEquals(image.brk, base + 0x4556);
    assertEquals(image.programHeaders, {
      address: base + (bits === 64 ? 64 : 52),
      count: 2,
      entrySize: bits === 64 ? 56 : 32,
    });
    assertEquals([image.startCode, image.endCode], [base, base + 0x1000]);
    assertEquals([image.startData, image.endData], [base + 0x1100, base + 0x1334]);
    assertEquals(image.segments[1], {
      index: 1,
      fileOffset: 0x1100,
      address: base + 0x1100,
      fileSize: 0x234,
      memorySize: 0x3456,
      prot: PROT_READ | PROT_WRITE,
      mapAddress: base + 0x1000,
      mapSize: 0x1000,
      mapOffset: 0x1000,
      zeroStart: base + 0x1334,
      zeroSize: 0xccc,
      bssStart: base + 0x2000,
      bssSize: 0x3000,
      bssProt: PROT_READ | PROT_WRITE,
    });
    assertEquals([image.executableStack, image.readImpliesExec], [undefined, bits === 32]);
  });
}

Deno.test("readElf() takes what Linux takes", () => {
  const [text, data] = defaultHeaders(64);
  assertEquals(build({ headers: [data, text] }).segments.map((s) => s.address), [0x401100, 0x400000]);
  // Two segments that share a page, and bytes of the page in between.
  build({
    headers: [text, { ...data, fileSize: 0x100, memorySize: 0x100 }, {
      ...data,
      address: 0x401300,
      offset: 0x1300,
    }],
  });
  // No file bytes: the offset does not matter, and the first page is zero too.
  const bss = build({ headers: [text, { ...data, fileSize: 0, offset: 0x7777777 }] }).segments[1]!;
  assertEquals([bss.mapSize, bss.zeroSize, bss.bssStart, bss.bssSize], [0, 0, 0x401000, 0x4000]);
  // An empty segment maps nothing, wherever it is.
  assertEquals(build({ headers: [text, { address: 16 }] }).lowest, 0x400000);
  // An alignment that is no power of two is ignored; others count for position-independent programs.
  assertEquals(build({ headers: [{ ...text, alignment: 0x3000 }] }).alignment, 0x1000);
  assertEquals(build({ type: ET_DYN, headers: [{ ...text, alignment: 0x200000 }] }).alignment, 0x200000);
  // Bits that say nothing.
  build({ elfClass: 7, data: 0 });
  build({ bits: 32, machine: EM_486 });
  // Bytes after the end of a segment are mapped with its page, so an entry there works.
  build({ headers: [{ ...text, fileSize: 0x700, memorySize: 0x700 }] });
  // The highest addresses.
  build({
    bits: 32,
    headers: [{ flags: PF_R | PF_X, address: 0xffff0000, memorySize: 0xe000 }],
    entry: 0xffff0000,
  });
  build({ headers: [text, { flags: PF_W, address: 2 ** 47 - 0x2000, memorySize: 0x1000 }] });
});

Deno.test("readElf() does not zero the end of a segment that is not writable", () => {
  const [text] = defaultHeaders(64);
  const segment = build({ headers: [{ ...text, fileSize: 0x900, memorySize: 0x1800 }] }).segments[0]!;
  assertEquals([segment.zeroSize, segment.bssSize], [0, 0x1000]);
  assertEquals(segment.bssProt, PROT_READ | PROT_WRITE | PROT_EXEC);
});

Deno.test("readElf() reads PT_GNU_STACK", () => {
  const withStack = (bits: Bits, flags: number) =>
    build({ bits, headers: [...defaultHeaders(bits), { type: PT_GNU_STACK, flags }] });
  assertEquals(withStack(64, PF_R | PF_W).executableStack, false);
  assertEquals(withStack(64, PF_R | PF_W | PF_X).executableStack, true);
  assertEquals(withStack(32, PF_R | PF_W).readImpliesExec, false);
});

Deno.test("readElf() lets old i386 programs start in a segment that is only readable", () => {
  const headers = [{ flags: PF_R, address: BASE[32], fileSize: 0x1000 }];
  const file = buildElf({ bits: 32, headers });
  assertEquals(codeRanges(accept(file), bytesSource(file)), [{ start: BASE[32], end: BASE[32] + 0x1000 }]);
  const nx = buildElf({ bits: 32, headers: [...headers, { type: PT_GNU_STACK, flags: PF_R }] });
  assert(readElf(bytesSource(nx)) instanceof LoadError);
});

Deno.test("readElf() reads the interpreter's path up to its first NUL", () => {
  const file = buildElf({
    bits: 64,
    headers: [...defaultHeaders(64), { type: PT_INTERP, offset: 0x1800, fileSize: 12 }],
  });
  file.set(new TextEncoder().encode("/lib/ld\0xyz\0"), 0x1800);
  assertEquals(accept(file).interpreter, "/lib/ld");
});

for (const { path, source } of realBinaries()) {
  Deno.test(`readElf() agrees with readelf about ${path}`, () => {
    const image = readElf(source);
    if (image instanceof LoadError) throw new Error(image.reason);
    assertSane(image, source);
    const listing = outputOf("readelf", "-lW", path);
    if (listing === undefined) return; // no binutils
    const rows = listing.matchAll(
      /^ +(\S+) +0x(\w+) 0x(\w+) 0x\w+ 0x(\w+) 0x(\w+) ([R ][W ][E ]) 0x(\w+)/gm,
    );
    const headers = [...rows].map((row) => ({
      type: row[1]!,
      numbers: [row[2]!, row[3]!, row[4]!, row[5]!].map((digits) => parseInt(digits, 16)),
      flags: row[6]!,
    }));
    assertEquals(
      image.segments.map((s) => [s.fileOffset, s.address, s.fileSize, s.memorySize]),
      headers.filter((h) => h.type === "LOAD").map((h) => h.numbers),
    );
    assertEquals(
      image.segments.map((s) =>
        (s.prot & PROT_READ ? "R" : " ") + (s.prot & PROT_WRITE ? "W" : " ") +
        (s.prot & PROT_EXEC ? "E" : " ")
      ),
      headers.filter((h) => h.type === "LOAD").map((h) => h.flags),
    );
    const addressOf = (type: string) => headers.find((h) => h.type === type)?.numbers[1];
    assertEquals(image.ehFrameHeader?.address, addressOf("GNU_EH_FRAME"));
    assertEquals(image.relro?.address, addressOf("GNU_RELRO"));
    assertEquals(image.tls?.address, addressOf("TLS"));
    assertEquals(image.entry, parseInt(/Entry point 0x(\w+)/.exec(listing)![1]!, 16));
    assertEquals(image.interpreter, /program interpreter: (.*)\]/.exec(listing)?.[1]);
  });

  Deno.test(`codeRanges() lists the code sections of ${path}`, () => {
    const image = readElf(source);
    if (image instanceof LoadError) throw new Error(image.reason);
    const ranges = codeRanges(image, source);
    const size = ranges.reduce((sum, range) => sum + range.end - range.start, 0);
    const listing = outputOf("readelf", "-SW", path);
    if (listing === undefined) return;
    const sections = [...listing.matchAll(/ PROGBITS +(\w+) \w+ (\w+) \w+ +\w*X/g)]
      .map((row) => ({ start: parseInt(row[1]!, 16), size: parseInt(row[2]!, 16) }));
    assert(sections.length > 0);
    assertEquals(size, sections.reduce((sum, section) => sum + section.size, 0));
    for (const { start, size } of sections) {
      assert(ranges.some((range) => range.start <= start && start + size <= range.end));
    }
  });
}

Deno.test("codeRanges() falls back to whole segments when the section headers are damaged", () => {
  for (const { bytes, source } of realBinaries()) {
    const image = readElf(source);
    if (image instanceof LoadError) throw new Error(image.reason);
    const damaged = bytes.slice();
    damaged.fill(0xff, image.sectionTable.offset);
    const whole = image.segments.filter((s) => s.prot & PROT_EXEC);
    assertEquals(
      codeRanges(image, bytesSource(damaged)),
      whole.map((s) => ({ start: s.address, end: s.address + s.fileSize })),
    );
  }
});
