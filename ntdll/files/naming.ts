/** Removing, renaming and linking what is open with DELETE access (or FILE_WRITE_ATTRIBUTES for links). */
import { ENAMETOOLONG, type Errno } from "../../kernel/abi/errno.ts";
import {
  FILE_ATTRIBUTE_NORMAL,
  FILE_DISPOSITION_DELETE,
  FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE,
  FILE_DISPOSITION_POSIX_SEMANTICS,
  FILE_RENAME_IGNORE_READONLY_ATTRIBUTE,
  FILE_RENAME_POSIX_SEMANTICS,
  FILE_RENAME_REPLACE_IF_EXISTS,
  FileBasicInformation,
  FileDispositionInformation,
  FileDispositionInformationEx,
  FileLinkInformation,
  FileRenameInformation,
  FileRenameInformationEx,
} from "./constants.ts";
import { FILE_BASIC_INFORMATION, FILE_RENAME_INFORMATION } from "./layouts.ts";
import { NativePath, type Prefix } from "./native_path.ts";
import { type FileHandle, type NtCalls, zeroOrErrno } from "./nt_calls.ts";
import type { Volume } from "./volume.ts";
import {
  STATUS_CANNOT_DELETE,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_INFO_CLASS,
  STATUS_INVALID_PARAMETER,
  STATUS_NOT_SUPPORTED,
  STATUS_SUCCESS,
} from "../ntstatus.ts";

/**
 * The name is gone when the handle closes, whoever has the file open; on volumes without POSIX semantics (FAT) when
 * the last handle closes. Never tries again after DIRECTORY_NOT_EMPTY: Wine then takes it.
 */
export function removeOpened(calls: NtCalls, handle: FileHandle): 0 | Errno {
  const flags = FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS |
    FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE;
  const status = calls.set(handle, FileDispositionInformationEx, word(flags));
  if (!UNSUPPORTED.has(status)) return zeroOrErrno(status);
  const plain = calls.set(handle, FileDispositionInformation, Uint8Array.of(1));
  if (plain !== STATUS_CANNOT_DELETE || !clearReadOnly(calls, handle)) return zeroOrErrno(plain);
  return zeroOrErrno(calls.set(handle, FileDispositionInformation, Uint8Array.of(1)));
}

/** What a file system says to an information class it does not know. */
const UNSUPPORTED: ReadonlySet<number> = new Set([
  STATUS_INVALID_INFO_CLASS,
  STATUS_INVALID_PARAMETER,
  STATUS_NOT_SUPPORTED,
  STATUS_INVALID_DEVICE_REQUEST,
]);

export function renameOpened(
  calls: NtCalls,
  handle: FileHandle,
  prefix: Prefix,
  to: string,
  replace: boolean,
  volume: Volume,
): 0 | Errno {
  const ex = FILE_RENAME_POSIX_SEMANTICS | FILE_RENAME_IGNORE_READONLY_ATTRIBUTE |
    (replace ? FILE_RENAME_REPLACE_IF_EXISTS : 0);
  const target = targetName(prefix, to, volume.posixNaming ? ex : replace ? 1 : 0);
  if (!target) return ENAMETOOLONG;
  const informationClass = volume.posixNaming ? FileRenameInformationEx : FileRenameInformation;
  return zeroOrErrno(calls.set(handle, informationClass, target));
}

export function linkOpened(calls: NtCalls, handle: FileHandle, prefix: Prefix, to: string): 0 | Errno {
  const target = targetName(prefix, to, 0);
  return target ? zeroOrErrno(calls.set(handle, FileLinkInformation, target)) : ENAMETOOLONG;
}

function targetName(prefix: Prefix, path: string, flags: number): Uint8Array<ArrayBuffer> | undefined {
  const name = new NativePath();
  if (!name.set(prefix, path)) return undefined;
  const out = new Uint8Array(FILE_RENAME_INFORMATION.size + name.text.length + 4);
  FILE_RENAME_INFORMATION.patch(new DataView(out.buffer), 0, {
    Flags: flags,
    FileNameLength: name.text.length,
  });
  out.set(name.text, FILE_RENAME_INFORMATION.size);
  return out;
}

function clearReadOnly(calls: NtCalls, handle: FileHandle): boolean {
  const basic = FILE_BASIC_INFORMATION.encode({ FileAttributes: FILE_ATTRIBUTE_NORMAL });
  return calls.set(handle, FileBasicInformation, basic) === STATUS_SUCCESS;
}

function word(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
