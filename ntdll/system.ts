/** The machine's name and memory, for uname(2) and sysinfo(2). */
import type { HostSystem, MemoryInfo } from "../kernel/host_system.ts";
import { u64 } from "../kernel/abi/layout.ts";
import { cpuidOf } from "./cpuid.ts";
import { MEMORYSTATUSEX } from "./layouts.ts";
import type { Kernel32, WindowsLibraries } from "./symbols.ts";

export function ntSystem({ k32, nt }: Pick<WindowsLibraries, "k32" | "nt">): HostSystem {
  return {
    hostname: Deno.env.get("COMPUTERNAME")?.toLowerCase() ?? "localhost",
    processors: navigator.hardwareConcurrency,
    memory: () => memory(k32),
    cpuid: cpuidOf(nt),
  };
}

function memory(k32: Kernel32): MemoryInfo {
  const raw = MEMORYSTATUSEX.encode({ dwLength: MEMORYSTATUSEX.size });
  if (!k32.GlobalMemoryStatusEx(raw)) {
    throw new Error("Cannot tell the machine's memory: GlobalMemoryStatusEx failed");
  }
  const view = new DataView(raw.buffer);
  const total = u64.read(view, MEMORYSTATUSEX.offset.ullTotalPhys);
  const free = u64.read(view, MEMORYSTATUSEX.offset.ullAvailPhys);
  // The page file counts physical memory in; Linux's swap does not.
  const swapTotal = Math.max(0, u64.read(view, MEMORYSTATUSEX.offset.ullTotalPageFile) - total);
  const swapFree = Math.min(
    swapTotal,
    Math.max(0, u64.read(view, MEMORYSTATUSEX.offset.ullAvailPageFile) - free),
  );
  return { total, free, swapTotal, swapFree };
}
