/** The NT file calls with their scratch memory: one open, one query, one set at a time. */
import { ENAMETOOLONG, type Errno } from "../../kernel/abi/errno.ts";
import type { HostResult } from "../../kernel/host_files.ts";
import { errnoOf, STATUS_END_OF_FILE, STATUS_SUCCESS } from "../ntstatus.ts";
import { FILE_SHARE_ALL, FILE_SYNCHRONOUS_IO_NONALERT, SYNCHRONIZE } from "./constants.ts";
import { FILE_NETWORK_OPEN_INFORMATION } from "./layouts.ts";
import { NativePath, type Prefix } from "./native_path.ts";
import type { Stretch } from "../stretch.ts";
import { ReadAhead } from "./read_ahead.ts";
import type { FileFunctions, Kernel32, Nt } from "./symbols.ts";

/** A Windows HANDLE of a file; never null while open. */
export type FileHandle = Deno.PointerObject;

/** Bytes of the scratch buffer that `query` fills. */
const SCRATCH_SIZE = 65536;

const TWO_32 = 2 ** 32;

/** Does something in so many milliseconds, while guests run. */
export type Later = (milliseconds: number, act: () => void) => void;

export class NtCalls {
  readonly nt: Nt;
  readonly kernel32: Kernel32;
  readonly path = new NativePath();
  /** IO_STATUS_BLOCK; Information is word 2. */
  readonly status = new Uint32Array(4);
  /** FILE_NETWORK_OPEN_INFORMATION of `queryPath`, as words too. */
  readonly attributes = new Uint8Array(FILE_NETWORK_OPEN_INFORMATION.size);
  readonly attributeWords = new Uint32Array(this.attributes.buffer);
  readonly scratch = new Uint8Array(SCRATCH_SIZE);
  readonly scratchWords = new Uint32Array(this.scratch.buffer);
  readonly scratchView = new DataView(this.scratch.buffer);
  readonly #handle = new BigUint64Array(1);
  readonly #offset = new Uint32Array(2);

  readonly ahead: ReadAhead;

  constructor(functions: FileFunctions, readonly stretch: Stretch, readonly later: Later) {
    this.nt = functions.nt;
    this.kernel32 = functions.kernel32;
    this.ahead = new ReadAhead(this, stretch);
  }

  /**
   * Opens or creates by path, shared with everyone, synchronous. `access` gets SYNCHRONIZE. On failure the NTSTATUS
   * is in `lastStatus`.
   */
  open(
    prefix: Prefix,
    path: string,
    access: number,
    options: number,
    disposition = 1,
    attributes = 0x80,
  ): FileHandle | Errno {
    this.stretch.end();
    if (!this.path.set(prefix, path)) return ENAMETOOLONG;
    const status = this.nt.NtCreateFile(
      this.#handle,
      access | SYNCHRONIZE,
      this.path.pointer,
      this.status,
      null,
      attributes,
      FILE_SHARE_ALL,
      disposition,
      options | FILE_SYNCHRONOUS_IO_NONALERT,
      null,
      0,
    );
    this.lastStatus = status;
    if (status !== STATUS_SUCCESS) return errnoOf(status);
    return Deno.UnsafePointer.create(this.#handle[0]!) as FileHandle;
  }
  lastStatus = 0;

  /** Fills `attributes` for a path; the NTSTATUS. Reparse points are not followed. */
  queryPath(prefix: Prefix, path: string): number {
    this.stretch.end();
    if (!this.path.set(prefix, path)) return 0xc0000106;
    return this.nt.NtQueryFullAttributesFile(this.path.pointer, this.attributes);
  }

  /** Fills `scratch` with an information class of an open file. */
  query(handle: FileHandle, informationClass: number): number {
    this.stretch.end();
    return this.nt.NtQueryInformationFile(handle, this.status, this.scratch, SCRATCH_SIZE, informationClass);
  }

  set(handle: FileHandle, informationClass: number, value: Uint8Array<ArrayBuffer>): number {
    this.stretch.end();
    const status = this.nt.NtSetInformationFile(handle, this.status, value, value.length, informationClass);
    this.stretch.end(); // what a guest's thread has read meanwhile was older
    return status;
  }

  /** Asks what serves the file for something of its own (FSCTL_*); the NTSTATUS. */
  control(
    handle: FileHandle,
    code: number,
    input: Uint8Array<ArrayBuffer> | null,
    output: Uint8Array<ArrayBuffer> | null,
  ): number {
    const { nt, status } = this;
    const inputSize = input?.length ?? 0, outputSize = output?.length ?? 0;
    return nt.NtFsControlFile(
      handle,
      null,
      null,
      null,
      status,
      code,
      input,
      inputSize,
      output,
      outputSize,
    );
  }

  read(handle: FileHandle, into: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    this.#offset[0] = offset >>> 0;
    this.#offset[1] = offset / TWO_32;
    const status = this.nt.NtReadFile(
      handle,
      null,
      null,
      null,
      this.status,
      into,
      into.length,
      this.#offset,
      null,
    );
    if (status === STATUS_SUCCESS) return this.status[2]!;
    return status === STATUS_END_OF_FILE ? 0 : errnoOf(status);
  }

  write(handle: FileHandle, from: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    this.stretch.end();
    this.#offset[0] = offset >>> 0;
    this.#offset[1] = offset / TWO_32;
    const status = this.nt.NtWriteFile(
      handle,
      null,
      null,
      null,
      this.status,
      from,
      from.length,
      this.#offset,
      null,
    );
    this.stretch.end(); // what a guest's thread has read meanwhile was older
    return status === STATUS_SUCCESS ? this.status[2]! : errnoOf(status);
  }

  close(handle: FileHandle): void {
    this.nt.NtClose(handle);
  }
}

/** 0 or the errno. */
export function zeroOrErrno(status: number): 0 | Errno {
  return status < 0x80000000 ? 0 : errnoOf(status);
}
