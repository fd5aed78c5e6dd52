/**
 * The functions of ntdll.dll and kernel32.dll that containers, sections and the debug object need, with the C type
 * and name of each parameter (winternl.h, ntifs.h, processthreadsapi.h; phnt for what Microsoft leaves out).
 * Handles and addresses are u64 everywhere: atratus.exe is a 64-bit program.
 */

import { bind } from "./bind.ts";

const ntdllSymbols = {
  NtClose: { parameters: ["u64" /* HANDLE */], result: "u32" },
  NtCreateSection: {
    parameters: [
      "buffer", // PHANDLE SectionHandle
      "u32", // ACCESS_MASK DesiredAccess
      "pointer", // POBJECT_ATTRIBUTES
      "buffer", // PLARGE_INTEGER MaximumSize
      "u32", // ULONG SectionPageProtection
      "u32", // ULONG AllocationAttributes
      "u64", // HANDLE FileHandle
    ],
    result: "u32",
  },
  /** Windows 10 1803. */
  NtMapViewOfSectionEx: {
    parameters: [
      "u64", // HANDLE SectionHandle
      "u64", // HANDLE ProcessHandle
      "buffer", // PVOID *BaseAddress
      "buffer", // PLARGE_INTEGER SectionOffset
      "buffer", // PSIZE_T ViewSize
      "u32", // ULONG AllocationType
      "u32", // ULONG PageProtection
      "pointer", // PMEM_EXTENDED_PARAMETER
      "u32", // ULONG ExtendedParameterCount
    ],
    result: "u32",
  },
  NtUnmapViewOfSection: {
    parameters: ["u64", /* HANDLE Process */ "u64" /* PVOID BaseAddress */],
    result: "u32",
  },
  /** Windows 8; MEM_PRESERVE_PLACEHOLDER since Windows 10 1803. */
  NtUnmapViewOfSectionEx: {
    parameters: ["u64", /* HANDLE Process */ "u64", /* PVOID BaseAddress */ "u32" /* ULONG Flags */],
    result: "u32",
  },
  /** Windows 10 1803. */
  NtAllocateVirtualMemoryEx: {
    parameters: [
      "u64", // HANDLE ProcessHandle
      "buffer", // PVOID *BaseAddress
      "buffer", // PSIZE_T RegionSize
      "u32", // ULONG AllocationType
      "u32", // ULONG PageProtection
      "pointer", // PMEM_EXTENDED_PARAMETER
      "u32", // ULONG ExtendedParameterCount
    ],
    result: "u32",
  },
  NtFreeVirtualMemory: {
    parameters: [
      "u64", // HANDLE ProcessHandle
      "buffer", // PVOID *BaseAddress
      "buffer", // PSIZE_T RegionSize
      "u32", // ULONG FreeType
    ],
    result: "u32",
  },
  NtProtectVirtualMemory: {
    parameters: [
      "u64", // HANDLE ProcessHandle
      "buffer", // PVOID *BaseAddress
      "buffer", // PSIZE_T RegionSize
      "u32", // ULONG NewProtection
      "buffer", // PULONG OldProtection
    ],
    result: "u32",
  },
  NtQueryVirtualMemory: {
    parameters: [
      "u64", // HANDLE ProcessHandle
      "u64", // PVOID BaseAddress
      "u32", // MEMORY_INFORMATION_CLASS
      "buffer", // PVOID MemoryInformation
      "u64", // SIZE_T Length
      "pointer", // PSIZE_T ReturnLength
    ],
    result: "u32",
  },
  NtReadVirtualMemory: {
    parameters: [
      "u64", // HANDLE ProcessHandle
      "u64", // PVOID BaseAddress
      "buffer", // PVOID Buffer
      "u64", // SIZE_T Size
      "pointer", // PSIZE_T Read
    ],
    result: "u32",
  },
  NtWriteVirtualMemory: {
    parameters: [
      "u64", // HANDLE ProcessHandle
      "u64", // PVOID BaseAddress
      "buffer", // PVOID Buffer
      "u64", // SIZE_T Size
      "pointer", // PSIZE_T Written
    ],
    result: "u32",
  },
  NtYieldExecution: { parameters: [], result: "u32" },
  NtCreateThreadEx: {
    parameters: [
      "buffer", // PHANDLE ThreadHandle
      "u32", // ACCESS_MASK DesiredAccess
      "pointer", // POBJECT_ATTRIBUTES
      "u64", // HANDLE ProcessHandle
      "u64", // PVOID StartRoutine
      "u64", // PVOID Argument
      "u32", // ULONG CreateFlags
      "u64", // SIZE_T ZeroBits
      "u64", // SIZE_T StackSize
      "u64", // SIZE_T MaximumStackSize
      "pointer", // PPS_ATTRIBUTE_LIST
    ],
    result: "u32",
  },
  NtQueryInformationThread: {
    parameters: [
      "u64", // HANDLE ThreadHandle
      "u32", // THREADINFOCLASS
      "buffer", // PVOID ThreadInformation
      "u32", // ULONG Length
      "pointer", // PULONG ReturnLength
    ],
    result: "u32",
  },
  NtGetContextThread: {
    parameters: ["u64", /* HANDLE */ "buffer" /* PCONTEXT, 16-aligned */],
    result: "u32",
  },
  NtSetContextThread: {
    parameters: ["u64", /* HANDLE */ "buffer" /* PCONTEXT, 16-aligned */],
    result: "u32",
  },
  RtlWow64GetThreadContext: {
    parameters: ["u64", /* HANDLE */ "buffer" /* PWOW64_CONTEXT */],
    result: "u32",
  },
  RtlWow64SetThreadContext: {
    parameters: ["u64", /* HANDLE */ "buffer" /* PWOW64_CONTEXT */],
    result: "u32",
  },
  NtSuspendThread: { parameters: ["u64", /* HANDLE */ "pointer" /* PULONG PreviousCount */], result: "u32" },
  NtResumeThread: { parameters: ["u64", /* HANDLE */ "pointer" /* PULONG PreviousCount */], result: "u32" },
  NtTerminateThread: { parameters: ["u64", /* HANDLE */ "u32" /* NTSTATUS */], result: "u32" },
  NtTerminateProcess: { parameters: ["u64", /* HANDLE */ "u32" /* NTSTATUS */], result: "u32" },
  NtDuplicateObject: {
    parameters: [
      "u64", // HANDLE SourceProcess
      "u64", // HANDLE Source
      "u64", // HANDLE TargetProcess
      "buffer", // PHANDLE Target
      "u32", // ACCESS_MASK
      "u32", // ULONG HandleAttributes
      "u32", // ULONG Options
    ],
    result: "u32",
  },
  NtCreateEvent: {
    parameters: [
      "buffer", // PHANDLE EventHandle
      "u32", // ACCESS_MASK
      "pointer", // POBJECT_ATTRIBUTES
      "u32", // EVENT_TYPE
      "u8", // BOOLEAN InitialState
    ],
    result: "u32",
  },
  NtSetEvent: { parameters: ["u64", /* HANDLE */ "pointer" /* PLONG PreviousState */], result: "u32" },
  NtWaitForMultipleObjects: {
    parameters: [
      "u32", // ULONG Count, at most 64
      "buffer", // PHANDLE Handles
      "u32", // WAIT_TYPE: 1 any
      "u8", // BOOLEAN Alertable
      "buffer", // PLARGE_INTEGER Timeout
    ],
    result: "u32",
  },
  NtCreateDebugObject: {
    parameters: [
      "buffer", // PHANDLE DebugObject
      "u32", // ACCESS_MASK
      "pointer", // POBJECT_ATTRIBUTES
      "u32", // ULONG Flags
    ],
    result: "u32",
  },
  NtDebugActiveProcess: {
    parameters: ["u64", /* HANDLE Process */ "u64" /* HANDLE DebugObject */],
    result: "u32",
  },
  NtWaitForDebugEvent: {
    parameters: [
      "u64", // HANDLE DebugObject
      "u8", // BOOLEAN Alertable
      "buffer", // PLARGE_INTEGER Timeout
      "buffer", // PDBGUI_WAIT_STATE_CHANGE
    ],
    result: "u32",
  },
  NtDebugContinue: {
    parameters: ["u64", /* HANDLE DebugObject */ "buffer", /* PCLIENT_ID */ "u32" /* NTSTATUS */],
    result: "u32",
  },
  NtCreateJobObject: {
    parameters: ["buffer", /* PHANDLE */ "u32", /* ACCESS_MASK */ "pointer" /* POBJECT_ATTRIBUTES */],
    result: "u32",
  },
  NtSetInformationJobObject: {
    parameters: [
      "u64", // HANDLE JobHandle
      "u32", // JOBOBJECTINFOCLASS
      "buffer", // PVOID JobInformation
      "u32", // ULONG Length
    ],
    result: "u32",
  },
  NtIsProcessInJob: {
    parameters: ["u64", /* HANDLE Process */ "u64" /* HANDLE Job */],
    result: "u32",
  },
  NtAssignProcessToJobObject: {
    parameters: ["u64", /* HANDLE Job */ "u64" /* HANDLE Process */],
    result: "u32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

const kernel32Symbols = {
  CreateProcessW: {
    parameters: [
      "buffer", // LPCWSTR lpApplicationName
      "buffer", // LPWSTR lpCommandLine
      "pointer", // LPSECURITY_ATTRIBUTES lpProcessAttributes
      "pointer", // LPSECURITY_ATTRIBUTES lpThreadAttributes
      "i32", // BOOL bInheritHandles
      "u32", // DWORD dwCreationFlags
      "pointer", // LPVOID lpEnvironment
      "buffer", // LPCWSTR lpCurrentDirectory
      "buffer", // LPSTARTUPINFOW
      "buffer", // LPPROCESS_INFORMATION
    ],
    result: "i32",
  },
  GlobalMemoryStatusEx: { parameters: ["buffer" /* LPMEMORYSTATUSEX */], result: "i32" },
  GetLastError: { parameters: [], result: "u32" },
  GetModuleHandleW: { parameters: ["buffer" /* LPCWSTR */], result: "u64" },
  GetProcAddress: { parameters: ["u64", /* HMODULE */ "buffer" /* LPCSTR */], result: "u64" },
  SetConsoleCtrlHandler: {
    parameters: ["pointer", /* PHANDLER_ROUTINE */ "i32" /* BOOL Add */],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** Calls that leave the JS thread free: they run on Deno's thread pool and give a promise. */
const waitingSymbols = {
  NtWaitForMultipleObjects: { ...ntdllSymbols.NtWaitForMultipleObjects, nonblocking: true },
} as const satisfies Deno.ForeignLibraryInterface;
const waitingKernel32Symbols = {
  CreateProcessW: { ...kernel32Symbols.CreateProcessW, nonblocking: true },
} as const satisfies Deno.ForeignLibraryInterface;

export type Ntdll = Deno.DynamicLibrary<typeof ntdllSymbols>["symbols"];
export interface Waits {
  readonly nt: Deno.DynamicLibrary<typeof waitingSymbols>["symbols"];
  readonly k32: Deno.DynamicLibrary<typeof waitingKernel32Symbols>["symbols"];
}
export type Kernel32 = Deno.DynamicLibrary<typeof kernel32Symbols>["symbols"];

export interface WindowsLibraries {
  readonly nt: Ntdll;
  readonly waits: Waits;
  readonly k32: Kernel32;
}

/** The libraries. On a Windows older than 10 1803 the first call of a function that it lacks throws. */
export function openWindowsLibraries(): WindowsLibraries {
  return {
    nt: bind("ntdll.dll", ntdllSymbols),
    waits: {
      nt: bind("ntdll.dll", waitingSymbols),
      k32: bind("kernel32.dll", waitingKernel32Symbols),
    },
    k32: bind("kernel32.dll", kernel32Symbols),
  };
}
