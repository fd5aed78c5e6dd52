/** Which processes there are, for tests of what atratus leaves behind (tlhelp32.h). */
import { bytes, pad, struct, u32, u64 } from "../../kernel/abi/layout.ts";

const PROCESSENTRY32W = struct("PROCESSENTRY32W", 568, {
  dwSize: u32,
  cntUsage: u32,
  th32ProcessID: u32,
  _pad0: pad(4),
  th32DefaultHeapID: u64,
  th32ModuleID: u32,
  cntThreads: u32,
  th32ParentProcessID: u32,
  pcPriClassBase: u32,
  dwFlags: u32,
  szExeFile: bytes(520),
  _pad1: pad(4),
});
const TH32CS_SNAPPROCESS = 2;

export interface ProcessEntry {
  readonly id: number;
  readonly parent: number;
  readonly file: string;
}

/** All processes of the machine, as of now. */
export function listProcesses(): ProcessEntry[] {
  const library = Deno.dlopen("kernel32.dll", {
    CreateToolhelp32Snapshot: {
      parameters: ["u32", /* DWORD dwFlags */ "u32" /* DWORD pid */],
      result: "u64",
    },
    Process32FirstW: { parameters: ["u64", /* HANDLE */ "buffer" /* LPPROCESSENTRY32W */], result: "i32" },
    Process32NextW: { parameters: ["u64", /* HANDLE */ "buffer" /* LPPROCESSENTRY32W */], result: "i32" },
    CloseHandle: { parameters: ["u64" /* HANDLE */], result: "i32" },
  });
  const { symbols } = library;
  const snapshot = symbols.CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  const raw = PROCESSENTRY32W.encode({ dwSize: PROCESSENTRY32W.size });
  const found: ProcessEntry[] = [];
  for (
    let more = symbols.Process32FirstW(snapshot, raw);
    more;
    more = symbols.Process32NextW(snapshot, raw)
  ) {
    const entry = PROCESSENTRY32W.decode(raw);
    const name = new TextDecoder("utf-16le").decode(entry.szExeFile);
    const file = name.slice(0, name.indexOf("\0"));
    found.push({ id: entry.th32ProcessID, parent: entry.th32ParentProcessID, file });
  }
  symbols.CloseHandle(snapshot);
  library.close();
  return found;
}

const PROCESS_TERMINATE = 1;

/** TerminateProcess, as the task manager would. */
export function killProcess(id: number): void {
  const library = Deno.dlopen("kernel32.dll", {
    OpenProcess: {
      parameters: ["u32", /* DWORD access */ "i32", /* BOOL inherit */ "u32" /* DWORD id */],
      result: "u64",
    },
    TerminateProcess: { parameters: ["u64", /* HANDLE */ "u32" /* UINT status */], result: "i32" },
    CloseHandle: { parameters: ["u64" /* HANDLE */], result: "i32" },
  });
  const { symbols } = library;
  const handle = symbols.OpenProcess(PROCESS_TERMINATE, 0, id);
  symbols.TerminateProcess(handle, 1);
  symbols.CloseHandle(handle);
  library.close();
}
