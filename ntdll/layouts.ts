/** Windows structs as 64-bit atratus.exe sees them (winnt.h, processthreadsapi.h; phnt for the debug interface). */
import { bytes, i64, pad, struct, u16, u32, u64, u64big } from "../kernel/abi/layout.ts";

export const CONTEXT_AMD64_INTEGER_CONTROL = 0x100003;

/** CONTEXT of amd64 up to Rip; the floating-point part is opaque here. Must lie on a 16-byte boundary. */
export const CONTEXT = struct("CONTEXT", 1232, {
  PHome: bytes(48),
  ContextFlags: u32,
  MxCsr: u32,
  SegCs: u16,
  SegDs: u16,
  SegEs: u16,
  SegFs: u16,
  SegGs: u16,
  SegSs: u16,
  EFlags: u32,
  DebugRegisters: bytes(48),
  /** Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8 ... R15, Rip. */
  Registers: bytes(17 * 8),
  _floatingPoint: pad(1232 - 0x100),
});

export const WOW64_CONTEXT_INTEGER_CONTROL_SEGMENTS = 0x10007;

export const WOW64_CONTEXT = struct("WOW64_CONTEXT", 716, {
  ContextFlags: u32,
  DebugRegisters: bytes(24),
  FloatSave: bytes(112),
  SegGs: u32,
  SegFs: u32,
  SegEs: u32,
  SegDs: u32,
  Edi: u32,
  Esi: u32,
  Ebx: u32,
  Edx: u32,
  Ecx: u32,
  Eax: u32,
  Ebp: u32,
  Eip: u32,
  SegCs: u32,
  EFlags: u32,
  Esp: u32,
  SegSs: u32,
  ExtendedRegisters: bytes(512),
});

export const CLIENT_ID = struct("CLIENT_ID", 16, { UniqueProcess: u64, UniqueThread: u64 });

/** DBG_STATE. */
export const DbgCreateThreadStateChange = 2;
export const DbgCreateProcessStateChange = 3;
export const DbgExitThreadStateChange = 4;
export const DbgExitProcessStateChange = 5;
export const DbgExceptionStateChange = 6;
export const DbgBreakpointStateChange = 7;
export const DbgSingleStepStateChange = 8;
export const DbgLoadDllStateChange = 9;
export const DbgUnloadDllStateChange = 10;

/** DBGUI_WAIT_STATE_CHANGE with the union as raw bytes; the members below overlay it. */
export const DBGUI_WAIT_STATE_CHANGE = struct("DBGUI_WAIT_STATE_CHANGE", 184, {
  NewState: u32,
  _pad: pad(4),
  AppClientId: bytes(16),
  StateInfo: bytes(160),
});

export const DBGKM_EXCEPTION = struct("DBGKM_EXCEPTION", 160, {
  ExceptionCode: u32,
  ExceptionFlags: u32,
  ExceptionRecord: u64,
  ExceptionAddress: u64,
  NumberParameters: u32,
  _pad0: pad(4),
  ExceptionInformation0: u64,
  ExceptionInformation1: i64,
  _rest: pad(13 * 8),
  FirstChance: u32,
  _pad1: pad(4),
});

export const DBGUI_CREATE_THREAD = struct("DBGUI_CREATE_THREAD", 24, {
  HandleToThread: u64big,
  SubSystemKey: u32,
  _pad: pad(4),
  StartAddress: u64,
});

export const DBGUI_CREATE_PROCESS = struct("DBGUI_CREATE_PROCESS", 64, {
  HandleToProcess: u64big,
  HandleToThread: u64big,
  SubSystemKey: u32,
  _pad0: pad(4),
  FileHandle: u64big,
  BaseOfImage: u64,
  DebugInfoFileOffset: u32,
  DebugInfoSize: u32,
  InitialThreadSubSystemKey: u32,
  _pad1: pad(4),
  InitialThreadStartAddress: u64,
});

export const DBGKM_LOAD_DLL = struct("DBGKM_LOAD_DLL", 32, {
  FileHandle: u64big,
  BaseOfDll: u64,
  DebugInfoFileOffset: u32,
  DebugInfoSize: u32,
  NamePointer: u64,
});

export const STARTUPINFOW = struct("STARTUPINFOW", 104, { cb: u32, _rest: pad(100) });

export const PROCESS_INFORMATION = struct("PROCESS_INFORMATION", 24, {
  hProcess: u64big,
  hThread: u64big,
  dwProcessId: u32,
  dwThreadId: u32,
});

export const THREAD_BASIC_INFORMATION = struct("THREAD_BASIC_INFORMATION", 48, {
  ExitStatus: u32,
  _pad0: pad(4),
  TebBaseAddress: u64,
  UniqueProcess: u64,
  UniqueThread: u64,
  AffinityMask: u64,
  Priority: u32,
  BasePriority: u32,
});

export const MEMORY_BASIC_INFORMATION = struct("MEMORY_BASIC_INFORMATION", 48, {
  BaseAddress: u64,
  AllocationBase: u64,
  AllocationProtect: u32,
  PartitionId: u16,
  _pad0: pad(2),
  RegionSize: u64,
  State: u32,
  Protect: u32,
  Type: u32,
  _pad1: pad(4),
});

export const JOBOBJECT_EXTENDED_LIMIT_INFORMATION = struct("JOBOBJECT_EXTENDED_LIMIT_INFORMATION", 144, {
  PerProcessUserTimeLimit: u64,
  PerJobUserTimeLimit: u64,
  LimitFlags: u32,
  _rest: pad(124),
});

export const MEMORYSTATUSEX = struct("MEMORYSTATUSEX", 64, {
  dwLength: u32,
  dwMemoryLoad: u32,
  ullTotalPhys: u64,
  ullAvailPhys: u64,
  ullTotalPageFile: u64,
  ullAvailPageFile: u64,
  ullTotalVirtual: u64,
  ullAvailVirtual: u64,
  ullAvailExtendedVirtual: u64,
});
