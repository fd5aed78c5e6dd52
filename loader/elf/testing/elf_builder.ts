/** Builds small ELF files in memory, good ones and bad ones, for tests. */
import {
  EI_CLASS,
  EI_DATA,
  Elf32_Ehdr,
  Elf32_Phdr,
  Elf64_Ehdr,
  Elf64_Phdr,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  EM_386,
  EM_X86_64,
  ET_EXEC,
  PF_R,
  PF_W,
  PF_X,
  PT_LOAD,
} from "../../../kernel/abi/elf.ts";
import type { Bits } from "../../../kernel/host.ts";

export interface TestPhdr {
  type?: number;
  flags?: number;
  offset?: number;
  address?: number;
  fileSize?: number;
  memorySize?: number;
  alignment?: number;
}

export interface TestElf {
  bits: Bits;
  type?: number;
  machine?: number;
  elfClass?: number;
  data?: number;
  entry?: number;
  phentsize?: number;
  phnum?: number;
  headers?: TestPhdr[];
  /** Length of the file. */
  size?: number;
}

/** Where the default image lies. */
export const BASE: Readonly<Record<Bits, number>> = { 32: 0x08048000, 64: 0x400000 };

/** A text segment of one page with the headers in it and the entry at +0x800, and a data segment with bss. */
export function defaultHeaders(bits: Bits): [TestPhdr, TestPhdr] {
  const text = { flags: PF_R | PF_X, offset: 0, address: BASE[bits], fileSize: 0x1000, memorySize: 0x1000 };
  const data = {
    flags: PF_R | PF_W,
    offset: 0x1100,
    address: BASE[bits] + 0x1100,
    fileSize: 0x234,
    memorySize: 0x3456,
  };
  return [text, data];
}

export function buildElf(elf: TestElf): Uint8Array<ArrayBuffer> {
  const { bits } = elf;
  const [ehdr, phdr] = bits === 64 ? [Elf64_Ehdr, Elf64_Phdr] : [Elf32_Ehdr, Elf32_Phdr];
  const headers = elf.headers ?? defaultHeaders(bits);
  const file = new Uint8Array(Math.max(ehdr.size + headers.length * phdr.size, elf.size ?? 0x2000));
  const view = new DataView(file.buffer);
  const ident = new Uint8Array(16);
  ident.set([0x7f, 0x45, 0x4c, 0x46]);
  ident[EI_CLASS] = elf.elfClass ?? (bits === 64 ? ELFCLASS64 : ELFCLASS32);
  ident[EI_DATA] = elf.data ?? ELFDATA2LSB;
  ident[6] = 1;
  ehdr.write(view, 0, {
    e_ident: ident,
    e_type: elf.type ?? ET_EXEC,
    e_machine: elf.machine ?? (bits === 64 ? EM_X86_64 : EM_386),
    e_version: 1,
    e_entry: elf.entry ?? BASE[bits] + 0x800,
    e_phoff: ehdr.size,
    e_shoff: 0,
    e_flags: 0,
    e_ehsize: ehdr.size,
    e_phentsize: elf.phentsize ?? phdr.size,
    e_phnum: elf.phnum ?? headers.length,
    e_shentsize: 0,
    e_shnum: 0,
    e_shstrndx: 0,
  });
  headers.forEach((header, i) => {
    const common = {
      p_type: header.type ?? PT_LOAD,
      p_flags: header.flags ?? 0,
      p_offset: header.offset ?? 0,
      p_vaddr: header.address ?? 0,
      p_paddr: header.address ?? 0,
      p_filesz: header.fileSize ?? 0,
      p_memsz: header.memorySize ?? header.fileSize ?? 0,
    };
    const at = ehdr.size + i * phdr.size;
    const alignment = header.alignment ?? 0x1000;
    if (bits === 64) Elf64_Phdr.write(view, at, { ...common, p_align: BigInt(alignment) });
    else Elf32_Phdr.write(view, at, { ...common, p_align: alignment });
  });
  return file.slice(0, elf.size ?? file.length);
}
