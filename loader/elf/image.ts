/** An ELF file as execve(2) needs it (fs/binfmt_elf.c:load_elf_binary), checked before anything is mapped. */
import {
  PF_X,
  PT_DYNAMIC,
  PT_GNU_EH_FRAME,
  PT_GNU_PROPERTY,
  PT_GNU_RELRO,
  PT_GNU_STACK,
  PT_INTERP,
  PT_LOAD,
  PT_TLS,
} from "../../kernel/abi/elf.ts";
import { type Bits, PAGE_SIZE, PROT_EXEC, PROT_READ } from "../../kernel/host.ts";
import { type ElfHeaders, type ProgramHeader, readHeaders, truncated } from "./headers.ts";
import { hex, LoadError } from "./load_error.ts";
import { type ElfSegment, readSegments } from "./segments.ts";
import { type ElfSource, readExactly } from "./source.ts";

const PATH_MAX = 4096;

export interface AddressRange {
  readonly address: number;
  /** Bytes. */
  readonly size: number;
}

export interface ElfTls extends AddressRange {
  readonly fileOffset: number;
  readonly fileSize: number;
  readonly alignment: number;
}

/** All addresses are the file's own; of a "dyn" image the kernel adds its bias to every one. */
export interface ElfImage {
  readonly bits: Bits;
  /** EM_386 or EM_X86_64. */
  readonly machine: number;
  /** "dyn": position-independent, a program (PIE, static PIE) or the dynamic linker itself. */
  readonly type: "exec" | "dyn";
  readonly entry: number;
  /** In the order of the file, which is the order of mapping. */
  readonly segments: readonly ElfSegment[];
  /** All mappings lie between these page addresses. */
  readonly lowest: number;
  readonly highest: number;
  /** The bias of a "dyn" image must be a multiple of this: the largest that a segment asks for, at least a page. */
  readonly alignment: number;
  /** For AT_PHDR, AT_PHNUM, AT_PHENT. Like Linux's, the address is 0 when no segment holds the table. */
  readonly programHeaders: {
    readonly address: number;
    readonly count: number;
    readonly entrySize: number;
  };
  /** PT_INTERP: path of the dynamic linker. */
  readonly interpreter: string | undefined;
  /** PT_GNU_STACK; undefined without one. */
  readonly executableStack: boolean | undefined;
  /** i386 without PT_GNU_STACK: every readable page, the stack's too, is executable (READ_IMPLIES_EXEC). */
  readonly readImpliesExec: boolean;
  /** End of the last segment in memory; the heap begins on the next page. */
  readonly brk: number;
  /** As in proc_pid_stat(5): startcode, endcode, start_data, end_data. */
  readonly startCode: number;
  readonly endCode: number;
  readonly startData: number;
  readonly endData: number;
  /** The following are absent when the file has none or when they don't lie in a segment. */
  readonly ehFrameHeader: AddressRange | undefined;
  readonly dynamic: AddressRange | undefined;
  readonly tls: ElfTls | undefined;
  readonly relro: AddressRange | undefined;
  readonly property: AddressRange | undefined;
  /** Where section headers are said to be; unchecked, see `codeRanges`. */
  readonly sectionTable: ElfHeaders["sectionTable"];
}

/** `what`: whether a shared library without an entry point will do. */
export function readElf(source: ElfSource, what: "program" | "any" = "program"): ElfImage | LoadError {
  const headers = readHeaders(source);
  if (headers instanceof LoadError) return headers;
  const interpreter = readInterpreter(headers, source);
  if (interpreter instanceof LoadError) return interpreter;
  const segments = readSegments(headers, source.size);
  if (segments instanceof LoadError) return segments;

  const stack = headers.programHeaders.findLast((header) => header.type === PT_GNU_STACK);
  const readImpliesExec = stack === undefined && headers.bits === 32;
  const library = what === "any" && headers.type === "dyn" && headers.entry === 0;
  const error = library ? undefined : checkEntry(headers, segments, readImpliesExec);
  if (error !== undefined) return error;

  const mapped = segments.filter((s) => s.memorySize > 0);
  const code = segments.filter((s) => (s.prot & PROT_EXEC) !== 0);
  const range = (type: number) => findRange(headers, segments, type);
  return {
    bits: headers.bits,
    machine: headers.machine,
    type: headers.type,
    entry: headers.entry,
    segments,
    lowest: Math.min(...mapped.map((s) => s.mapAddress)),
    highest: Math.max(...mapped.map((s) => s.bssStart + s.bssSize)),
    alignment: headers.type === "dyn" ? largestAlignment(headers) : PAGE_SIZE,
    programHeaders: {
      address: findProgramHeaders(headers, segments),
      count: headers.programHeaders.length,
      entrySize: headers.programHeaderSize,
    },
    interpreter,
    executableStack: stack === undefined ? undefined : (stack.flags & PF_X) !== 0,
    readImpliesExec,
    brk: Math.max(...segments.map((s) => s.address + s.memorySize)),
    startCode: code.length === 0 ? 0 : Math.min(...code.map((s) => s.address)),
    endCode: Math.max(0, ...code.map((s) => s.address + s.fileSize)),
    startData: Math.max(...segments.map((s) => s.address)),
    endData: Math.max(...segments.map((s) => s.address + s.fileSize)),
    ehFrameHeader: range(PT_GNU_EH_FRAME),
    dynamic: range(PT_DYNAMIC),
    tls: findTls(headers, segments),
    relro: range(PT_GNU_RELRO),
    property: range(PT_GNU_PROPERTY),
    sectionTable: headers.sectionTable,
  };
}

function readInterpreter(headers: ElfHeaders, source: ElfSource): string | undefined | LoadError {
  const header = headers.programHeaders.find((h) => h.type === PT_INTERP);
  if (header === undefined) return undefined;
  if (header.fileSize < 2 || header.fileSize > PATH_MAX) {
    return new LoadError(`is damaged: the name of its interpreter has ${hex(header.fileSize)} bytes`);
  }
  const end = header.offset + header.fileSize;
  if (end > source.size) return truncated("the name of its interpreter", end, source.size);
  const name = readExactly(source, header.offset, header.fileSize);
  if (name === undefined || name.at(-1) !== 0) {
    return new LoadError("is damaged: the name of its interpreter has no end");
  }
  return new TextDecoder().decode(name.slice(0, name.indexOf(0)));
}

/** Where Linux starts a program that would fault on its first instruction, this says why. */
function checkEntry(
  headers: ElfHeaders,
  segments: readonly ElfSegment[],
  readImpliesExec: boolean,
): LoadError | undefined {
  const needed = readImpliesExec ? PROT_READ | PROT_EXEC : PROT_EXEC;
  const { entry } = headers;
  const home = segments.findLast((s) => entry >= s.mapAddress && entry < s.bssStart + s.bssSize);
  if (home !== undefined && (home.prot & needed) !== 0) return undefined;
  if (entry === 0 && headers.type === "dyn") {
    return new LoadError("is a shared library: it has no entry point");
  }
  return new LoadError(
    home === undefined
      ? `is damaged: its entry point ${hex(entry)} lies in no segment`
      : `is damaged: its entry point ${hex(entry)} lies in segment ${home.index}, which is not executable`,
  );
}

function largestAlignment(headers: ElfHeaders): number {
  const loads = headers.programHeaders.filter((header) => header.type === PT_LOAD);
  return Math.max(PAGE_SIZE, ...loads.map((load) => load.alignment));
}

function findProgramHeaders(headers: ElfHeaders, segments: readonly ElfSegment[]): number {
  const at = headers.programHeaderOffset;
  const home = segments.findLast((s) => s.fileOffset <= at && at < s.fileOffset + s.fileSize);
  return home === undefined ? 0 : at - home.fileOffset + home.address;
}

/** Whether a part of the image lies in what one segment maps from the file. */
function isLoaded(segments: readonly ElfSegment[], address: number, size: number): boolean {
  return segments.some((s) => address >= s.address && address + size <= s.address + s.fileSize);
}

function find(headers: ElfHeaders, type: number): ProgramHeader | undefined {
  return headers.programHeaders.find((header) => header.type === type);
}

function findRange(
  headers: ElfHeaders,
  segments: readonly ElfSegment[],
  type: number,
): AddressRange | undefined {
  const header = find(headers, type);
  if (header === undefined || header.fileSize === 0) return undefined;
  if (!isLoaded(segments, header.address, header.fileSize)) return undefined;
  return { address: header.address, size: header.memorySize };
}

function findTls(headers: ElfHeaders, segments: readonly ElfSegment[]): ElfTls | undefined {
  const header = find(headers, PT_TLS);
  if (header === undefined || header.memorySize < header.fileSize) return undefined;
  if (header.fileSize > 0 && !isLoaded(segments, header.address, header.fileSize)) return undefined;
  const { address, memorySize: size, offset: fileOffset, fileSize, alignment } = header;
  return { address, size, fileOffset, fileSize, alignment };
}
