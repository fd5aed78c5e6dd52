/** Functions only probes call. Each set is bound by its probe, so that one that is missing fails no other. */

export function ntdllFunctions() {
  return Deno.dlopen(
    "ntdll.dll",
    {
      RtlGetVersion: { parameters: ["buffer" /* PRTL_OSVERSIONINFOW */], result: "u32" },
      /** Wine only. */
      wine_get_version: { parameters: [], result: "pointer", optional: true },
    } as const,
  ).symbols;
}

export function tokenFunctions() {
  return Deno.dlopen(
    "ntdll.dll",
    {
      NtOpenProcessToken: {
        parameters: ["u64", /* HANDLE Process */ "u32", /* ACCESS_MASK */ "buffer" /* PHANDLE */],
        result: "u32",
      },
      NtQueryInformationToken: {
        parameters: [
          "u64", // HANDLE Token
          "u32", // TOKEN_INFORMATION_CLASS
          "buffer", // PVOID TokenInformation
          "u32", // ULONG Length
          "buffer", // PULONG ReturnLength
        ],
        result: "u32",
      },
      NtClose: { parameters: ["u64" /* HANDLE */], result: "u32" },
    } as const,
  ).symbols;
}

export function policyFunctions() {
  return Deno.dlopen(
    "kernel32.dll",
    {
      /** Windows 8. */
      GetProcessMitigationPolicy: {
        parameters: [
          "u64", // HANDLE hProcess
          "u32", // PROCESS_MITIGATION_POLICY
          "buffer", // PVOID lpBuffer
          "u64", // SIZE_T dwLength
        ],
        result: "i32",
      },
    } as const,
  ).symbols;
}

export function registryFunctions() {
  return Deno.dlopen(
    "advapi32.dll",
    {
      RegGetValueW: {
        parameters: [
          "u64", // HKEY
          "buffer", // LPCWSTR lpSubKey
          "buffer", // LPCWSTR lpValue
          "u32", // DWORD dwFlags
          "pointer", // LPDWORD pdwType
          "buffer", // PVOID pvData
          "buffer", // LPDWORD pcbData
        ],
        result: "u32",
      },
    } as const,
  ).symbols;
}

export function clockFunctions() {
  return Deno.dlopen(
    "kernel32.dll",
    {
      QueryPerformanceFrequency: { parameters: ["buffer" /* LARGE_INTEGER * */], result: "i32" },
    } as const,
  ).symbols;
}

export function folderFunctions() {
  const { CreateFileW } = Deno.dlopen(
    "kernel32.dll",
    {
      CreateFileW: {
        parameters: [
          "buffer", // LPCWSTR lpFileName
          "u32", // DWORD dwDesiredAccess
          "u32", // DWORD dwShareMode
          "pointer", // LPSECURITY_ATTRIBUTES
          "u32", // DWORD dwCreationDisposition
          "u32", // DWORD dwFlagsAndAttributes
          "u64", // HANDLE hTemplateFile
        ],
        result: "u64",
      },
    } as const,
  ).symbols;
  const { NtSetInformationFile, NtClose } = Deno.dlopen(
    "ntdll.dll",
    {
      NtSetInformationFile: {
        parameters: [
          "u64", // HANDLE FileHandle
          "buffer", // PIO_STATUS_BLOCK
          "buffer", // PVOID FileInformation
          "u32", // ULONG Length
          "u32", // FILE_INFORMATION_CLASS
        ],
        result: "u32",
      },
      NtClose: { parameters: ["u64" /* HANDLE */], result: "u32" },
    } as const,
  ).symbols;
  return { CreateFileW, NtSetInformationFile, NtClose };
}
