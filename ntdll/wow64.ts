/**
 * Whether 32-bit programs run here. WoW64 is part of every desktop Windows and an option of some servers; without it
 * its folder is missing or empty.
 */
import { bind } from "./bind.ts";
import { wide } from "./wide.ts";

const MAX_PATH = 260;
const INVALID_FILE_ATTRIBUTES = 0xffff_ffff;

const symbols = {
  GetSystemWow64DirectoryW: {
    parameters: ["buffer", /* LPWSTR lpBuffer */ "u32" /* UINT uSize, characters */],
    result: "u32",
  },
  GetFileAttributesW: { parameters: ["buffer" /* LPCWSTR lpFileName */], result: "u32" },
} as const satisfies Deno.ForeignLibraryInterface;

export function hasWow64(): boolean {
  const { GetSystemWow64DirectoryW, GetFileAttributesW } = bind("kernel32.dll", symbols);
  const folder = new Uint16Array(MAX_PATH);
  const length = GetSystemWow64DirectoryW(folder, folder.length);
  if (length === 0 || length > folder.length) return false;
  const path = String.fromCharCode(...folder.subarray(0, length));
  return GetFileAttributesW(wide(`${path}\\ntdll.dll`)) !== INVALID_FILE_ATTRIBUTES;
}
