/** Reading a whole directory. */
import type { Errno } from "../../kernel/abi/errno.ts";
import { S_IFDIR, S_IFLNK, S_IFREG } from "../../kernel/abi/stat.ts";
import type { HostDirEntry } from "../../kernel/host_files.ts";
import { errnoOf, STATUS_NO_MORE_FILES, STATUS_NO_SUCH_FILE, STATUS_SUCCESS } from "../ntstatus.ts";
import {
  FILE_ATTRIBUTE_DIRECTORY,
  FILE_ATTRIBUTE_REPARSE_POINT,
  FILE_ATTRIBUTE_SYSTEM,
  FileIdFullDirectoryInformation,
  IO_REPARSE_TAG_LX_SYMLINK,
  IO_REPARSE_TAG_MOUNT_POINT,
  IO_REPARSE_TAG_SYMLINK,
} from "./constants.ts";
import { FILE_ID_FULL_DIR_INFORMATION as LAYOUT } from "./layouts.ts";
import { foldFileId } from "./metadata.ts";
import { kernelName } from "./native_path.ts";
import type { FileHandle, NtCalls } from "./nt_calls.ts";

/** All entries, "." and ".." first. */
export function listDirectory(calls: NtCalls, handle: FileHandle): HostDirEntry[] | Errno {
  const self: HostDirEntry[] = [];
  const entries: HostDirEntry[] = [];
  const { nt, status, scratch, scratchView: view } = calls;
  calls.stretch.end();
  for (let restart = 1;; restart = 0) {
    const result = nt.NtQueryDirectoryFile(
      handle,
      null,
      null,
      null,
      status,
      scratch,
      scratch.length,
      FileIdFullDirectoryInformation,
      0,
      null,
      restart,
    );
    if (result === STATUS_NO_MORE_FILES || result === STATUS_NO_SUCH_FILE) break;
    if (result !== STATUS_SUCCESS) return errnoOf(result);
    for (let at = 0;;) {
      const entry = LAYOUT.read(view, at);
      const name = kernelName(new Uint16Array(scratch.buffer, at + LAYOUT.size, entry.FileNameLength / 2));
      const item = {
        name,
        type: typeOf(entry.FileAttributes, entry.EaSize),
        ino: foldFileId(entry.FileId),
      };
      (name === "." || name === ".." ? self : entries).push(item);
      if (entry.NextEntryOffset === 0) break;
      at += entry.NextEntryOffset;
    }
  }
  if (self.length === 0) { // drives' roots have neither
    self.push({ name: ".", type: S_IFDIR, ino: 1 }, { name: "..", type: S_IFDIR, ino: 1 });
  }
  return [...self, ...entries];
}

function typeOf(attributes: number, tag: number): number {
  if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) !== 0) {
    if (
      tag === IO_REPARSE_TAG_LX_SYMLINK || tag === IO_REPARSE_TAG_SYMLINK ||
      tag === IO_REPARSE_TAG_MOUNT_POINT
    ) return S_IFLNK;
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) !== 0 ? S_IFDIR : 0;
  }
  if ((attributes & FILE_ATTRIBUTE_DIRECTORY) !== 0) return S_IFDIR;
  return (attributes & FILE_ATTRIBUTE_SYSTEM) !== 0 ? 0 : S_IFREG;
}
