/**
 * The addresses that a position independent module's relocations and symbols can produce: every absolute pointer
 * into its code is among them, where a scan of its data would also take numbers for pointers.
 *
 * ELF gABI chapter 5 ("Dynamic Section", "Relocation"), the psABIs for the relocation types.
 */
import type { Mode } from "./decoder.ts";
import type { DataRange } from "./region.ts";

const DT_HASH = 4, DT_SYMTAB = 6, DT_RELA = 7, DT_RELASZ = 8, DT_INIT = 12, DT_FINI = 13, DT_REL = 17;
const DT_RELSZ = 18, DT_JMPREL = 23, DT_PLTRELSZ = 2, DT_RELRSZ = 35, DT_RELR = 36, DT_GNU_HASH = 0x6ffffef5;
const DT_STRTAB = 5;

interface Loaded {
  readonly address: number;
  readonly view: DataView;
}

/** Reads words of the module at their addresses; 0 where there is nothing. */
class Module {
  readonly #ranges: readonly Loaded[];
  readonly wide: boolean;
  /** Where the last word was: most stand in tables. */
  #last: Loaded | undefined;

  constructor(mode: Mode, loaded: readonly DataRange[]) {
    this.wide = mode === 64;
    this.#ranges = loaded.map(({ address, bytes }) => ({
      address,
      view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    }));
  }

  #find(address: number, size: number): Loaded | undefined {
    const last = this.#last;
    if (last !== undefined && holds(last, address, size)) return last;
    return this.#last = this.#ranges.find((range) => holds(range, address, size));
  }

  u32(address: number): number {
    const range = this.#find(address, 4);
    return range === undefined ? 0 : range.view.getUint32(address - range.address, true);
  }

  word(address: number): number {
    if (!this.wide) return this.u32(address);
    const range = this.#find(address, 8);
    if (range === undefined) return 0;
    const { view } = range, at = address - range.address;
    return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
  }
}

function holds({ address: start, view }: Loaded, address: number, size: number): boolean {
  return address >= start && address + size <= start + view.byteLength;
}

/**
 * `loaded` are the module's segments as in the file, `dynamic` the address of PT_DYNAMIC. The result may hold
 * other addresses too. Undefined if there are no relocations to rely on: then the data has to be scanned.
 */
export function codePointers(
  mode: Mode,
  loaded: readonly DataRange[],
  dynamic: number,
): number[] | undefined {
  const module = new Module(mode, loaded), size = mode === 64 ? 8 : 4;
  const tags = new Map<number, number>();
  for (let at = dynamic, left = 1024; left > 0; at += 2 * size, left--) {
    const tag = module.word(at);
    if (tag === 0) break;
    tags.set(tag, module.word(at + size));
  }
  const tag = (name: number) => tags.get(name) ?? 0;
  if (tag(DT_RELASZ) + tag(DT_RELSZ) + tag(DT_RELRSZ) === 0) return undefined;
  const out = [tag(DT_INIT), tag(DT_FINI)];
  readTable(module, tag(DT_RELA), tag(DT_RELASZ), true, out);
  readTable(module, tag(DT_REL), tag(DT_RELSZ), false, out);
  readTable(module, tag(DT_JMPREL), tag(DT_PLTRELSZ), mode === 64, out);
  readRelr(module, tag(DT_RELR), tag(DT_RELRSZ), out);
  readSymbols(module, tags, out);
  return out;
}

/** Addends: of all types, since it costs nothing and IRELATIVE and 64 have some too. */
function readTable(module: Module, table: number, bytes: number, rela: boolean, out: number[]): void {
  const word = module.wide ? 8 : 4, entry = rela ? 3 * word : 2 * word;
  for (let at = table; at + entry <= table + bytes; at += entry) {
    out.push(rela ? module.word(at + 2 * word) : module.word(module.word(at)));
  }
}

/** DT_RELR: addresses and bitmaps of RELATIVE relocations (gABI, "Relative Relocation Table"). */
function readRelr(module: Module, table: number, bytes: number, out: number[]): void {
  const size = module.wide ? 8 : 4;
  let where = 0;
  for (let at = table; at + size <= table + bytes; at += size) {
    const low = module.u32(at), high = module.wide ? module.u32(at + 4) : 0;
    if ((low & 1) === 0) {
      const address = module.word(at);
      out.push(module.word(address));
      where = address + size;
      continue;
    }
    for (let bit = 1; bit < size * 8; bit++) {
      const set = bit < 32 ? low >>> bit & 1 : high >>> bit - 32 & 1;
      if (set) out.push(module.word(where + (bit - 1) * size));
    }
    where += (size * 8 - 1) * size;
  }
}

/** Symbol values: dlsym() and other modules get at them. The table ends where the strings start, in practice. */
function readSymbols(module: Module, tags: ReadonlyMap<number, number>, out: number[]): void {
  const table = tags.get(DT_SYMTAB) ?? 0, entry = module.wide ? 24 : 16;
  let end = tags.get(DT_STRTAB) ?? 0;
  const hash = tags.get(DT_HASH);
  if (hash !== undefined) end = table + module.u32(hash + 4) * entry;
  else if (end < table || !tags.has(DT_GNU_HASH)) end = table;
  for (let at = table; at + entry <= end; at += entry) {
    out.push(module.word(at + (module.wide ? 8 : 4)));
  }
}
