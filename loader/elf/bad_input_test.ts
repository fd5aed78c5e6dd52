import { assert, assertEquals } from "./testing/assert.ts";
import {
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2MSB,
  ET_CORE,
  ET_DYN,
  ET_REL,
  PF_R,
  PF_W,
  PF_X,
  PT_INTERP,
  PT_NOTE,
} from "../../kernel/abi/elf.ts";
import { ENOEXEC } from "../../kernel/abi/errno.ts";
import type { Bits } from "../../kernel/host.ts";
import { bytesSource, LoadError, readElf } from "./mod.ts";
import { BASE, buildElf, defaultHeaders, type TestElf, type TestPhdr } from "./testing/elf_builder.ts";

const text = (string: string) => new TextEncoder().encode(string);
const withBytes = (size: number, ...parts: [at: number, bytes: number[]][]) => {
  const file = new Uint8Array(size);
  for (const [at, bytes] of parts) file.set(bytes, at);
  return file;
};
const elf = (change: Partial<TestElf> = {}) => buildElf({ bits: 64, ...change });
/** The default image with one header changed and others added. */
const changed = (index: 0 | 1, change: TestPhdr, bits: Bits = 64, more: TestPhdr[] = []) => {
  const headers: TestPhdr[] = defaultHeaders(bits);
  headers[index] = { ...headers[index], ...change };
  return buildElf({ bits, headers: [...headers, ...more] });
};

const CASES: [name: string, file: Uint8Array, reason: string][] = [
  ["empty file", text(""), "is empty"],
  ["text", text("hello\n"), "is a text file without a #! line"],
  ["UTF-8 text", text("größer\n"), "is a text file without a #! line"],
  ["script without interpreter", text("#!  \n"), "is a script whose #! line names no interpreter"],
  ["script after a BOM", text("\ufeff#!/bin/sh\n"), "is a script with a byte order mark before its #! line"],
  ["bytes", withBytes(64, [0, [1, 2, 3]]), "is not an ELF file"],
  ["PE file", pe(), "is a Windows program (PE file)"],
  ["DOS program", withBytes(64, [0, [0x4d, 0x5a]]), "is a DOS program (MZ file)"],
  ["short MZ", text("MZ"), "is a DOS program (MZ file)"],
  ["Mach-O file", withBytes(64, [0, [0xcf, 0xfa, 0xed, 0xfe]]), "is a macOS program (Mach-O file)"],
  ["archive", text("!<arch>\n..."), "is a static library (ar archive)"],

  ["only the magic", text("\x7fELF"), "is truncated: it has only 4 bytes"],
  ["half a header", elf().slice(0, 60), "is truncated: it has only 60 bytes"],
  [
    "no program headers left",
    elf().slice(0, 100),
    "is truncated: its program header table ends at byte 0xb0, the file has 0x64",
  ],
  [
    "no data left",
    elf({ size: 0x1200 }),
    "is truncated: segment 1 ends at byte 0x1334, the file has 0x1200",
  ],
  [
    "wrong class, x86-64",
    elf({ elfClass: ELFCLASS32 }),
    "has the wrong ELF class: x86-64 code in a 32-bit file (x32 programs are not supported)",
  ],
  [
    "wrong class, i386",
    buildElf({ bits: 32, elfClass: ELFCLASS64 }),
    "has the wrong ELF class: i386 code in a 64-bit file",
  ],
  ["big-endian", elf({ data: ELFDATA2MSB, machine: 21 << 8 }), "is a big-endian ELF file for PowerPC64"],
  ["ARM64", elf({ machine: 183 }), "is an ELF file for ARM64"],
  ["32-bit ARM", buildElf({ bits: 32, machine: 40 }), "is an ELF file for ARM"],
  [
    "unknown machine",
    elf({ machine: 4242 }),
    "is an ELF file for an unknown processor (machine 4242)",
  ],
  ["object file", elf({ type: ET_REL }), "is an object file; it has to be linked first"],
  ["core dump", elf({ type: ET_CORE }), "is a core dump"],
  ["unknown type", elf({ type: 0xfe00 }), "is not executable: its ELF type is 65024"],

  ["no headers", elf({ phnum: 0 }), "is not executable: it has no program headers"],
  ["odd header size", elf({ phentsize: 32 }), "is damaged: its program headers have 32 bytes, not 56"],
  ["many headers", elf({ phnum: 1171 }), "is damaged: 1171 program headers are too many"],
  [
    "no segment",
    elf({ headers: [{ type: PT_NOTE }] }),
    "is not executable: it has no loadable segments",
  ],
  [
    "overlap",
    changed(1, { address: BASE[64] + 0xf00, offset: 0xf00 }),
    "is damaged: segments 0 and 1 overlap in memory",
  ],
  [
    "overlap with bss of a higher segment, descending",
    changed(1, { address: BASE[64] - 0x1000, offset: 0x1000, memorySize: 0x1001 }),
    "is damaged: segments 0 and 1 overlap in memory",
  ],
  [
    "unaligned",
    changed(1, { offset: 0x1101 }),
    "is damaged: segment 1 is not aligned: address 0x401100, file offset 0x1101",
  ],
  [
    "filesz > memsz",
    changed(1, { memorySize: 0x100 }),
    "is damaged: segment 1 has 0x234 bytes in the file but 0x100 in memory",
  ],
  [
    "absurd size",
    changed(1, { memorySize: 2 ** 63 }),
    "is damaged: segment 1 is absurdly large (0x8000000000000000 bytes)",
  ],
  [
    "absurd size, i386",
    changed(1, { memorySize: 0xfffffff0 }, 32),
    "is damaged: segment 1 is absurdly large (0xfffffff0 bytes)",
  ],
  [
    "absurd sum",
    changed(1, { memorySize: 2 ** 39 }, 64, [
      { flags: PF_W, address: 2 ** 42, memorySize: 2 ** 39 },
      { flags: PF_W, address: 2 ** 43, memorySize: 2 ** 39 },
    ]),
    "is damaged: it asks for 0x18000002000 bytes of memory",
  ],
  [
    "absurd address",
    changed(1, { address: 0xffff800000001100 }),
    "is damaged: segment 1 lies outside the address space (0xffff800000001000, 0x3456 bytes)",
  ],
  [
    "end of the address space, i386",
    changed(1, { address: 0xffffc100 }, 32),
    "is damaged: segment 1 lies outside the address space (0xffffc100, 0x3456 bytes)",
  ],
  [
    "absurd offset",
    changed(1, { offset: 2 ** 60 + 0x1000 }),
    "is truncated: segment 1 ends at byte 0x1000000000001200, the file has 0x2000",
  ],
  [
    "low address",
    changed(0, { address: 0x1000 }),
    "can't be loaded: segment 0 lies at 0x1000, below 0x10000",
  ],
  [
    "absurd alignment",
    buildElf({
      bits: 64,
      type: ET_DYN,
      headers: [{ flags: PF_R | PF_X, memorySize: 1, alignment: 2 ** 60 }],
    }),
    "is damaged: segment 0 has the absurd alignment 0x1000000000000000",
  ],
  ["entry nowhere", elf({ entry: 0x900000 }), "is damaged: its entry point 0x900000 lies in no segment"],
  [
    "entry in data",
    elf({ entry: 0x401200 }),
    "is damaged: its entry point 0x401200 lies in segment 1, which is not executable",
  ],
  [
    "shared library",
    buildElf({ bits: 64, type: ET_DYN, entry: 0, headers: [{ flags: PF_R, fileSize: 0x1000 }] }),
    "is a shared library: it has no entry point",
  ],
  [
    "interpreter too short",
    changed(0, {}, 64, [{ type: PT_INTERP, fileSize: 1 }]),
    "is damaged: the name of its interpreter has 0x1 bytes",
  ],
  [
    "interpreter beyond the end",
    changed(0, {}, 64, [{ type: PT_INTERP, fileSize: 16, offset: 0x1ff8 }]),
    "is truncated: the name of its interpreter ends at byte 0x2008, the file has 0x2000",
  ],
  [
    "interpreter without NUL",
    changed(0, {}, 64, [{ type: PT_INTERP, fileSize: 4 }]),
    "is damaged: the name of its interpreter has no end",
  ],
];

function pe(): Uint8Array {
  return withBytes(0x100, [0, [0x4d, 0x5a]], [0x3c, [0x80]], [0x80, [0x50, 0x45]]);
}

for (const [name, file, reason] of CASES) {
  Deno.test(`readElf() refuses: ${name}`, () => {
    const error = readElf(bytesSource(file));
    assert(error instanceof LoadError, `accepted`);
    assertEquals(error.reason, reason);
    assertEquals(error.errno, ENOEXEC);
  });
}

Deno.test("readElf() copes with a source that reads less than it promised", () => {
  const file = elf();
  for (const length of [0, 4, 20, 52, 63, 64, 100, 0x100]) {
    const error = readElf({ size: 2 ** 52, read: (at, n) => file.subarray(at, Math.min(at + n, length)) });
    assertEquals(error instanceof LoadError, length < 0x100);
  }
});
