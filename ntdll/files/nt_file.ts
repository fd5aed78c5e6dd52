/** An open regular file on Windows. */
import { ENOSPC, Errno } from "../../kernel/abi/errno.ts";
import type { GuestThread } from "../../kernel/host.ts";
import {
  type FileLoan,
  type HostAttributes,
  type HostFile,
  type HostResult,
  HostStat,
  type LoanTerms,
} from "../../kernel/host_files.ts";
import { MAY_READ, MAY_WRITE } from "../../loader/x86/gate/channel.ts";
import { GuestNtThread } from "../guest_thread.ts";
import { errnoOf, STATUS_SUCCESS } from "../ntstatus.ts";
import {
  FILE_READ_DATA,
  FILE_WRITE_DATA,
  FileEndOfFileInformation,
  FileStandardInformation,
  SYNCHRONIZE,
} from "./constants.ts";
import { FILE_STANDARD_INFORMATION } from "./layouts.ts";
import { type FileHandle, type NtCalls, zeroOrErrno } from "./nt_calls.ts";
import type { Reader } from "./read_ahead.ts";

/** What a file asks of its tree. */
export interface FileOwner {
  readonly calls: NtCalls;
  statHandle(handle: FileHandle, into: HostStat): 0 | Errno;
  setHandleAttributes(file: NtFile, changes: HostAttributes): 0 | Errno;
  /** Nobody has the file but by this handle, or will: it has no name any more. */
  isLast(file: NtFile): boolean;
  /** The file is closed; the owner takes the handle back. */
  closed(file: NtFile): void;
}

export class NtFile implements HostFile, Reader {
  readonly #calls: NtCalls;
  /** Where it is now; undefined once it is unlinked. Kept up to date by the tree. */
  path: string | undefined;
  #ino: number | undefined;
  readEnd = -1;
  block: Reader["block"];

  constructor(
    readonly owner: FileOwner,
    readonly handle: FileHandle,
    path: string,
    readonly writable: boolean,
  ) {
    this.#calls = owner.calls;
    this.path = path;
  }

  /** Its number within the volume; undefined where Windows does not tell. */
  get ino(): number | undefined {
    if (this.#ino === undefined) {
      const stat = new HostStat();
      if (this.stat(stat) === 0) this.#ino = stat.ino;
    }
    return this.#ino;
  }

  get hasName(): boolean {
    return this.path !== undefined;
  }

  pread(into: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    return this.#calls.ahead.read(this, into, offset);
  }

  pwrite(from: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    if (from.length === 0) return 0;
    return this.#calls.write(this.handle, from, offset);
  }

  lend(thread: GuestThread, { fd, reads, writes, alone, position }: LoanTerms): FileLoan | undefined {
    if (!(thread instanceof GuestNtThread) || !thread.canBorrow) return undefined;
    const access = (reads ? FILE_READ_DATA : 0) | (writes ? FILE_WRITE_DATA : 0) | SYNCHRONIZE;
    const handle = thread.container.lend(Deno.UnsafePointer.value(this.handle), access);
    if (handle === undefined) return undefined;
    const rights = (reads ? MAY_READ : 0) | (writes ? MAY_WRITE : 0);
    if (!writes) return thread.channel.lentFiles.add(handle, { fd, rights, position });
    const { stretch } = this.#calls;
    stretch.addWriter(thread);
    const ended = (): void => stretch.removeWriter(thread);
    const request = { fd, rights, position, ended };
    if (!alone || !this.owner.isLast(this)) return thread.channel.lentFiles.add(handle, request);
    const putDown = (bytes: Uint8Array<ArrayBuffer>, offset: number): 0 | Errno => {
      const count = this.pwrite(bytes, offset);
      return count instanceof Errno ? count : count === bytes.length ? 0 : ENOSPC;
    };
    return thread.channel.lentFiles.add(handle, { ...request, putDown });
  }

  size(): HostResult {
    const status = this.#calls.query(this.handle, FileStandardInformation);
    if (status !== STATUS_SUCCESS) return errnoOf(status);
    return FILE_STANDARD_INFORMATION.read(this.#calls.scratchView, 0).EndOfFile;
  }

  truncate(size: number): 0 | Errno {
    const end = new Uint32Array([size >>> 0, size / 2 ** 32]);
    return zeroOrErrno(this.#calls.set(this.handle, FileEndOfFileInformation, new Uint8Array(end.buffer)));
  }

  flush(): 0 | Errno {
    if (!this.writable) return 0;
    return zeroOrErrno(this.#calls.nt.NtFlushBuffersFile(this.handle, this.#calls.status));
  }

  stat(into: HostStat): 0 | Errno {
    return this.owner.statHandle(this.handle, into);
  }

  setAttributes(changes: HostAttributes): 0 | Errno {
    return this.owner.setHandleAttributes(this, changes);
  }

  close(): void {
    this.#calls.ahead.forget(this);
    this.owner.closed(this);
  }
}
