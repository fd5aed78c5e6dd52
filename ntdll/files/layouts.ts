/** Windows structs of files (ntifs.h, wincon.h), as 64-bit atratus.exe sees them. */
import { i16, pad, struct, u16, u32, u64, u64big, u8 } from "../../kernel/abi/layout.ts";

export const UNICODE_STRING = struct("UNICODE_STRING", 16, {
  Length: u16,
  MaximumLength: u16,
  _pad: pad(4),
  Buffer: u64big,
});

export const OBJECT_ATTRIBUTES = struct("OBJECT_ATTRIBUTES", 48, {
  Length: u32,
  _pad0: pad(4),
  RootDirectory: u64big,
  ObjectName: u64big,
  Attributes: u32,
  _pad1: pad(4),
  SecurityDescriptor: u64big,
  SecurityQualityOfService: u64big,
});

/** Times are 100 ns since 1601, as pairs of words; filetime.ts converts them. */
export const FILE_NETWORK_OPEN_INFORMATION = struct("FILE_NETWORK_OPEN_INFORMATION", 56, {
  CreationTime: u64big,
  LastAccessTime: u64big,
  LastWriteTime: u64big,
  ChangeTime: u64big,
  AllocationSize: u64,
  EndOfFile: u64,
  FileAttributes: u32,
  _pad: pad(4),
});

/** FILE_ALL_INFORMATION up to the name. */
export const FILE_ALL_INFORMATION = struct("FILE_ALL_INFORMATION", 100, {
  CreationTime: u64big,
  LastAccessTime: u64big,
  LastWriteTime: u64big,
  ChangeTime: u64big,
  FileAttributes: u32,
  _pad0: pad(4),
  AllocationSize: u64,
  EndOfFile: u64,
  NumberOfLinks: u32,
  DeletePending: u8,
  Directory: u8,
  _pad1: pad(2),
  IndexNumber: u64big,
  EaSize: u32,
  AccessFlags: u32,
  CurrentByteOffset: u64,
  Mode: u32,
  AlignmentRequirement: u32,
  FileNameLength: u32,
});

/** All but the extended attributes' size, without the name, which costs more than the rest. Windows 10 1709. */
export const FILE_STAT_INFORMATION = struct("FILE_STAT_INFORMATION", 72, {
  FileId: u64big,
  CreationTime: u64big,
  LastAccessTime: u64big,
  LastWriteTime: u64big,
  ChangeTime: u64big,
  AllocationSize: u64,
  EndOfFile: u64,
  FileAttributes: u32,
  ReparseTag: u32,
  NumberOfLinks: u32,
  EffectiveAccess: u32,
});

export const FILE_BASIC_INFORMATION = struct("FILE_BASIC_INFORMATION", 40, {
  CreationTime: u64big,
  LastAccessTime: u64big,
  LastWriteTime: u64big,
  ChangeTime: u64big,
  FileAttributes: u32,
  _pad: pad(4),
});

export const FILE_STANDARD_INFORMATION = struct("FILE_STANDARD_INFORMATION", 24, {
  AllocationSize: u64,
  EndOfFile: u64,
  NumberOfLinks: u32,
  DeletePending: u8,
  Directory: u8,
  _pad: pad(2),
});

/** FILE_RENAME_INFORMATION and FILE_LINK_INFORMATION before the name. */
export const FILE_RENAME_INFORMATION = struct("FILE_RENAME_INFORMATION", 20, {
  Flags: u32,
  _pad: pad(4),
  RootDirectory: u64big,
  FileNameLength: u32,
});

/** FILE_ID_FULL_DIR_INFORMATION before the name. */
export const FILE_ID_FULL_DIR_INFORMATION = struct("FILE_ID_FULL_DIR_INFORMATION", 80, {
  NextEntryOffset: u32,
  FileIndex: u32,
  CreationTime: u64big,
  LastAccessTime: u64big,
  LastWriteTime: u64big,
  ChangeTime: u64big,
  EndOfFile: u64,
  AllocationSize: u64,
  FileAttributes: u32,
  FileNameLength: u32,
  /** The reparse tag, when FILE_ATTRIBUTE_REPARSE_POINT is set. */
  EaSize: u32,
  _pad: pad(4),
  FileId: u64big,
});

/** FILE_FULL_EA_INFORMATION before the name. */
export const FILE_FULL_EA_INFORMATION = struct("FILE_FULL_EA_INFORMATION", 8, {
  NextEntryOffset: u32,
  Flags: u8,
  EaNameLength: u8,
  EaValueLength: u16,
});

export const FILE_FS_FULL_SIZE_INFORMATION = struct("FILE_FS_FULL_SIZE_INFORMATION", 32, {
  TotalAllocationUnits: u64,
  CallerAvailableAllocationUnits: u64,
  ActualAvailableAllocationUnits: u64,
  SectorsPerAllocationUnit: u32,
  BytesPerSector: u32,
});

/** Before the file system's name. */
export const FILE_FS_ATTRIBUTE_INFORMATION = struct("FILE_FS_ATTRIBUTE_INFORMATION", 12, {
  FileSystemAttributes: u32,
  MaximumComponentNameLength: u32,
  FileSystemNameLength: u32,
});

/** Before the label. */
export const FILE_FS_VOLUME_INFORMATION = struct("FILE_FS_VOLUME_INFORMATION", 17, {
  VolumeCreationTime: u64big,
  VolumeSerialNumber: u32,
  VolumeLabelLength: u32,
  SupportsObjects: u8,
});

/** REPARSE_DATA_BUFFER before the tag's own data. */
export const REPARSE_DATA_BUFFER = struct("REPARSE_DATA_BUFFER", 8, {
  ReparseTag: u32,
  ReparseDataLength: u16,
  Reserved: u16,
});

/** FILE_PIPE_PEEK_BUFFER before the data. */
export const FILE_PIPE_PEEK_BUFFER = struct("FILE_PIPE_PEEK_BUFFER", 16, {
  NamedPipeState: u32,
  ReadDataAvailable: u32,
  NumberOfMessages: u32,
  MessageLength: u32,
});

export const CONSOLE_SCREEN_BUFFER_INFO = struct("CONSOLE_SCREEN_BUFFER_INFO", 22, {
  dwSizeX: i16,
  dwSizeY: i16,
  dwCursorPositionX: i16,
  dwCursorPositionY: i16,
  wAttributes: u16,
  srWindowLeft: i16,
  srWindowTop: i16,
  srWindowRight: i16,
  srWindowBottom: i16,
  dwMaximumWindowSizeX: i16,
  dwMaximumWindowSizeY: i16,
});
