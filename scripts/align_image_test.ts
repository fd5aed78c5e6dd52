import { assert, assertEquals } from "../loader/elf/testing/assert.ts";
import {
  DATA_DIRECTORY,
  DEBUG_DIRECTORY,
  DIRECTORY_DEBUG,
  DIRECTORY_SECURITY,
  DOS_HEADER,
  FILE_HEADER,
  OPTIONAL_HEADER64,
  SECTION_HEADER,
} from "../ntdll/pe_layouts.ts";
import { buildStub } from "../ntdll/stub_pe.ts";
import { alignImage } from "./align_image.ts";

/** The headers of a program. */
function open(image: Uint8Array<ArrayBuffer>) {
  const view = new DataView(image.buffer);
  const at = DOS_HEADER.read(view, 0).e_lfanew, optionalAt = at + FILE_HEADER.size;
  const { NumberOfSections, SizeOfOptionalHeader } = FILE_HEADER.read(view, at);
  const sections = Array.from(
    { length: NumberOfSections },
    (_, i) => SECTION_HEADER.read(view, optionalAt + SizeOfOptionalHeader + i * SECTION_HEADER.size),
  );
  const directory = (index: number) =>
    optionalAt + OPTIONAL_HEADER64.offset.DataDirectory + index * DATA_DIRECTORY.size;
  return { view, optional: OPTIONAL_HEADER64.read(view, optionalAt), sections, directory };
}

/** The sections as they are in memory. */
function load(image: Uint8Array<ArrayBuffer>): Uint8Array {
  const { optional, sections } = open(image);
  const memory = new Uint8Array(optional.SizeOfImage);
  for (const { PointerToRawData: from, SizeOfRawData, VirtualAddress, VirtualSize } of sections) {
    const size = Math.min(SizeOfRawData, VirtualSize);
    memory.set(image.subarray(from, from + size), VirtualAddress);
  }
  return memory;
}

function refusal(image: Uint8Array<ArrayBuffer>): string {
  try {
    alignImage(image);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "none";
}

Deno.test("an aligned program is the same in memory, and its sections are on pages of its file", () => {
  const image = buildStub(64), aligned = alignImage(image);
  const { optional, sections } = open(aligned);
  assertEquals(optional.FileAlignment, 4096);
  assertEquals(sections.map(({ PointerToRawData }) => PointerToRawData), [4096, 8192, 12288]);
  assertEquals(aligned.length, 16384);
  assert(sections.every(({ SizeOfRawData }) => SizeOfRawData === 4096));
  assertEquals(load(aligned), load(image));
});

Deno.test("what debuggers look for is found in the aligned file", () => {
  const image = buildStub(64), { view, sections: [text, imports], directory } = open(image);
  const entry = imports!.VirtualAddress + 512, data = text!.VirtualAddress + 8;
  DATA_DIRECTORY.write(view, directory(DIRECTORY_DEBUG), {
    VirtualAddress: entry,
    Size: DEBUG_DIRECTORY.size,
  });
  const inFile = imports!.PointerToRawData + 512;
  DEBUG_DIRECTORY.patch(view, inFile, {
    AddressOfRawData: data,
    SizeOfData: 4,
    PointerToRawData: text!.PointerToRawData + 8,
  });
  assertEquals(DEBUG_DIRECTORY.read(open(alignImage(image)).view, 8192 + 512).PointerToRawData, 4096 + 8);
});

Deno.test("a signature goes; what else is behind the sections is not lost without a word", () => {
  const image = buildStub(64), signed = new Uint8Array([...image, ...new Uint8Array(64).fill(1)]);
  assertEquals(refusal(signed), "has something behind its sections");
  const { view, directory } = open(signed);
  const where = { VirtualAddress: image.length, Size: 64 };
  DATA_DIRECTORY.write(view, directory(DIRECTORY_SECURITY), where);
  assertEquals(alignImage(signed), alignImage(image));
});

Deno.test("headers of more than a page keep their room", () => {
  const image = buildStub(64), { view, sections } = open(image);
  const optionalAt = DOS_HEADER.read(view, 0).e_lfanew + FILE_HEADER.size;
  OPTIONAL_HEADER64.patch(view, optionalAt, { SizeOfHeaders: 5000 });
  const aligned = open(alignImage(image));
  assertEquals(aligned.optional.SizeOfHeaders, 8192);
  assertEquals(aligned.sections.map(({ PointerToRawData }) => PointerToRawData), [8192, 12288, 16384]);
  assertEquals(aligned.sections.map(({ Name }) => [...Name]), sections.map(({ Name }) => [...Name]));
});

Deno.test("only 64-bit Windows programs are aligned", () => {
  assertEquals(refusal(buildStub(32)), "is no 64-bit program");
  assertEquals(refusal(new Uint8Array(4096)), "is no Windows program");
  assertEquals(refusal(new Uint8Array(8)), "is no Windows program");
});
