/** Where the code of an image is, for the rewriter. */
import { Elf32_Shdr, Elf64_Shdr, SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS } from "../../kernel/abi/elf.ts";
import { PROT_EXEC, type Range } from "../../kernel/host.ts";
import type { ElfImage } from "./image.ts";
import type { ElfSegment } from "./segments.ts";
import { type ElfSource, readExactly } from "./source.ts";

/** More than any linker makes; bounds the memory for a damaged count in a huge file. */
const MAX_SECTIONS = 2 ** 20;
const WANTED = SHF_ALLOC | SHF_EXECINSTR;

/**
 * Address ranges that hold code, ascending, disjoint, each inside the file bytes of one segment. They are the
 * executable sections when the section headers make sense, which leaves out constants that share a segment with
 * code; else the whole executable segments.
 * The rest of an executable segment's pages can be executed too; a program that jumps there has no section for it.
 */
export function codeRanges(image: ElfImage, source: ElfSource): Range[] {
  const executable = image.segments.filter((s) =>
    s.fileSize > 0 && ((s.prot & PROT_EXEC) !== 0 || image.readImpliesExec && holds(s, image.entry))
  );
  const sections = executableSections(image, source, executable);
  const ranges = sections ?? executable.map((s) => ({ start: s.address, end: s.address + s.fileSize }));
  return merge(ranges);
}

function holds(segment: ElfSegment, address: number): boolean {
  return address >= segment.address && address < segment.address + segment.fileSize;
}

/** Undefined when the table is absent or contradicts the segments, or misses the entry point, if there is one. */
function executableSections(
  image: ElfImage,
  source: ElfSource,
  executable: readonly ElfSegment[],
): Range[] | undefined {
  const shdr = image.bits === 64 ? Elf64_Shdr : Elf32_Shdr;
  const { offset, entrySize } = image.sectionTable;
  if (offset === 0 || entrySize !== shdr.size) return undefined;
  const first = readExactly(source, offset, shdr.size);
  if (first === undefined) return undefined;
  // More sections than e_shnum can say: their number is in the first header.
  const count = image.sectionTable.count || shdr.decode(first).sh_size;
  if (count > MAX_SECTIONS) return undefined;
  const table = readExactly(source, offset, count * shdr.size);
  if (table === undefined) return undefined;

  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const ranges: Range[] = [];
  for (let i = 0; i < count; i++) {
    const section = shdr.read(view, i * shdr.size);
    if ((Number(BigInt(section.sh_flags) & 0xffn) & WANTED) !== WANTED) continue;
    if (section.sh_type === SHT_NOBITS || section.sh_size === 0) continue;
    const { sh_addr: start, sh_size: size } = section;
    const home = executable.find((s) => holds(s, start));
    if (home === undefined || start + size > home.address + home.fileSize) return undefined;
    if (section.sh_offset - home.fileOffset !== start - home.address) return undefined;
    ranges.push({ start, end: start + size });
  }
  const hasEntry = image.entry === 0 || ranges.some((r) => r.start <= image.entry && image.entry < r.end);
  return hasEntry && ranges.length > 0 ? ranges : undefined;
}

/** Sorts, and joins what touches or overlaps. */
function merge(ranges: Range[]): Range[] {
  const merged: { start: number; end: number }[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}
