/** Probes of Windows itself: version, processors, token, policies, clock, folders. */
import { bytes, struct, u32, u64big } from "../../kernel/abi/layout.ts";
import { NtCurrentProcess } from "../constants.ts";
import { check } from "../nt_error.ts";
import { wide } from "../wide.ts";
import { hasWow64 } from "../wow64.ts";
import { fail, type Finding, hex, ok, type Probe, warn } from "./probe.ts";
import {
  clockFunctions,
  folderFunctions,
  ntdllFunctions,
  registryFunctions,
  tokenFunctions,
} from "./symbols.ts";

const OSVERSIONINFOW = struct("OSVERSIONINFOW", 276, {
  dwOSVersionInfoSize: u32,
  dwMajorVersion: u32,
  dwMinorVersion: u32,
  dwBuildNumber: u32,
  dwPlatformId: u32,
  szCSDVersion: bytes(256),
});
/** Windows 10 1803: placeholders. */
const OLDEST_BUILD = 17134;

export const windowsVersion: Probe = {
  name: "Windows version",
  run() {
    const nt = ntdllFunctions();
    const info = OSVERSIONINFOW.encode({ dwOSVersionInfoSize: OSVERSIONINFOW.size });
    check("RtlGetVersion", nt.RtlGetVersion(info));
    const { dwMajorVersion, dwMinorVersion, dwBuildNumber } = OSVERSIONINFOW.decode(info);
    const wine = nt.wine_get_version?.();
    const text = wine ? ` (Wine ${new Deno.UnsafePointerView(wine).getCString()})` : "";
    const value = `${dwMajorVersion}.${dwMinorVersion}.${dwBuildNumber}${text}`;
    return dwBuildNumber >= OLDEST_BUILD
      ? ok(value)
      : fail(`${value}; needs Windows 10 1803 (${OLDEST_BUILD})`);
  },
};

export const processors: Probe = {
  name: "processors",
  run() {
    const count = navigator.hardwareConcurrency;
    if (count > 1) return ok(`${count}`);
    return warn("1: kernel and guest take turns, so each system call costs two switches");
  },
};

const TOKEN_QUERY = 8;
const TokenElevation = 20;
const TokenIntegrityLevel = 25;
/** The last part of an integrity level's SID. */
const INTEGRITY: readonly [number, string][] = [
  [0x4000, "system"],
  [0x3000, "high"],
  [0x2000, "medium"],
  [0x1000, "low"],
  [0, "untrusted"],
];

export const token: Probe = {
  name: "token",
  run() {
    const nt = tokenFunctions();
    const out = new Uint8Array(8);
    check("NtOpenProcessToken", nt.NtOpenProcessToken(NtCurrentProcess, TOKEN_QUERY, out));
    const handle = u64big.read(new DataView(out.buffer), 0);
    const query = (what: number) => {
      const info = new Uint8Array(128);
      const length = new Uint8Array(4);
      check("NtQueryInformationToken", nt.NtQueryInformationToken(handle, what, info, info.length, length));
      return new DataView(info.buffer);
    };
    try {
      const elevated = query(TokenElevation).getUint32(0, true) !== 0;
      const label = query(TokenIntegrityLevel);
      // TOKEN_MANDATORY_LABEL points to the SID behind it: 8 bytes, then its parts.
      const sid = 16;
      const level = label.getUint32(sid + 8 + 4 * (label.getUint8(sid + 1) - 1), true);
      const name = INTEGRITY.find(([lowest]) => level >= lowest)?.[1] ?? hex(level);
      return ok(`${elevated ? "elevated" : "not elevated"}, ${name} integrity`);
    } finally {
      nt.NtClose(handle);
    }
  },
};

const HKEY_LOCAL_MACHINE = 0xffff_ffff_8000_0002n;
const RRF_RT_REG_DWORD = 0x10;
const ERROR_SUCCESS = 0;

export const smartAppControl: Probe = {
  name: "Smart App Control",
  run() {
    const value = new Uint8Array(4);
    const size = new Uint8Array([4, 0, 0, 0]);
    const status = registryFunctions().RegGetValueW(
      HKEY_LOCAL_MACHINE,
      wide("SYSTEM\\CurrentControlSet\\Control\\CI\\Policy"),
      wide("VerifiedAndReputablePolicyState"),
      RRF_RT_REG_DWORD,
      null,
      value,
      size,
    );
    if (status !== ERROR_SUCCESS || value[0] === 0) return ok("off");
    return warn(
      value[0] === 1
        ? "on: it refuses programs that it does not know, the container's among them if it is not signed"
        : "evaluating: it may turn itself on, and then refuses the container's program if that is not signed",
    );
  },
};

const KUSER_SHARED_DATA = 0x7ffe_0000n;
const QPC_BYPASS_ENABLED = 0x3c6;

export const clock: Probe = {
  name: "clock",
  run() {
    const raw = new Uint8Array(8);
    clockFunctions().QueryPerformanceFrequency(raw);
    const frequency = u64big.read(new DataView(raw.buffer), 0);
    const shared = Deno.UnsafePointer.create(KUSER_SHARED_DATA);
    const bypass = shared !== null &&
      (new Deno.UnsafePointerView(shared).getUint8(QPC_BYPASS_ENABLED) & 1) !== 0;
    const value = `performance counter ${Number(frequency) / 1e6} MHz`;
    return bypass
      ? ok(`${value}, from the processor's time-stamp counter`)
      : warn(`${value}, not from the time-stamp counter`);
  },
};

export const wow64: Probe = {
  name: "32-bit programs",
  run: () =>
    hasWow64() ? ok("by WoW64") : warn("none: this Windows has no WoW64, so i386 programs do not run"),
};

const FILE_READ_WRITE_ATTRIBUTES = 0x180;
const FILE_SHARE_ALL = 7;
const OPEN_EXISTING = 3;
const FILE_FLAG_BACKUP_SEMANTICS = 0x0200_0000;
const INVALID_HANDLE_VALUE = 0xffff_ffff_ffff_ffffn;
const FileCaseSensitiveInformation = 71;
const FILE_CS_FLAG_CASE_SENSITIVE_DIR = 1;

export const caseSensitiveFolders: Probe = {
  name: "case-sensitive folders",
  run() {
    const folder = Deno.makeTempDirSync({ prefix: "atratus-doctor-" });
    try {
      return tryCaseSensitive(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

function tryCaseSensitive(folder: string): Finding {
  const { CreateFileW, NtSetInformationFile, NtClose } = folderFunctions();
  const flags = FILE_FLAG_BACKUP_SEMANTICS;
  const access = FILE_READ_WRITE_ATTRIBUTES;
  const handle = CreateFileW(wide(folder), access, FILE_SHARE_ALL, null, OPEN_EXISTING, flags, 0n);
  if (handle === INVALID_HANDLE_VALUE) return fail(`cannot open ${folder}`);
  const info = new Uint8Array([FILE_CS_FLAG_CASE_SENSITIVE_DIR, 0, 0, 0]);
  const status = NtSetInformationFile(handle, new Uint8Array(16), info, 4, FileCaseSensitiveInformation);
  NtClose(handle);
  if (status >= 0x8000_0000) {
    return warn(`not available (${hex(status)}): names that differ only in case are one file`);
  }
  Deno.writeTextFileSync(`${folder}\\a`, "a");
  Deno.writeTextFileSync(`${folder}\\A`, "A");
  return Deno.readTextFileSync(`${folder}\\a`) === "a"
    ? ok("available")
    : warn("accepted, but without effect");
}
