/**
 * Writing modes, owners and times: WSL's extended attributes where the volume takes them, else the session's
 * overlay by inode number. A file without any write permission is also FILE_ATTRIBUTE_READONLY for Windows.
 */
import { Errno } from "../../kernel/abi/errno.ts";
import { S_IFDIR, S_IFMT } from "../../kernel/abi/stat.ts";
import { HostStat } from "../../kernel/host_files.ts";
import type { HostAttributes } from "../../kernel/host_files.ts";
import { STATUS_SUCCESS } from "../ntstatus.ts";
import {
  FILE_ATTRIBUTE_DIRECTORY,
  FILE_ATTRIBUTE_NORMAL,
  FILE_ATTRIBUTE_READONLY,
  FileBasicInformation,
} from "./constants.ts";
import { fileTime } from "./filetime.ts";
import { FILE_BASIC_INFORMATION } from "./layouts.ts";
import { encodeLxAttributes, type LxAttributes } from "./lx_attributes.ts";
import type { Metadata } from "./metadata.ts";
import { type FileHandle, type NtCalls, zeroOrErrno } from "./nt_calls.ts";

/** What new files have without stored attributes. */
const DEFAULT_MODE = 0o755;

export class AttributeWriter {
  readonly #calls: NtCalls;
  readonly #metadata: Metadata;
  readonly #takesAttributes: () => boolean;

  constructor(calls: NtCalls, metadata: Metadata, takesAttributes: () => boolean) {
    this.#calls = calls;
    this.#metadata = metadata;
    this.#takesAttributes = takesAttributes;
  }

  set(handle: FileHandle, changes: HostAttributes): 0 | Errno {
    const { mode, uid, gid, atime, mtime } = changes;
    if (mode !== undefined || uid !== undefined || gid !== undefined) {
      const error = this.#store(handle, {
        ...(mode === undefined ? {} : { mode }),
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
      });
      if (error !== 0) return error;
    }
    if (atime === undefined && mtime === undefined) return 0;
    const times = FILE_BASIC_INFORMATION.encode({
      LastAccessTime: atime ? fileTime(...atime) : 0n,
      LastWriteTime: mtime ? fileTime(...mtime) : 0n,
    });
    return zeroOrErrno(this.#calls.set(handle, FileBasicInformation, times));
  }

  /** The permissions of what was just created. */
  setNewMode(handle: FileHandle, mode: number): void {
    if (mode !== DEFAULT_MODE) this.#store(handle, { mode }, true);
  }

  /** The file's last name goes: its number may soon be another's. */
  forget(handle: FileHandle): void {
    const { overlay } = this.#metadata, stat = new HostStat();
    if (overlay.size === 0 || this.#metadata.statHandle(handle, stat) !== 0) return;
    if (stat.nlink <= 1) overlay.delete(stat.ino);
  }

  /** Runs `attempt` with the read-only attribute out of the way; the handle is closed afterwards. */
  withoutReadOnly(handle: FileHandle | Errno, attempt: () => FileHandle | Errno): FileHandle | Errno {
    if (handle instanceof Errno) return handle;
    const attributes = this.#attributes(handle);
    if ((attributes & FILE_ATTRIBUTE_READONLY) !== 0) this.#setAttributes(handle, attributes & ~1);
    const result = attempt();
    if ((attributes & FILE_ATTRIBUTE_READONLY) !== 0) this.#setAttributes(handle, attributes);
    this.#calls.close(handle);
    return result;
  }

  #store(handle: FileHandle, given: LxAttributes, isNew = false): 0 | Errno {
    const before = new HostStat();
    const error = this.#metadata.statHandle(handle, before);
    if (error !== 0) return error;
    const isDirectory = (before.mode & S_IFMT) === S_IFDIR;
    const lx = given.mode === undefined ? given : {
      ...given,
      mode: given.mode & 0o7777 | (before.mode & ~0o7777),
    };
    if (lx.mode !== undefined && !isDirectory && !isNew) {
      const attributes = this.#attributes(handle);
      const wanted = (lx.mode & 0o222) === 0
        ? attributes | FILE_ATTRIBUTE_READONLY
        : attributes & ~FILE_ATTRIBUTE_READONLY;
      if (wanted !== attributes) this.#setAttributes(handle, wanted);
    }
    if (this.#takesAttributes()) {
      const list = encodeLxAttributes(lx);
      const status = this.#calls.nt.NtSetEaFile(handle, this.#calls.status, list, list.length);
      if (status === STATUS_SUCCESS) return 0;
    }
    this.#metadata.overlay.set(before.ino, { ...this.#metadata.overlay.get(before.ino), ...lx });
    return 0;
  }

  #attributes(handle: FileHandle): number {
    const status = this.#calls.query(handle, FileBasicInformation);
    return status === STATUS_SUCCESS
      ? FILE_BASIC_INFORMATION.read(this.#calls.scratchView, 0).FileAttributes
      : 0;
  }

  #setAttributes(handle: FileHandle, attributes: number): void {
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) !== 0) return;
    const basic = FILE_BASIC_INFORMATION.encode({ FileAttributes: attributes || FILE_ATTRIBUTE_NORMAL });
    this.#calls.set(handle, FileBasicInformation, basic);
  }
}
