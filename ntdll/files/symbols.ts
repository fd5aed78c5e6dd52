/**
 * The Windows functions that files and consoles need. Handles travel as Deno pointers (cheap in fast calls), object
 * attributes as the pointer to a block that native_path.ts prepares once; out-structures are buffers.
 */
import { bind } from "../bind.ts";

const NTDLL = {
  NtCreateFile: {
    parameters: [
      "buffer", // PHANDLE FileHandle
      "u32", // ACCESS_MASK DesiredAccess
      "pointer", // POBJECT_ATTRIBUTES ObjectAttributes
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PLARGE_INTEGER AllocationSize
      "u32", // ULONG FileAttributes
      "u32", // ULONG ShareAccess
      "u32", // ULONG CreateDisposition
      "u32", // ULONG CreateOptions
      "buffer", // PVOID EaBuffer
      "u32", // ULONG EaLength
    ],
    result: "u32", // NTSTATUS
  },
  NtClose: { parameters: ["pointer" /* HANDLE Handle */], result: "u32" },
  NtReadFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "pointer", // HANDLE Event
      "pointer", // PIO_APC_ROUTINE ApcRoutine
      "pointer", // PVOID ApcContext
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PVOID Buffer
      "u32", // ULONG Length
      "buffer", // PLARGE_INTEGER ByteOffset
      "pointer", // PULONG Key
    ],
    result: "u32", // NTSTATUS
  },
  NtWriteFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "pointer", // HANDLE Event
      "pointer", // PIO_APC_ROUTINE ApcRoutine
      "pointer", // PVOID ApcContext
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PVOID Buffer
      "u32", // ULONG Length
      "buffer", // PLARGE_INTEGER ByteOffset
      "pointer", // PULONG Key
    ],
    result: "u32", // NTSTATUS
  },
  NtFlushBuffersFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
    ],
    result: "u32", // NTSTATUS
  },
  NtQueryFullAttributesFile: {
    parameters: [
      "pointer", // POBJECT_ATTRIBUTES ObjectAttributes
      "buffer", // PFILE_NETWORK_OPEN_INFORMATION FileInformation
    ],
    result: "u32", // NTSTATUS
  },
  NtQueryInformationFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PVOID FileInformation
      "u32", // ULONG Length
      "u32", // FILE_INFORMATION_CLASS FileInformationClass
    ],
    result: "u32", // NTSTATUS
  },
  NtSetInformationFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PVOID FileInformation
      "u32", // ULONG Length
      "u32", // FILE_INFORMATION_CLASS FileInformationClass
    ],
    result: "u32", // NTSTATUS
  },
  NtQueryVolumeInformationFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PVOID FsInformation
      "u32", // ULONG Length
      "u32", // FS_INFORMATION_CLASS FsInformationClass
    ],
    result: "u32", // NTSTATUS
  },
  NtQueryDirectoryFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "pointer", // HANDLE Event
      "pointer", // PIO_APC_ROUTINE ApcRoutine
      "pointer", // PVOID ApcContext
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PVOID FileInformation
      "u32", // ULONG Length
      "u32", // FILE_INFORMATION_CLASS FileInformationClass
      "u8", // BOOLEAN ReturnSingleEntry
      "pointer", // PUNICODE_STRING FileName
      "u8", // BOOLEAN RestartScan
    ],
    result: "u32", // NTSTATUS
  },
  NtSetEaFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PVOID Buffer
      "u32", // ULONG Length
    ],
    result: "u32", // NTSTATUS
  },
  NtQueryEaFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "buffer", // PVOID Buffer
      "u32", // ULONG Length
      "u8", // BOOLEAN ReturnSingleEntry
      "buffer", // PVOID EaList
      "u32", // ULONG EaListLength
      "buffer", // PULONG EaIndex
      "u8", // BOOLEAN RestartScan
    ],
    result: "u32", // NTSTATUS
  },
  NtFsControlFile: {
    parameters: [
      "pointer", // HANDLE FileHandle
      "pointer", // HANDLE Event
      "pointer", // PIO_APC_ROUTINE ApcRoutine
      "pointer", // PVOID ApcContext
      "buffer", // PIO_STATUS_BLOCK IoStatusBlock
      "u32", // ULONG FsControlCode
      "buffer", // PVOID InputBuffer
      "u32", // ULONG InputBufferLength
      "buffer", // PVOID OutputBuffer
      "u32", // ULONG OutputBufferLength
    ],
    result: "u32", // NTSTATUS
  },
} as const satisfies Deno.ForeignLibraryInterface;

const KERNEL32 = {
  GetStdHandle: { parameters: ["u32" /* DWORD nStdHandle */], result: "pointer" },
  GetFileType: { parameters: ["pointer" /* HANDLE hFile */], result: "u32" },
  GetConsoleMode: {
    parameters: [
      "pointer", // HANDLE hConsoleHandle
      "buffer", // LPDWORD lpMode
    ],
    result: "i32", // BOOL
  },
  SetConsoleMode: {
    parameters: [
      "pointer", // HANDLE hConsoleHandle
      "u32", // DWORD dwMode
    ],
    result: "i32", // BOOL
  },
  GetConsoleScreenBufferInfo: {
    parameters: [
      "pointer", // HANDLE hConsoleOutput
      "buffer", // PCONSOLE_SCREEN_BUFFER_INFO lpConsoleScreenBufferInfo
    ],
    result: "i32", // BOOL
  },
  WriteConsoleW: {
    parameters: [
      "pointer", // HANDLE hConsoleOutput
      "buffer", // const VOID *lpBuffer
      "u32", // DWORD nNumberOfCharsToWrite
      "buffer", // LPDWORD lpNumberOfCharsWritten
      "pointer", // LPVOID lpReserved
    ],
    result: "i32", // BOOL
  },
  /** Waits for input, so it runs on a thread of its own. */
  ReadConsoleW: {
    parameters: [
      "pointer", // HANDLE hConsoleInput
      "buffer", // LPVOID lpBuffer
      "u32", // DWORD nNumberOfCharsToRead
      "buffer", // LPDWORD lpNumberOfCharsRead
      "pointer", // PCONSOLE_READCONSOLE_CONTROL pInputControl
    ],
    result: "i32", // BOOL
    nonblocking: true,
  },
  /** Waits for input, so it runs on a thread of its own. */
  ReadFile: {
    parameters: [
      "pointer", // HANDLE hFile
      "buffer", // LPVOID lpBuffer
      "u32", // DWORD nNumberOfBytesToRead
      "buffer", // LPDWORD lpNumberOfBytesRead
      "pointer", // LPOVERLAPPED lpOverlapped
    ],
    result: "i32", // BOOL
    nonblocking: true,
  },
  GetLogicalDrives: { parameters: [], result: "u32" /* DWORD */ },
  GetTempPathW: {
    parameters: [
      "u32", // DWORD nBufferLength
      "buffer", // LPWSTR lpBuffer
    ],
    result: "u32", // DWORD
  },
  GetCurrentDirectoryW: {
    parameters: [
      "u32", // DWORD nBufferLength
      "buffer", // LPWSTR lpBuffer
    ],
    result: "u32", // DWORD
  },
} as const satisfies Deno.ForeignLibraryInterface;

export type Nt = Deno.DynamicLibrary<typeof NTDLL>["symbols"];
export type Kernel32 = Deno.DynamicLibrary<typeof KERNEL32>["symbols"];

export interface FileFunctions {
  readonly nt: Nt;
  readonly kernel32: Kernel32;
}

/** The libraries; they stay open as long as the process. */
export function openFileFunctions(): FileFunctions {
  return {
    nt: bind("ntdll.dll", NTDLL),
    kernel32: bind("kernel32.dll", KERNEL32),
  };
}
