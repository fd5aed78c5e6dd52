/** What the kernel tells guests about the machine, beyond its clocks. */

export interface MemoryInfo {
  /** Bytes. */
  readonly total: number;
  readonly free: number;
  readonly swapTotal: number;
  readonly swapFree: number;
}

export interface HostSystem {
  readonly hostname: string;
  readonly processors: number;
  memory(): MemoryInfo;
  /** EAX, EBX, ECX and EDX of the CPUID instruction; absent where the machine cannot be asked. */
  cpuid?(leaf: number, subleaf: number): readonly [number, number, number, number];
}

/** The machine as Deno sees it; needs the `sys` permission. */
export function denoSystem(): HostSystem {
  return {
    hostname: Deno.hostname(),
    processors: navigator.hardwareConcurrency,
    memory() {
      const info = Deno.systemMemoryInfo();
      return { total: info.total, free: info.available, swapTotal: info.swapTotal, swapFree: info.swapFree };
    },
  };
}
