/** What this process holds of the machine, for tests of growth. */
import { bytes, struct, u32, u64 } from "../../kernel/abi/layout.ts";
import { EVENT_ALL_ACCESS } from "../constants.ts";
import { check } from "../nt_error.ts";

const NtCurrentProcess = 0xffff_ffff_ffff_ffffn;
const ProcessVmCounters = 3;
const ProcessHandleCount = 20;
const VM_COUNTERS = struct("VM_COUNTERS", 88, {
  PeakVirtualSize: u64,
  VirtualSize: u64,
  _counts: bytes(8),
  PeakWorkingSetSize: u64,
  WorkingSetSize: u64,
  _quotas: bytes(32),
  PagefileUsage: u64,
  PeakPagefileUsage: u64,
});
const HANDLE_COUNT = struct("handle count", 4, { count: u32 });

export interface Usage {
  /** As many as Windows says; Wine says 0. */
  readonly handles: number;
  /** The value of a handle made just now: the table's lowest free place, or near it. */
  readonly nextHandle: number;
  /** Bytes of JavaScript objects, after a collection where `--expose-gc` allows one. */
  readonly heap: number;
  readonly workingSet: number;
}

export function ownUsage(): Usage {
  const library = Deno.dlopen("ntdll.dll", {
    NtQueryInformationProcess: {
      parameters: [
        "u64", // HANDLE ProcessHandle
        "u32", // PROCESSINFOCLASS ProcessInformationClass
        "buffer", // PVOID ProcessInformation
        "u32", // ULONG ProcessInformationLength
        "pointer", // PULONG ReturnLength
      ],
      result: "u32",
    },
    NtCreateEvent: {
      parameters: [
        "buffer", // PHANDLE EventHandle
        "u32", // ACCESS_MASK DesiredAccess
        "pointer", // POBJECT_ATTRIBUTES ObjectAttributes
        "u32", // EVENT_TYPE EventType
        "u8", // BOOLEAN InitialState
      ],
      result: "u32",
    },
    NtClose: { parameters: ["u64" /* HANDLE Handle */], result: "u32" },
  });
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") collect();
  const query = (what: number, size: number) => {
    const raw = new Uint8Array(size);
    const { NtQueryInformationProcess } = library.symbols;
    check(
      "NtQueryInformationProcess",
      NtQueryInformationProcess(NtCurrentProcess, what, raw, size, null),
    );
    return raw;
  };
  const { count } = HANDLE_COUNT.decode(query(ProcessHandleCount, HANDLE_COUNT.size));
  const { WorkingSetSize } = VM_COUNTERS.decode(query(ProcessVmCounters, VM_COUNTERS.size));
  const event = new BigUint64Array(1);
  check("NtCreateEvent", library.symbols.NtCreateEvent(event, EVENT_ALL_ACCESS, null, 0, 0));
  library.symbols.NtClose(event[0]!);
  library.close();
  return {
    nextHandle: Number(event[0]),
    heap: Deno.memoryUsage().heapUsed,
    handles: count,
    workingSet: WorkingSetSize,
  };
}
