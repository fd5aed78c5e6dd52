/** Loadable segments: checked against each other, the file and the address space, and laid out in pages. */
import { PF_R, PF_W, PF_X, PT_LOAD } from "../../kernel/abi/elf.ts";
import { type Bits, PAGE_SIZE, PROT_EXEC, PROT_READ, PROT_WRITE } from "../../kernel/host.ts";
import { type ElfHeaders, type ProgramHeader, truncated } from "./headers.ts";
import { hex, LoadError } from "./load_error.ts";

/**
 * One PT_LOAD and how to map it, as Linux does (fs/binfmt_elf.c:elf_load). Addresses are the file's own: for "dyn"
 * add the bias. Map in the order of the list; where pages of two segments meet, the later one wins.
 */
export interface ElfSegment {
  /** Position in the program header table, as readelf counts. */
  readonly index: number;
  readonly fileOffset: number;
  readonly address: number;
  readonly fileSize: number;
  /** At least `fileSize`; both are 0 in a segment that maps nothing. */
  readonly memorySize: number;
  /** PROT_* from p_flags. */
  readonly prot: number;

  /** File pages, privately mapped with `prot`. They show the file around the segment too, up to the page's end. */
  readonly mapAddress: number;
  readonly mapSize: number;
  readonly mapOffset: number;
  /** End of the last file page, to be zeroed after mapping; like Linux, only in a writable segment. */
  readonly zeroStart: number;
  readonly zeroSize: number;
  /** Zero pages after the file pages; readable and writable, whatever p_flags says. */
  readonly bssStart: number;
  readonly bssSize: number;
  readonly bssProt: number;
}

/** TASK_SIZE: addresses a program may use end here. */
export const TASK_SIZE: Readonly<Record<Bits, number>> = { 32: 0xffffe000, 64: 2 ** 47 - PAGE_SIZE };
/** vm.mmap_min_addr as distributions set it, and where Windows' user addresses begin. */
export const MMAP_MIN_ADDR = 0x10000;
/** Total memory of an image; no machine could hold more, so a file that asks for it is damaged. */
export const MAX_IMAGE_SIZE = 2 ** 40;

const pageFloor = (address: number) => address - address % PAGE_SIZE;
const pageCeil = (address: number) => pageFloor(address + PAGE_SIZE - 1);

export function readSegments(headers: ElfHeaders, fileLength: number): ElfSegment[] | LoadError {
  const loads = headers.programHeaders.filter((header) => header.type === PT_LOAD);
  if (loads.length === 0) return new LoadError("is not executable: it has no loadable segments");
  for (const load of loads) {
    const error = checkSegment(load, headers, fileLength);
    if (error !== undefined) return error;
  }
  const segments = loads.map(layOut);
  return checkTogether(segments) ?? segments;
}

function checkSegment(load: ProgramHeader, headers: ElfHeaders, fileLength: number): LoadError | undefined {
  const { index, offset, address, fileSize, memorySize } = load;
  const limit = TASK_SIZE[headers.bits];
  const damaged = (what: string) => new LoadError(`is damaged: segment ${index} ${what}`);
  if (fileSize > memorySize) {
    return damaged(`has ${hex(fileSize)} bytes in the file but ${hex(memorySize)} in memory`);
  }
  if (memorySize > Math.min(limit, MAX_IMAGE_SIZE)) {
    return damaged(`is absurdly large (${hex(memorySize)} bytes)`);
  }
  if (address >= limit || address + memorySize > limit) {
    return damaged(`lies outside the address space (${hex(address)}, ${hex(memorySize)} bytes)`);
  }
  if (headers.type === "dyn" && load.alignment >= limit) {
    return damaged(`has the absurd alignment ${hex(load.alignment)}`);
  }
  if (memorySize === 0) return undefined;
  if (headers.type === "exec" && pageFloor(address) < MMAP_MIN_ADDR) {
    return new LoadError(
      `can't be loaded: segment ${index} lies at ${hex(address)}, below ${hex(MMAP_MIN_ADDR)}`,
    );
  }
  if (fileSize === 0) return undefined;
  if (offset + fileSize > fileLength) return truncated(`segment ${index}`, offset + fileSize, fileLength);
  if (offset % PAGE_SIZE !== address % PAGE_SIZE) {
    return damaged(`is not aligned: address ${hex(address)}, file offset ${hex(offset)}`);
  }
  return undefined;
}

/**
 * Linux lets a segment overwrite the bytes of another. No linker makes such a file, so it is refused; what linkers
 * make, segments that only share a page or that are not in ascending order, is not.
 */
function checkTogether(segments: readonly ElfSegment[]): LoadError | undefined {
  const ascending = segments.filter((s) => s.memorySize > 0).sort((a, b) => a.address - b.address);
  let total = 0;
  let previous: ElfSegment | undefined;
  for (const segment of ascending) {
    if (previous !== undefined && previous.address + previous.memorySize > segment.address) {
      const [a, b] = [previous.index, segment.index].sort((x, y) => x - y);
      return new LoadError(`is damaged: segments ${a} and ${b} overlap in memory`);
    }
    total += segment.mapSize + segment.bssSize;
    previous = segment;
  }
  if (total > MAX_IMAGE_SIZE) return new LoadError(`is damaged: it asks for ${hex(total)} bytes of memory`);
  return undefined;
}

function layOut(load: ProgramHeader): ElfSegment {
  const { index, flags, offset, address, fileSize, memorySize } = load;
  const prot = (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) |
    (flags & PF_X ? PROT_EXEC : 0);
  const mapAddress = pageFloor(address);
  const fileEnd = address + fileSize;
  const mapEnd = fileSize > 0 ? pageCeil(fileEnd) : mapAddress;
  const hasZeros = memorySize > fileSize;
  const bssEnd = hasZeros ? pageCeil(address + memorySize) : mapEnd;
  return {
    index,
    fileOffset: offset,
    address,
    fileSize,
    memorySize,
    prot,
    mapAddress,
    mapSize: mapEnd - mapAddress,
    mapOffset: fileSize > 0 ? offset - offset % PAGE_SIZE : 0,
    zeroStart: fileSize > 0 ? fileEnd : mapEnd,
    zeroSize: hasZeros && fileSize > 0 && (prot & PROT_WRITE) !== 0 ? mapEnd - fileEnd : 0,
    bssStart: mapEnd,
    bssSize: bssEnd - mapEnd,
    bssProt: PROT_READ | PROT_WRITE | prot & PROT_EXEC,
  };
}
