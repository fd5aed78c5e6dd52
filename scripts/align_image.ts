/**
 * `deno run -A scripts/align_image.ts FILE`: lays the sections of a Windows program on whole pages of its file. Wine
 * maps such a program; another one it reads into memory at each start, which for Deno's 93 MB takes half the time of
 * a short run. To Windows both are the same.
 */
import {
  DATA_DIRECTORY,
  DEBUG_DIRECTORY,
  DIRECTORY_DEBUG,
  DIRECTORY_SECURITY,
  DOS_HEADER,
  DOS_MAGIC,
  FILE_HEADER,
  OPTIONAL_HEADER64,
  PE64_MAGIC,
  PE_MAGIC,
  SECTION_HEADER,
} from "../ntdll/pe_layouts.ts";

const PAGE = 4096;

interface Section {
  /** Where its header is in the file, and its contents are there and in memory. */
  readonly header: number;
  readonly from: number;
  readonly size: number;
  readonly address: number;
  /** Where its contents are going to be. */
  readonly to: number;
}

/**
 * The same program with its sections on pages. Its signature, which would not fit any more, is left out. Throws when
 * `image` is no 64-bit program, or has something in its file that is in no section.
 */
export function alignImage(image: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (image.length < DOS_HEADER.size || DOS_HEADER.read(view, 0).e_magic !== DOS_MAGIC) {
    throw new Error("is no Windows program");
  }
  const at = DOS_HEADER.read(view, 0).e_lfanew, optionalAt = at + FILE_HEADER.size;
  const file = FILE_HEADER.read(view, at), optional = OPTIONAL_HEADER64.read(view, optionalAt);
  if (file.Signature !== PE_MAGIC || optional.Magic !== PE64_MAGIC) throw new Error("is no 64-bit program");

  const headersAt = optionalAt + file.SizeOfOptionalHeader;
  const headersSize = ceil(optional.SizeOfHeaders);
  const sections = placeSections(view, headersAt, file.NumberOfSections, headersSize);
  const directory = (index: number) =>
    optionalAt + OPTIONAL_HEADER64.offset.DataDirectory + index * DATA_DIRECTORY.size;
  const signature = DATA_DIRECTORY.read(view, directory(DIRECTORY_SECURITY));
  const end = Math.max(...sections.map(({ from, size }) => from + size));
  if (end + signature.Size < image.length) throw new Error("has something behind its sections");

  const last = sections.at(-1)!;
  const aligned = new Uint8Array(ceil(last.to + last.size));
  aligned.set(image.subarray(0, optional.SizeOfHeaders));
  for (const { from, size, to } of sections) aligned.set(image.subarray(from, from + size), to);

  const out = new DataView(aligned.buffer);
  OPTIONAL_HEADER64.patch(out, optionalAt, { FileAlignment: PAGE, SizeOfHeaders: headersSize, CheckSum: 0 });
  for (const { header, size, to } of sections) {
    SECTION_HEADER.patch(out, header, { SizeOfRawData: ceil(size), PointerToRawData: to });
  }
  DATA_DIRECTORY.write(out, directory(DIRECTORY_SECURITY), { VirtualAddress: 0, Size: 0 });
  moveDebugData(out, sections, DATA_DIRECTORY.read(out, directory(DIRECTORY_DEBUG)));
  return aligned;
}

/** Those that have contents in the file, as they come in it; the first is going to be at `start`. */
function placeSections(view: DataView, headersAt: number, count: number, start: number): Section[] {
  const found = Array.from({ length: count }, (_, index) => {
    const header = headersAt + index * SECTION_HEADER.size;
    const { PointerToRawData: from, SizeOfRawData: size, VirtualAddress: address } = SECTION_HEADER.read(
      view,
      header,
    );
    return { header, from, size, address };
  }).filter(({ size }) => size > 0).sort((a, b) => a.from - b.from);
  if (found.length === 0) throw new Error("has no sections");
  let to = start;
  return found.map((section) => {
    const placed = { ...section, to };
    to += ceil(section.size);
    return placed;
  });
}

/** What debuggers look for is named by its place in the file, too. */
function moveDebugData(
  view: DataView,
  sections: readonly Section[],
  { VirtualAddress, Size }: { readonly VirtualAddress: number; readonly Size: number },
): void {
  const inFile = (address: number) => {
    const section = sections.find((one) => one.address <= address && address < one.address + one.size);
    return section && section.to + address - section.address;
  };
  const start = inFile(VirtualAddress);
  if (start === undefined) return;
  for (let at = start; at < start + Size; at += DEBUG_DIRECTORY.size) {
    const { AddressOfRawData } = DEBUG_DIRECTORY.read(view, at);
    DEBUG_DIRECTORY.patch(view, at, { PointerToRawData: inFile(AddressOfRawData) ?? 0 });
  }
}

function ceil(size: number): number {
  return Math.ceil(size / PAGE) * PAGE;
}

if (import.meta.main) {
  const [path = ""] = Deno.args;
  try {
    Deno.writeFileSync(`${path}.part`, alignImage(Deno.readFileSync(path)));
    Deno.renameSync(`${path}.part`, path);
  } catch (error) {
    console.error(`Cannot align ${path}: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
