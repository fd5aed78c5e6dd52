/** The section headers, for reports: programs run without them, so damage means that there are none. */
import { Elf32_Shdr, Elf64_Shdr, SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE } from "../../kernel/abi/elf.ts";
import type { ElfImage } from "./image.ts";
import { type ElfSource, readExactly } from "./source.ts";
import { stringAt } from "./strings.ts";

export interface ElfSection {
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly writable: boolean;
  readonly executable: boolean;
}

/** The sections that are loaded, in the file's order. */
export function loadedSections(image: ElfImage, source: ElfSource): ElfSection[] {
  const shdr = image.bits === 64 ? Elf64_Shdr : Elf32_Shdr;
  const { offset, count, entrySize, namesIndex } = image.sectionTable;
  if (offset === 0 || entrySize !== shdr.size) return [];
  const table = readExactly(source, offset, count * shdr.size);
  if (table === undefined) return [];
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const headers = Array.from({ length: count }, (_, index) => shdr.read(view, index * shdr.size));
  const names = headers[namesIndex];
  const strings = names === undefined ? undefined : readExactly(source, names.sh_offset, names.sh_size);
  return headers
    .map((header) => ({ header, flags: Number(BigInt(header.sh_flags) & 0xffn) }))
    .filter(({ flags }) => (flags & SHF_ALLOC) !== 0)
    .map(({ header, flags }) => ({
      name: strings === undefined ? "" : stringAt(strings, header.sh_name),
      address: header.sh_addr,
      offset: header.sh_offset,
      size: header.sh_size,
      writable: (flags & SHF_WRITE) !== 0,
      executable: (flags & SHF_EXECINSTR) !== 0,
    }));
}
