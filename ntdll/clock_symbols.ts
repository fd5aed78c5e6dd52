/**
 * The functions that clocks need, and the addresses of those that are called by our own code. One library each:
 * opening one costs a fifth of a millisecond.
 */

const ntdllSymbols = {
  NtQueryPerformanceCounter: {
    parameters: ["buffer", /* PLARGE_INTEGER Counter */ "buffer" /* PLARGE_INTEGER Frequency */],
    result: "u32",
  },
  counterAddress: { name: "NtQueryPerformanceCounter", type: "pointer" },
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
  /** Only Wine has it. */
  wine_get_version: { type: "pointer", optional: true },
} as const satisfies Deno.ForeignLibraryInterface;

const kernel32Symbols = {
  /** Windows 8: void (LPFILETIME). To 100 ns, where NtQuerySystemTime may be 15 ms old. */
  GetSystemTimePreciseAsFileTime: { parameters: ["buffer" /* LPFILETIME */], result: "void" },
  systemTimeAddress: { name: "GetSystemTimePreciseAsFileTime", type: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

export type ClockCalls =
  & Deno.DynamicLibrary<typeof ntdllSymbols>["symbols"]
  & Deno.DynamicLibrary<typeof kernel32Symbols>["symbols"];

export function openClockCalls(): ClockCalls {
  const ntdll = Deno.dlopen("ntdll.dll", ntdllSymbols).symbols;
  return { ...ntdll, ...Deno.dlopen("kernel32.dll", kernel32Symbols).symbols };
}
