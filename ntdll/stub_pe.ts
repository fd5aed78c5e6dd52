/**
 * The program that a container starts with: a PE image without code of its own but "tell the kernel that the loader
 * is done, then park for ever", and a `ud2` where new threads begin: they stop there, on a stack of their own and with
 * their start-up behind them, until the kernel gives them a guest's registers. Built here, so that nothing binary is
 * in the tree.
 *
 * Its imports name every ntdll function that guest-side code calls; the loader resolves them into the import address
 * table, from where the kernel reads them (the 32-bit ntdll's addresses cannot be had otherwise).
 *
 * Headers (PE format, "Optional Header"): LARGE_ADDRESS_AWARE for 4 GiB on i386; HIGH_ENTROPY_VA, DYNAMIC_BASE and a
 * relocation section keep the low 2 GiB free; no GUARD_CF, which would tie the stack pointer to the thread's stack.
 */
import { struct, u32, u64 } from "../kernel/abi/layout.ts";
import { type Bits, PAGE_SIZE } from "../kernel/host.ts";
import { AHEAD_SIZE } from "../loader/x86/gate/channel.ts";
import {
  DATA_DIRECTORY,
  DIRECTORY_BASERELOC,
  DIRECTORY_IAT,
  DIRECTORY_IMPORT,
  DOS_HEADER,
  DOS_MAGIC,
  FILE_HEADER,
  IMPORT_DESCRIPTOR,
  OPTIONAL_HEADER32,
  OPTIONAL_HEADER64,
  PE32_MAGIC,
  PE64_MAGIC,
  PE_MAGIC,
  SECTION_HEADER,
} from "./pe_layouts.ts";

/** Functions in the order of the import address table. */
export const STUB_IMPORTS = [
  "NtSetEvent",
  "NtDelayExecution",
  "NtWaitForSingleObject",
  "NtProtectVirtualMemory",
  "NtFreeVirtualMemory",
  "NtMapViewOfSectionEx",
  "NtUnmapViewOfSectionEx",
  "NtClose",
  "NtYieldExecution",
  "NtAllocateVirtualMemoryEx",
  "NtReadFile",
  "NtWriteFile",
  "RtlZeroMemory",
  "RtlMoveMemory",
] as const;
/** What they answer is no NTSTATUS. */
export const ANSWERS_NOTHING: ReadonlySet<StubImport> = new Set<StubImport>([
  "RtlZeroMemory",
  "RtlMoveMemory",
]);
export type StubImport = typeof STUB_IMPORTS[number];

/**
 * The first of the pages (controlPages) that the kernel maps into a container before it starts, at an address far from
 * what Windows and programs use. It holds what the stub needs to report.
 */
export const CONTROL_ADDRESS: Readonly<Record<Bits, number>> = { 32: 0xfee0_0000, 64: 0x6fff_0000_0000 };
/** Where the gate's shared page is. */
export const SHARED_ADDRESS: Readonly<Record<Bits, number>> = { 32: 0xfed0_0000, 64: 0x6ffe_0000_0000 };
/** The stub's page and the channels. */
export const CHANNEL_PAGES = 15;
/** Behind the channels, where a thread may read ahead to: 32-bit ones are lent no files. */
export const AHEAD_PAGES: Readonly<Record<Bits, number>> = { 32: 0, 64: AHEAD_SIZE / PAGE_SIZE };
/** The gate is in the last one. */
export function controlPages(bits: Bits): number {
  return CHANNEL_PAGES + AHEAD_PAGES[bits] + 1;
}
export const STUB_CONTROL = struct("stub control", 32, {
  /** Set by the kernel: the event to signal. */
  readyEvent: u64,
  /** Set by the stub: where new threads begin, and where the import address table is. */
  threadEntry: u64,
  importTable: u64,
  /** Set by the kernel: the gate's address, for 32-bit code to jump through. */
  gate: u64,
});

const IMAGE_BASE: Readonly<Record<Bits, number>> = { 32: 0x7100_0000, 64: 0x7ef0_0000_0000 };

const SECTION_ALIGNMENT = 0x1000;
const FILE_ALIGNMENT = 0x200;
/** In the file, of the headers and of each section. */
const PART_SIZE = 2 * FILE_ALIGNMENT;
const TEXT_RVA = 0x1000;
const IDATA_RVA = 0x2000;
const RELOC_RVA = 0x3000;
const IMAGE_SIZE = 0x4000;

const IMAGE_FILE_EXECUTABLE_IMAGE = 0x2;
const IMAGE_FILE_LARGE_ADDRESS_AWARE = 0x20;
const IMAGE_FILE_32BIT_MACHINE = 0x100;
const DLL_CHARACTERISTICS = 0x20 /* HIGH_ENTROPY_VA */ | 0x40 /* DYNAMIC_BASE */ | 0x100 /* NX_COMPAT */;
/** No console of its own, no user32: the kernel does all input and output. */
const IMAGE_SUBSYSTEM_WINDOWS_GUI = 2;

/** Offset of an import in the address table. */
export function importOffset(bits: Bits, name: StubImport): number {
  return STUB_IMPORTS.indexOf(name) * (bits / 8);
}

/** Address of an import's slot, relative to the image base. */
function importSlot(bits: Bits, name: StubImport): number {
  return IDATA_RVA + thunkTables(bits).iat + importOffset(bits, name);
}

export function buildStub(bits: Bits): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(4 * PART_SIZE);
  const view = new DataView(file.buffer);
  DOS_HEADER.patch(view, 0, { e_magic: DOS_MAGIC, e_lfanew: 64 });
  const optional = bits === 64 ? OPTIONAL_HEADER64 : OPTIONAL_HEADER32;
  FILE_HEADER.patch(view, 64, {
    Signature: PE_MAGIC,
    Machine: bits === 64 ? 0x8664 : 0x14c,
    NumberOfSections: 3,
    SizeOfOptionalHeader: optional.size,
    Characteristics: IMAGE_FILE_EXECUTABLE_IMAGE | IMAGE_FILE_LARGE_ADDRESS_AWARE |
      (bits === 32 ? IMAGE_FILE_32BIT_MACHINE : 0),
  });
  const optionalAt = 64 + FILE_HEADER.size;
  optional.patch(view, optionalAt, {
    Magic: bits === 64 ? PE64_MAGIC : PE32_MAGIC,
    SizeOfCode: PART_SIZE,
    SizeOfInitializedData: 2 * PART_SIZE,
    AddressOfEntryPoint: ENTRY_RVA,
    BaseOfCode: TEXT_RVA,
    ImageBase: IMAGE_BASE[bits],
    SectionAlignment: SECTION_ALIGNMENT,
    FileAlignment: FILE_ALIGNMENT,
    MajorOperatingSystemVersion: 6,
    MajorSubsystemVersion: 6,
    SizeOfImage: IMAGE_SIZE,
    SizeOfHeaders: PART_SIZE,
    Subsystem: IMAGE_SUBSYSTEM_WINDOWS_GUI,
    DllCharacteristics: DLL_CHARACTERISTICS,
    SizeOfStackReserve: 0x10000,
    SizeOfStackCommit: 0x4000,
    SizeOfHeapReserve: 0x10000,
    SizeOfHeapCommit: 0x1000,
    NumberOfRvaAndSizes: 16,
  });
  const tables = thunkTables(bits);
  const directories = optionalAt + optional.offset.DataDirectory;
  setDirectory(view, directories, DIRECTORY_IMPORT, IDATA_RVA, 2 * IMPORT_DESCRIPTOR.size);
  setDirectory(view, directories, DIRECTORY_BASERELOC, RELOC_RVA, RELOCATION_BLOCK.length);
  setDirectory(view, directories, DIRECTORY_IAT, IDATA_RVA + tables.iat, tables.size);

  const sectionsAt = optionalAt + optional.size;
  const code = bits === 64 ? code64() : code32();
  const sections = [
    { name: ".text", rva: TEXT_RVA, body: code, characteristics: 0x6000_0020 },
    { name: ".idata", rva: IDATA_RVA, body: importSection(bits), characteristics: 0xc000_0040 },
    { name: ".reloc", rva: RELOC_RVA, body: RELOCATION_BLOCK, characteristics: 0x4200_0040 },
  ];
  sections.forEach(({ name, rva, body, characteristics }, index) => {
    const at = (1 + index) * PART_SIZE;
    SECTION_HEADER.patch(view, sectionsAt + index * SECTION_HEADER.size, {
      Name: new TextEncoder().encode(name),
      VirtualSize: body.length,
      VirtualAddress: rva,
      SizeOfRawData: PART_SIZE,
      PointerToRawData: at,
      Characteristics: characteristics,
    });
    file.set(body, at);
  });
  return file;
}

/** One block without entries: all code is position independent, but an image without relocations is not moved. */
const RELOCATION_BLOCK = new Uint8Array([0, 0x10, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0]);

function setDirectory(view: DataView, directories: number, index: number, rva: number, size: number): void {
  DATA_DIRECTORY.write(view, directories + index * DATA_DIRECTORY.size, { VirtualAddress: rva, Size: size });
}

/** Offsets in the import section: descriptors, lookup table, address table, names. */
function thunkTables(bits: Bits): { lookup: number; iat: number; names: number; size: number } {
  const size = (STUB_IMPORTS.length + 1) * (bits / 8);
  const lookup = 2 * IMPORT_DESCRIPTOR.size;
  return { lookup, iat: lookup + size, names: lookup + 2 * size, size };
}

function importSection(bits: Bits): Uint8Array {
  const section = new Uint8Array(PART_SIZE);
  const view = new DataView(section.buffer);
  const tables = thunkTables(bits);
  const word = bits === 64 ? u64 : u32;
  let nameAt = tables.names;
  STUB_IMPORTS.forEach((name, index) => {
    word.write(view, tables.lookup + index * word.size, IDATA_RVA + nameAt);
    word.write(view, tables.iat + index * word.size, IDATA_RVA + nameAt);
    section.set(new TextEncoder().encode(name), nameAt + 2); // after the hint
    nameAt += (2 + name.length + 1 + 1) & ~1;
  });
  section.set(new TextEncoder().encode("ntdll.dll"), nameAt);
  IMPORT_DESCRIPTOR.patch(view, 0, {
    OriginalFirstThunk: IDATA_RVA + tables.lookup,
    Name: IDATA_RVA + nameAt,
    FirstThunk: IDATA_RVA + tables.iat,
  });
  return section;
}

/** At the start of the text: new threads stop here. */
const UD2 = [0x0f, 0x0b];
const ENTRY_RVA = TEXT_RVA + UD2.length;

/** Fills the control page; NtSetEvent(control->readyEvent, NULL); for (;;) NtDelayExecution(FALSE, &forever); */
function code64(): Uint8Array {
  const code = [...UD2, 0x48, 0x83, 0xec, 0x38]; // sub rsp, 0x38
  code.push(0x48, 0xb9, ...le(CONTROL_ADDRESS[64], 8)); // mov rcx, control
  code.push(0x48, 0x8d, 0x05, ...le(TEXT_RVA - (TEXT_RVA + code.length + 7), 4)); // lea rax, [rip+threadEntry]
  code.push(0x48, 0x89, 0x41, STUB_CONTROL.offset.threadEntry); // mov [rcx+threadEntry], rax
  code.push(0x48, 0x8d, 0x05, ...le(IDATA_RVA + thunkTables(64).iat - (TEXT_RVA + code.length + 7), 4));
  code.push(0x48, 0x89, 0x41, STUB_CONTROL.offset.importTable);
  code.push(0x48, 0x8b, 0x09, 0x31, 0xd2); // mov rcx, [rcx]; xor edx, edx
  call("NtSetEvent");
  code.push(0x48, 0xb8, ...FOREVER, 0x48, 0x89, 0x44, 0x24, 0x20); // mov rax, forever; mov [rsp+0x20], rax
  const loop = code.length;
  code.push(0x31, 0xc9, 0x48, 0x8d, 0x54, 0x24, 0x20); // xor ecx, ecx; lea rdx, [rsp+0x20]
  call("NtDelayExecution");
  code.push(0xeb, loop - (code.length + 2) & 0xff); // jmp loop
  return new Uint8Array(code);

  function call(name: StubImport): void {
    const next = TEXT_RVA + code.length + 6;
    code.push(0xff, 0x15, ...le(importSlot(64, name) - next, 4)); // call [rip+slot]
  }
}

function code32(): Uint8Array {
  const code = [...UD2, 0xe8, 0, 0, 0, 0, 0x5b]; // call here; here: pop ebx
  const here = ENTRY_RVA + 5;
  code.push(0xb8, ...le(CONTROL_ADDRESS[32], 4)); // mov eax, control
  code.push(0x8d, 0x8b, ...le(TEXT_RVA - here, 4)); // lea ecx, [ebx+threadEntry]
  code.push(0x89, 0x48, STUB_CONTROL.offset.threadEntry); // mov [eax+threadEntry], ecx
  code.push(0x8d, 0x8b, ...le(IDATA_RVA + thunkTables(32).iat - here, 4));
  code.push(0x89, 0x48, STUB_CONTROL.offset.importTable);
  code.push(0x6a, 0x00, 0xff, 0x30); // push 0; push [eax]
  call("NtSetEvent");
  code.push(0x68, ...FOREVER.slice(4), 0x68, ...FOREVER.slice(0, 4), 0x89, 0xe6); // push forever; mov esi, esp
  const loop = code.length;
  code.push(0x56, 0x6a, 0x00); // push esi; push 0
  call("NtDelayExecution");
  code.push(0xeb, loop - (code.length + 2) & 0xff); // jmp loop
  return new Uint8Array(code);

  function call(name: StubImport): void {
    code.push(0xff, 0x93, ...le(importSlot(32, name) - here, 4)); // call [ebx+slot]
  }
}

/** The most negative interval: as long as NtDelayExecution can wait. */
const FOREVER = [0, 0, 0, 0, 0, 0, 0, 0x80];

function le(value: number, size: 4 | 8): number[] {
  const out = new Uint8Array(8);
  u64.write(new DataView(out.buffer), 0, value);
  return [...out.subarray(0, size)];
}
