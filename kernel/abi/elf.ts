/**
 * Executable and Linkable Format (elf(5), uapi/linux/elf.h) and the auxiliary vector (uapi/linux/auxvec.h).
 * Only little-endian files are ever decoded with these layouts.
 */
import { bytes, struct, type TypeOf, u16, u32, u64, u64big } from "./layout.ts";

export const EI_NIDENT = 16;
/** The first bytes of e_ident. */
export const ELFMAG: readonly number[] = [0x7f, 0x45, 0x4c, 0x46];
/** Offsets in e_ident. */
export const EI_CLASS = 4;
export const EI_DATA = 5;

export const ELFCLASS32 = 1;
export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const ELFDATA2MSB = 2;

export const ET_NONE = 0;
export const ET_REL = 1;
export const ET_EXEC = 2;
export const ET_DYN = 3;
export const ET_CORE = 4;

export const EM_386 = 3;
/** An old number that Linux still takes for EM_386. */
export const EM_486 = 6;
export const EM_X86_64 = 62;

export const PT_NULL = 0;
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;
export const PT_SHLIB = 5;
export const PT_PHDR = 6;
export const PT_TLS = 7;
export const PT_GNU_EH_FRAME = 0x6474e550;
export const PT_GNU_STACK = 0x6474e551;
export const PT_GNU_RELRO = 0x6474e552;
export const PT_GNU_PROPERTY = 0x6474e553;

export const PF_X = 1;
export const PF_W = 2;
export const PF_R = 4;

/** Tags of the dynamic section. */
export const DT_NULL = 0;
export const DT_NEEDED = 1;
export const DT_STRTAB = 5;
export const DT_STRSZ = 10;
export const DT_SONAME = 14;
export const DT_RPATH = 15;
export const DT_TEXTREL = 22;
export const DT_BIND_NOW = 24;
export const DT_RUNPATH = 29;
export const DT_FLAGS = 30;
export const DT_FLAGS_1 = 0x6ffffffb;
export const DF_TEXTREL = 4;
export const DF_BIND_NOW = 8;
export const DF_1_NOW = 1;

export const SHN_UNDEF = 0;
export const SHT_NULL = 0;
export const SHT_PROGBITS = 1;
export const SHT_NOBITS = 8;
export const SHF_WRITE = 1;
export const SHF_ALLOC = 2;
export const SHF_EXECINSTR = 4;

/** ELF header, 52 bytes. */
export const Elf32_Ehdr = struct("Elf32_Ehdr", 52, {
  e_ident: bytes(EI_NIDENT),
  e_type: u16,
  e_machine: u16,
  e_version: u32,
  e_entry: u32,
  e_phoff: u32,
  e_shoff: u32,
  e_flags: u32,
  e_ehsize: u16,
  e_phentsize: u16,
  e_phnum: u16,
  e_shentsize: u16,
  e_shnum: u16,
  e_shstrndx: u16,
});

/** ELF header, 64 bytes. */
export const Elf64_Ehdr = struct("Elf64_Ehdr", 64, {
  e_ident: bytes(EI_NIDENT),
  e_type: u16,
  e_machine: u16,
  e_version: u32,
  e_entry: u64,
  e_phoff: u64,
  e_shoff: u64,
  e_flags: u32,
  e_ehsize: u16,
  e_phentsize: u16,
  e_phnum: u16,
  e_shentsize: u16,
  e_shnum: u16,
  e_shstrndx: u16,
});

/** Program header, 32 bytes. */
export const Elf32_Phdr = struct("Elf32_Phdr", 32, {
  p_type: u32,
  p_offset: u32,
  p_vaddr: u32,
  p_paddr: u32,
  p_filesz: u32,
  p_memsz: u32,
  p_flags: u32,
  p_align: u32,
});

/** Program header, 56 bytes. */
export const Elf64_Phdr = struct("Elf64_Phdr", 56, {
  p_type: u32,
  p_flags: u32,
  p_offset: u64,
  p_vaddr: u64,
  p_paddr: u64,
  p_filesz: u64,
  p_memsz: u64,
  p_align: u64big, // whether it is a power of two must not depend on rounding
});

/** Section header, 40 bytes. */
export const Elf32_Shdr = struct("Elf32_Shdr", 40, {
  sh_name: u32,
  sh_type: u32,
  sh_flags: u32,
  sh_addr: u32,
  sh_offset: u32,
  sh_size: u32,
  sh_link: u32,
  sh_info: u32,
  sh_addralign: u32,
  sh_entsize: u32,
});

/** Section header, 64 bytes. */
export const Elf64_Shdr = struct("Elf64_Shdr", 64, {
  sh_name: u32,
  sh_type: u32,
  sh_flags: u64big,
  sh_addr: u64,
  sh_offset: u64,
  sh_size: u64,
  sh_link: u32,
  sh_info: u32,
  sh_addralign: u64,
  sh_entsize: u64,
});

export type Ehdr = TypeOf<typeof Elf32_Ehdr> | TypeOf<typeof Elf64_Ehdr>;

/** Types in the auxiliary vector: pairs of words, type and value. */
export const AT_NULL = 0;
export const AT_EXECFD = 2;
export const AT_PHDR = 3;
export const AT_PHENT = 4;
export const AT_PHNUM = 5;
export const AT_PAGESZ = 6;
export const AT_BASE = 7;
export const AT_FLAGS = 8;
export const AT_ENTRY = 9;
export const AT_UID = 11;
export const AT_EUID = 12;
export const AT_GID = 13;
export const AT_EGID = 14;
export const AT_PLATFORM = 15;
export const AT_HWCAP = 16;
export const AT_CLKTCK = 17;
export const AT_SECURE = 23;
export const AT_RANDOM = 25;
export const AT_HWCAP2 = 26;
export const AT_RSEQ_FEATURE_SIZE = 27;
export const AT_RSEQ_ALIGN = 28;
export const AT_EXECFN = 31;
export const AT_SYSINFO = 32;
export const AT_SYSINFO_EHDR = 33;
export const AT_MINSIGSTKSZ = 51;
