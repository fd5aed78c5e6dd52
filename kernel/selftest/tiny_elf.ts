/** Static ELF programs of a few instructions, made in memory: what `atratus doctor` runs. */
import {
  EI_CLASS,
  EI_DATA,
  EI_NIDENT,
  Elf32_Ehdr,
  Elf32_Phdr,
  Elf64_Ehdr,
  Elf64_Phdr,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFMAG,
  EM_386,
  EM_X86_64,
  ET_EXEC,
  PF_R,
  PF_W,
  PF_X,
  PT_GNU_STACK,
  PT_LOAD,
} from "../abi/elf.ts";
import { type Bits, PAGE_SIZE } from "../host.ts";

/** Where linkers put programs; the data is on the page behind the code. */
const IMAGE_ADDRESS: Readonly<Record<Bits, number>> = { 32: 0x0804_8000, 64: 0x40_0000 };
const CODE_OFFSET = 0x100;
const EI_VERSION = 6;

/** Where the first byte of the data will be. */
export function dataAddress(bits: Bits): number {
  return IMAGE_ADDRESS[bits] + PAGE_SIZE;
}

/** An executable whose entry is the first byte of `code`; `data` is writable. Both are at most a page. */
export function tinyElf(bits: Bits, code: Uint8Array, data: Uint8Array): Uint8Array {
  const file = new Uint8Array(PAGE_SIZE + data.length);
  const view = new DataView(file.buffer);
  const base = IMAGE_ADDRESS[bits];
  const header = {
    e_ident: identity(bits),
    e_type: ET_EXEC,
    e_machine: bits === 64 ? EM_X86_64 : EM_386,
    e_version: 1,
    e_entry: base + CODE_OFFSET,
    e_phnum: 3,
  };
  const segments = [
    { p_type: PT_LOAD, p_flags: PF_R | PF_X, p_offset: 0, p_filesz: CODE_OFFSET + code.length },
    { p_type: PT_LOAD, p_flags: PF_R | PF_W, p_offset: PAGE_SIZE, p_filesz: data.length },
    { p_type: PT_GNU_STACK, p_flags: PF_R | PF_W, p_offset: 0, p_filesz: 0 },
  ].map((segment) => ({ ...segment, p_vaddr: base + segment.p_offset, p_memsz: segment.p_filesz }));
  if (bits === 64) {
    const { size } = Elf64_Ehdr;
    Elf64_Ehdr.patch(view, 0, { ...header, e_ehsize: size, e_phoff: size, e_phentsize: Elf64_Phdr.size });
    segments.forEach((segment, i) =>
      Elf64_Phdr.patch(view, size + i * Elf64_Phdr.size, { ...segment, p_align: BigInt(PAGE_SIZE) })
    );
  } else {
    const { size } = Elf32_Ehdr;
    Elf32_Ehdr.patch(view, 0, { ...header, e_ehsize: size, e_phoff: size, e_phentsize: Elf32_Phdr.size });
    segments.forEach((segment, i) =>
      Elf32_Phdr.patch(view, size + i * Elf32_Phdr.size, { ...segment, p_align: PAGE_SIZE })
    );
  }
  file.set(code, CODE_OFFSET);
  file.set(data, PAGE_SIZE);
  return file;
}

function identity(bits: Bits): Uint8Array {
  const ident = new Uint8Array(EI_NIDENT);
  ident.set(ELFMAG);
  ident[EI_CLASS] = bits === 64 ? ELFCLASS64 : ELFCLASS32;
  ident[EI_DATA] = ELFDATA2LSB;
  ident[EI_VERSION] = 1;
  return ident;
}
