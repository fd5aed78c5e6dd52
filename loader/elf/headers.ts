/** The ELF header and the program headers: decoded, the same for both classes, and checked as far as they alone go. */
import {
  EI_CLASS,
  EI_DATA,
  Elf32_Ehdr,
  Elf32_Phdr,
  Elf64_Ehdr,
  Elf64_Phdr,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2MSB,
  ELFMAG,
  EM_386,
  EM_486,
  EM_X86_64,
  ET_CORE,
  ET_DYN,
  ET_EXEC,
  ET_REL,
} from "../../kernel/abi/elf.ts";
import type { Bits } from "../../kernel/host.ts";
import { describeForeign, machineName } from "./identify.ts";
import { hex, LoadError } from "./load_error.ts";
import { type ElfSource, readExactly } from "./source.ts";

/** Linux's limit on the program header table, in bytes. */
const MAX_TABLE_SIZE = 65536;

export interface ProgramHeader {
  /** Position in the table, as readelf counts. */
  readonly index: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  /** p_align when it is a power of two, else 1: Linux ignores any other. */
  readonly alignment: number;
}

export interface ElfHeaders {
  readonly bits: Bits;
  readonly machine: number;
  readonly type: "exec" | "dyn";
  readonly entry: number;
  readonly programHeaderOffset: number;
  readonly programHeaderSize: number;
  readonly programHeaders: readonly ProgramHeader[];
  /** Nothing about it has been checked. */
  readonly sectionTable: {
    readonly offset: number;
    readonly count: number;
    readonly entrySize: number;
    /** Which section holds the names. */
    readonly namesIndex: number;
  };
}

/** Reads and checks what Linux checks before it looks at single segments (fs/binfmt_elf.c:load_elf_phdrs). */
export function readHeaders(source: ElfSource): ElfHeaders | LoadError {
  const start = source.read(0, Elf32_Ehdr.size);
  if (!ELFMAG.every((byte, i) => start[i] === byte)) return new LoadError(describeForeign(source));
  if (start.length < Elf32_Ehdr.size) return new LoadError(`is truncated: it has only ${source.size} bytes`);
  const { e_ident, e_type, e_machine } = Elf32_Ehdr.decode(start); // as far as e_version both classes are alike
  const foreign = checkIdentity(e_ident, e_type, e_machine);
  if (foreign !== undefined) return new LoadError(foreign);

  const bits = e_machine === EM_X86_64 ? 64 : 32;
  const header = bits === 64 ? Elf64_Ehdr : Elf32_Ehdr;
  const raw = readExactly(source, 0, header.size);
  if (raw === undefined) return new LoadError(`is truncated: it has only ${source.size} bytes`);
  const ehdr = header.decode(raw);
  const phdr = bits === 64 ? Elf64_Phdr : Elf32_Phdr;
  if (ehdr.e_phnum === 0) return new LoadError("is not executable: it has no program headers");
  if (ehdr.e_phentsize !== phdr.size) {
    return new LoadError(`is damaged: its program headers have ${ehdr.e_phentsize} bytes, not ${phdr.size}`);
  }
  const size = ehdr.e_phnum * phdr.size;
  if (size > MAX_TABLE_SIZE) return new LoadError(`is damaged: ${ehdr.e_phnum} program headers are too many`);
  const table = readExactly(source, ehdr.e_phoff, size);
  if (table === undefined) return truncated("its program header table", ehdr.e_phoff + size, source.size);
  return {
    bits,
    machine: bits === 64 ? EM_X86_64 : EM_386,
    type: ehdr.e_type === ET_EXEC ? "exec" : "dyn",
    entry: ehdr.e_entry,
    programHeaderOffset: ehdr.e_phoff,
    programHeaderSize: phdr.size,
    programHeaders: decodeTable(table, phdr),
    sectionTable: {
      offset: ehdr.e_shoff,
      count: ehdr.e_shnum,
      entrySize: ehdr.e_shentsize,
      namesIndex: ehdr.e_shstrndx,
    },
  };
}

/** The error for something that ends beyond the end of the file. */
export function truncated(what: string, end: number, size: number): LoadError {
  return new LoadError(`is truncated: ${what} ends at byte ${hex(end)}, the file has ${hex(size)}`);
}

function decodeTable(table: Uint8Array, phdr: typeof Elf32_Phdr | typeof Elf64_Phdr): ProgramHeader[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: table.length / phdr.size }, (_, index) => {
    const header = phdr.read(view, index * phdr.size);
    const alignment = BigInt(header.p_align);
    const isPowerOfTwo = alignment !== 0n && (alignment & alignment - 1n) === 0n;
    return {
      index,
      type: header.p_type,
      flags: header.p_flags,
      offset: header.p_offset,
      address: header.p_vaddr,
      fileSize: header.p_filesz,
      memorySize: header.p_memsz,
      alignment: isPowerOfTwo ? Number(alignment) : 1,
    };
  });
}

/**
 * Why the file is not for this machine, if it is not. Linux goes by e_machine alone. Like it we take a nonsensical
 * class or byte order (hand-made tiny programs have them), but one that says something else means damage.
 */
function checkIdentity(ident: Uint8Array, type: number, machine: number): string | undefined {
  if (ident[EI_DATA] === ELFDATA2MSB) {
    return `is a big-endian ELF file for ${machineName((machine & 0xff) << 8 | machine >> 8)}`;
  }
  const is386 = machine === EM_386 || machine === EM_486;
  if (!is386 && machine !== EM_X86_64) return `is an ELF file for ${machineName(machine)}`;
  if (is386 && ident[EI_CLASS] === ELFCLASS64) return "has the wrong ELF class: i386 code in a 64-bit file";
  if (!is386 && ident[EI_CLASS] === ELFCLASS32) {
    return "has the wrong ELF class: x86-64 code in a 32-bit file (x32 programs are not supported)";
  }
  if (type === ET_EXEC || type === ET_DYN) return undefined;
  if (type === ET_REL) return "is an object file; it has to be linked first";
  if (type === ET_CORE) return "is a core dump";
  return `is not executable: its ELF type is ${type}`;
}
