/** The dynamic section: what the dynamic linker is asked for (gABI chapter 5, "Dynamic Section"). */
import {
  DF_1_NOW,
  DF_BIND_NOW,
  DF_TEXTREL,
  DT_BIND_NOW,
  DT_FLAGS,
  DT_FLAGS_1,
  DT_NEEDED,
  DT_NULL,
  DT_RPATH,
  DT_RUNPATH,
  DT_SONAME,
  DT_STRSZ,
  DT_STRTAB,
  DT_TEXTREL,
} from "../../kernel/abi/elf.ts";
import type { AddressRange, ElfImage } from "./image.ts";
import { type ElfSource, readExactly } from "./source.ts";
import { stringAt } from "./strings.ts";

export interface DynamicInfo {
  /** Names of libraries, in the order in which they are searched for symbols. */
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  /** DT_RUNPATH, or the old DT_RPATH. */
  readonly runpath: string | undefined;
  /** All symbols are bound at the start, so that RELRO covers the whole GOT. */
  readonly bindNow: boolean;
  /** Relocations change the code. */
  readonly textRelocations: boolean;
}

/** Undefined without a dynamic section, or with one that points out of the file. */
export function readDynamic(image: ElfImage, source: ElfSource): DynamicInfo | undefined {
  if (image.dynamic === undefined) return undefined;
  const table = readLoaded(image, source, image.dynamic);
  if (table === undefined) return undefined;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const word = image.bits / 8;
  const entries: { tag: number; value: number }[] = [];
  for (let at = 0; at + 2 * word <= table.length; at += 2 * word) {
    const tag = view.getUint32(at, true);
    if (tag === DT_NULL) break;
    // Tags fit 32 bits; DT_DEBUG and the like may hold anything, and are not looked at.
    entries.push({ tag, value: view.getUint32(at + word, true) + highWord(view, at, word) });
  }
  const find = (tag: number) => entries.find((entry) => entry.tag === tag)?.value;
  const strings = readLoaded(image, source, { address: find(DT_STRTAB) ?? 0, size: find(DT_STRSZ) ?? 0 });
  if (strings === undefined) return undefined;
  const text = (value: number | undefined) => value === undefined ? undefined : stringAt(strings, value);
  const flags = find(DT_FLAGS) ?? 0;
  return {
    needed: entries.filter(({ tag }) => tag === DT_NEEDED).map(({ value }) => stringAt(strings, value)),
    soname: text(find(DT_SONAME)),
    runpath: text(find(DT_RUNPATH) ?? find(DT_RPATH)),
    bindNow: find(DT_BIND_NOW) !== undefined || (flags & DF_BIND_NOW) !== 0 ||
      ((find(DT_FLAGS_1) ?? 0) & DF_1_NOW) !== 0,
    textRelocations: find(DT_TEXTREL) !== undefined || (flags & DF_TEXTREL) !== 0,
  };
}

function highWord(view: DataView, at: number, word: number): number {
  return word === 8 ? view.getUint32(at + word + 4, true) * 2 ** 32 : 0;
}

/** File bytes of a loaded range. */
function readLoaded(image: ElfImage, source: ElfSource, range: AddressRange): Uint8Array | undefined {
  const { address, size } = range;
  const home = image.segments.find((s) => address >= s.address && address + size <= s.address + s.fileSize);
  return home === undefined ? undefined : readExactly(source, home.fileOffset + address - home.address, size);
}
