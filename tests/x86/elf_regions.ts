/** For tests: the executable regions of an ELF file, as the loader would hand them to the rewriter. */
import {
  type AddressRange,
  codePointers,
  type CodeRegion,
  type DataRange,
  ehFrameAddress,
  functionRanges,
  Functions,
  type Mode,
} from "../../loader/x86/mod.ts";

const ET_DYN = 3,
  PT_LOAD = 1,
  PT_DYNAMIC = 2,
  PT_GNU_EH_FRAME = 0x6474e550,
  PF_X = 1,
  SHF_EXECINSTR = 4,
  SHT_PROGBITS = 1;

/** One CodeRegion for each executable segment; their bytes are views of `file`. */
export function elfRegions(file: Uint8Array): CodeRegion[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const mode: Mode = file[4] === 2 ? 64 : 32, wide = mode === 64;
  const word = (at: number) => wide ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
  const phoff = word(wide ? 32 : 28), phentsize = view.getUint16(wide ? 54 : 42, true);
  const loads: { address: number; bytes: Uint8Array; executable: boolean }[] = [];
  let header: DataRange | undefined, dynamic: number | undefined;
  for (let i = 0; i < view.getUint16(wide ? 56 : 44, true); i++) {
    const p = phoff + i * phentsize, type = view.getUint32(p, true);
    const flags = view.getUint32(p + (wide ? 4 : 24), true);
    const offset = word(p + (wide ? 8 : 4)), address = word(p + (wide ? 16 : 8));
    const range = { address, bytes: file.subarray(offset, offset + word(p + (wide ? 32 : 16))) };
    if (type === PT_LOAD) loads.push({ ...range, executable: (flags & PF_X) !== 0 });
    if (type === PT_GNU_EH_FRAME) header = range;
    if (type === PT_DYNAMIC) dynamic = address;
  }
  let functions = Functions.of([]);
  if (header !== undefined) {
    const address = ehFrameAddress(header, wide ? 8 : 4) ?? 0;
    const load = loads.find((l) => address >= l.address && address < l.address + l.bytes.length);
    if (load !== undefined) {
      functions = functionRanges(
        { address, bytes: load.bytes.subarray(address - load.address) },
        wide ? 8 : 4,
      );
    }
  }
  const pointers = dynamic !== undefined && view.getUint16(16, true) === ET_DYN
    ? codePointers(mode, loads, dynamic)
    : undefined;
  const executableRanges = sections(view, wide, word);
  return loads.filter(({ executable }) => executable).map(({ address, bytes }) => ({
    mode,
    address,
    bytes,
    functions,
    ...(executableRanges.length > 0 ? { executableRanges } : {}),
    ...(pointers !== undefined ? { pointers: [...pointers, word(24)] } : {}),
    data: loads.filter(({ executable }) => !executable),
  }));
}

function sections(view: DataView, wide: boolean, word: (at: number) => number): AddressRange[] {
  const shoff = word(wide ? 40 : 32), size = view.getUint16(wide ? 58 : 46, true);
  const out: AddressRange[] = [];
  for (let i = 0; i < view.getUint16(wide ? 60 : 48, true); i++) {
    const s = shoff + i * size;
    if (view.getUint32(s + 4, true) !== SHT_PROGBITS || (word(s + 8) & SHF_EXECINSTR) === 0) continue;
    const start = word(s + (wide ? 16 : 12));
    out.push({ start, end: start + word(s + (wide ? 32 : 20)) });
  }
  return out;
}
