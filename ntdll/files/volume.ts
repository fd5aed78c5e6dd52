/** What a volume can do, and how full it is. */
import { Errno } from "../../kernel/abi/errno.ts";
import type { HostStatfs } from "../../kernel/host_files.ts";
import { errnoOf } from "../ntstatus.ts";
import {
  FILE_DIRECTORY_FILE,
  FILE_OPEN_FOR_BACKUP_INTENT,
  FILE_READ_ATTRIBUTES,
  FILE_SUPPORTS_EXTENDED_ATTRIBUTES,
  FILE_SUPPORTS_POSIX_UNLINK_RENAME,
  FileFsAttributeInformation,
  FileFsFullSizeInformation,
  FileFsVolumeInformation,
} from "./constants.ts";
import {
  FILE_FS_ATTRIBUTE_INFORMATION,
  FILE_FS_FULL_SIZE_INFORMATION,
  FILE_FS_VOLUME_INFORMATION,
} from "./layouts.ts";
import type { Prefix } from "./native_path.ts";
import type { NtCalls } from "./nt_calls.ts";

export class Volume {
  readonly #calls: NtCalls;
  readonly #prefix: Prefix;
  readonly serial: number;
  /** Unlink and rename of open files behave as on Linux. */
  readonly posixNaming: boolean;
  readonly extendedAttributes: boolean;
  /** A directory's times tell of every change of what is in it. FAT's do not. */
  readonly datesDirectories: boolean;

  constructor(calls: NtCalls, prefix: Prefix) {
    this.#calls = calls;
    this.#prefix = prefix;
    const info = this.#query(FileFsVolumeInformation);
    this.serial = info ? FILE_FS_VOLUME_INFORMATION.read(info, 0).VolumeSerialNumber : 0;
    const attributes = this.#query(FileFsAttributeInformation);
    this.datesDirectories = attributes !== undefined && DATING.includes(nameOf(attributes));
    const flags = attributes ? FILE_FS_ATTRIBUTE_INFORMATION.read(attributes, 0).FileSystemAttributes : 0;
    this.posixNaming = (flags & FILE_SUPPORTS_POSIX_UNLINK_RENAME) !== 0;
    this.extendedAttributes = (flags & FILE_SUPPORTS_EXTENDED_ATTRIBUTES) !== 0;
  }

  space(): HostStatfs | Errno {
    const info = this.#query(FileFsFullSizeInformation);
    if (!info) return errnoOf(this.#calls.lastStatus);
    const size = FILE_FS_FULL_SIZE_INFORMATION.read(info, 0);
    return {
      blockSize: size.SectorsPerAllocationUnit * size.BytesPerSector,
      blocks: size.TotalAllocationUnits,
      free: size.ActualAvailableAllocationUnits,
      available: size.CallerAvailableAllocationUnits,
    };
  }

  #query(informationClass: number): DataView<ArrayBuffer> | undefined {
    const calls = this.#calls;
    const options = FILE_DIRECTORY_FILE | FILE_OPEN_FOR_BACKUP_INTENT;
    const handle = calls.open(this.#prefix, "", FILE_READ_ATTRIBUTES, options);
    if (handle instanceof Errno) return undefined;
    const data = new Uint8Array(1024);
    calls.lastStatus = calls.nt.NtQueryVolumeInformationFile(
      handle,
      calls.status,
      data,
      data.length,
      informationClass,
    );
    calls.close(handle);
    return calls.lastStatus < 0xc0000000 ? new DataView(data.buffer) : undefined;
  }
}

const DATING = ["NTFS", "ReFS"];

/** FileSystemName of FILE_FS_ATTRIBUTE_INFORMATION. */
function nameOf(information: DataView<ArrayBuffer>): string {
  const { FileSystemNameLength } = FILE_FS_ATTRIBUTE_INFORMATION.read(information, 0);
  const units = new Uint16Array(
    information.buffer,
    FILE_FS_ATTRIBUTE_INFORMATION.size,
    FileSystemNameLength / 2,
  );
  return String.fromCharCode(...units);
}
