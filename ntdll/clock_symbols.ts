/** The functions that clocks need, and the addresses of those that are called by our own code. */
import { bind } from "./bind.ts";

const ntdllSymbols = {
  NtQueryPerformanceCounter: {
    parameters: ["buffer", /* PLARGE_INTEGER Counter */ "buffer" /* PLARGE_INTEGER Frequency */],
    result: "u32",
  },
  bsearch: {
    parameters: [
      "pointer", // const void *key: the comparison's first argument
      "pointer", // const void *base
      "u32", // size_t nmemb
      "u32", // size_t size
      "pointer", // int (*compare)(const void *, const void *)
    ],
    result: "void", // void *: NULL
  },
} as const satisfies Deno.ForeignLibraryInterface;

const ntdllAddresses = {
  counterAddress: { name: "NtQueryPerformanceCounter", type: "pointer" },
  /** Only Wine has it. */
  wine_get_version: { type: "pointer", optional: true },
} as const satisfies Deno.ForeignLibraryInterface;

const kernel32Symbols = {
  /** Windows 8: void (LPFILETIME). To 100 ns, where NtQuerySystemTime may be 15 ms old. */
  GetSystemTimePreciseAsFileTime: { parameters: ["buffer" /* LPFILETIME */], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

const kernel32Addresses = {
  systemTimeAddress: { name: "GetSystemTimePreciseAsFileTime", type: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

type Symbols<Table extends Deno.ForeignLibraryInterface> = Deno.DynamicLibrary<Table>["symbols"];

export interface ClockCalls {
  readonly nt: Symbols<typeof ntdllSymbols>;
  readonly k32: Symbols<typeof kernel32Symbols>;
  readonly addresses: Symbols<typeof ntdllAddresses> & Symbols<typeof kernel32Addresses>;
}

export function openClockCalls(): ClockCalls {
  const ntdll = Deno.dlopen("ntdll.dll", ntdllAddresses).symbols;
  return {
    nt: bind("ntdll.dll", ntdllSymbols),
    k32: bind("kernel32.dll", kernel32Symbols),
    addresses: { ...ntdll, ...Deno.dlopen("kernel32.dll", kernel32Addresses).symbols },
  };
}
