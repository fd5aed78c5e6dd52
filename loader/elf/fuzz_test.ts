/** Must hold 5: 100,000 damaged files, no exception, and no nonsense accepted. */
import { bytesSource, codeRanges, type ElfSource, LoadError, readElf } from "./mod.ts";
import { assert } from "./testing/assert.ts";
import { buildElf } from "./testing/elf_builder.ts";
import { assertSane } from "./testing/invariants.ts";
import { realBinaries } from "./testing/real_binaries.ts";

const MUTATIONS = 100_000;
const INTERESTING = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 40, 52, 56, 64, 0x7f, 0x80, 0xff],
  [0x100, 0xfff, 0x1000, 0x1001, 0x7fff, 0x8000, 0xffff, 0x10000],
  [0x400000, 0x8048000, 0x7fffffff, 0x80000000, 0xffffe000, 0xfffff000, 0xffffffff],
].flat();

/** xorshift32: the same mutations in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A file with some bytes replaced, without copying the file. */
function patched(bytes: Uint8Array, patches: Map<number, number>, size: number): ElfSource {
  return {
    size,
    read(offset, length) {
      const part = bytes.slice(offset, Math.min(offset + length, size));
      for (const [at, byte] of patches) {
        if (at >= offset && at < offset + part.length) part[at - offset] = byte;
      }
      return part;
    },
  };
}

function mutate(bytes: Uint8Array, sections: number, random: (below: number) => number): ElfSource {
  const is64 = bytes[4] === 2;
  const [ehdr, phdr] = is64 ? [64, 56] : [52, 32];
  const headerEnd = ehdr + phdr * bytes[is64 ? 56 : 44]!;
  const patches = new Map<number, number>();
  let size = bytes.length;
  for (let count = 1 + random(3); count > 0; count--) {
    const put = (at: number, value: number, width: number) => {
      for (let i = 0; i < width; i++) patches.set(at + i, Math.floor(value / 2 ** (8 * i)) & 0xff);
    };
    switch (random(8)) {
      case 0:
        put(random(headerEnd), random(256), 1);
        break;
      case 1:
        put(random(ehdr / 2) * 2, INTERESTING[random(INTERESTING.length)]!, 2);
        break;
      case 2:
      case 3: // a field of a program header, or half of one
        put(ehdr + random((headerEnd - ehdr) / 4) * 4, INTERESTING[random(INTERESTING.length)]!, 4);
        break;
      case 4: { // a field moved by a little or a lot
        const at = ehdr + random((headerEnd - ehdr) / 4) * 4;
        const old = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
        put(at, old + [1, -1, 4096, -4096, 2 ** 24, -(2 ** 24)][random(6)]! >>> 0, 4);
        break;
      }
      case 5:
        put(
          random(headerEnd / 8) * 8,
          [2 ** 47, 2 ** 48 - 1, 2 ** 53, 2 ** 63, 2 ** 64 - 2 ** 12][random(5)]!,
          8,
        );
        break;
      case 6: // a section header
        put(sections + random(Math.max(1, bytes.length - sections)), random(256), 1);
        break;
      case 7:
        size = random(2) === 0 ? random(headerEnd + 16) : random(bytes.length + 1);
        break;
    }
  }
  return patched(bytes, patches, size);
}

Deno.test(`readElf() survives ${MUTATIONS} damaged files`, () => {
  const bases = [
    buildElf({ bits: 32 }),
    buildElf({ bits: 64 }),
    ...realBinaries().map((binary) => binary.bytes),
  ].map((bytes) => {
    const image = readElf(bytesSource(bytes));
    assert(!(image instanceof LoadError));
    return { bytes, sections: image.sectionTable.offset };
  });
  const random = randomFrom(0x5eed);
  let accepted = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const { bytes, sections } = bases[i % bases.length]!;
    const source = mutate(bytes, sections, random);
    const image = readElf(source);
    if (image instanceof LoadError) {
      assert(/^(is|has|can't) [^\n]{3,110}$/.test(image.reason), image.reason);
    } else {
      accepted++;
      assertSane(image, source);
    }
  }
  // Neither all nor nothing, or the mutations test nothing.
  assert(accepted > MUTATIONS / 20 && accepted < MUTATIONS / 2, `${accepted} accepted`);
});

Deno.test("readElf() survives noise after the magic", () => {
  const random = randomFrom(0xbad);
  for (let i = 0; i < 20_000; i++) {
    const bytes = Uint8Array.from({ length: random(400) }, () => random(4) === 0 ? random(256) : random(4));
    bytes.set([0x7f, 0x45, 0x4c, 0x46].slice(0, bytes.length));
    const source = bytesSource(bytes);
    const image = readElf(source);
    if (!(image instanceof LoadError)) codeRanges(image, source);
  }
});
