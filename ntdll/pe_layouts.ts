/** Structures of Windows' program files (PE format; winnt.h). */
import { bytes as raw, pad, struct, u16, u32, u64 } from "../kernel/abi/layout.ts";

/** "MZ", "PE\0\0" and the optional header's magic numbers. */
export const DOS_MAGIC = 0x5a4d;
export const PE_MAGIC = 0x4550;
export const PE32_MAGIC = 0x10b;
export const PE64_MAGIC = 0x20b;

export const DOS_HEADER = struct("IMAGE_DOS_HEADER", 64, { e_magic: u16, _unused: pad(58), e_lfanew: u32 });

export const FILE_HEADER = struct("IMAGE_FILE_HEADER with signature", 24, {
  Signature: u32,
  Machine: u16,
  NumberOfSections: u16,
  TimeDateStamp: u32,
  PointerToSymbolTable: u32,
  NumberOfSymbols: u32,
  SizeOfOptionalHeader: u16,
  Characteristics: u16,
});

const COMMON_START = {
  Magic: u16,
  LinkerVersion: u16,
  SizeOfCode: u32,
  SizeOfInitializedData: u32,
  SizeOfUninitializedData: u32,
  AddressOfEntryPoint: u32,
  BaseOfCode: u32,
};
const COMMON_MIDDLE = {
  SectionAlignment: u32,
  FileAlignment: u32,
  MajorOperatingSystemVersion: u16,
  MinorOperatingSystemVersion: u16,
  ImageVersion: u32,
  MajorSubsystemVersion: u16,
  MinorSubsystemVersion: u16,
  Win32VersionValue: u32,
  SizeOfImage: u32,
  SizeOfHeaders: u32,
  CheckSum: u32,
  Subsystem: u16,
  DllCharacteristics: u16,
};
const COMMON_END = { LoaderFlags: u32, NumberOfRvaAndSizes: u32, DataDirectory: raw(128) };

export const OPTIONAL_HEADER64 = struct("IMAGE_OPTIONAL_HEADER64", 240, {
  ...COMMON_START,
  ImageBase: u64,
  ...COMMON_MIDDLE,
  SizeOfStackReserve: u64,
  SizeOfStackCommit: u64,
  SizeOfHeapReserve: u64,
  SizeOfHeapCommit: u64,
  ...COMMON_END,
});
export const OPTIONAL_HEADER32 = struct("IMAGE_OPTIONAL_HEADER32", 224, {
  ...COMMON_START,
  BaseOfData: u32,
  ImageBase: u32,
  ...COMMON_MIDDLE,
  SizeOfStackReserve: u32,
  SizeOfStackCommit: u32,
  SizeOfHeapReserve: u32,
  SizeOfHeapCommit: u32,
  ...COMMON_END,
});

export const SECTION_HEADER = struct("IMAGE_SECTION_HEADER", 40, {
  Name: raw(8),
  VirtualSize: u32,
  VirtualAddress: u32,
  SizeOfRawData: u32,
  PointerToRawData: u32,
  _relocationsAndLines: pad(12),
  Characteristics: u32,
});

export const IMPORT_DESCRIPTOR = struct("IMAGE_IMPORT_DESCRIPTOR", 20, {
  OriginalFirstThunk: u32,
  TimeDateStamp: u32,
  ForwarderChain: u32,
  Name: u32,
  FirstThunk: u32,
});

/** Places in OptionalHeader.DataDirectory. */
export const DIRECTORY_IMPORT = 1;
export const DIRECTORY_SECURITY = 4;
export const DIRECTORY_BASERELOC = 5;
export const DIRECTORY_DEBUG = 6;
export const DIRECTORY_IAT = 12;

/** VirtualAddress is relative to the image's base, but in DIRECTORY_SECURITY a place in the file. */
export const DATA_DIRECTORY = struct("IMAGE_DATA_DIRECTORY", 8, { VirtualAddress: u32, Size: u32 });

export const DEBUG_DIRECTORY = struct("IMAGE_DEBUG_DIRECTORY", 28, {
  Characteristics: u32,
  TimeDateStamp: u32,
  MajorVersion: u16,
  MinorVersion: u16,
  Type: u32,
  SizeOfData: u32,
  AddressOfRawData: u32,
  PointerToRawData: u32,
});
