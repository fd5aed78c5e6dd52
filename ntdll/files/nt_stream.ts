/** The standard streams: files, pipes and the console the process was started with. */
import { EAGAIN, EINVAL, EIO, ENOSYS, EPIPE, Errno, ESPIPE } from "../../kernel/abi/errno.ts";
import type { HostResult, HostStat, HostStream } from "../../kernel/host_files.ts";
import {
  errnoOf,
  STATUS_BUFFER_OVERFLOW,
  STATUS_END_OF_FILE,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_PIPE_BROKEN,
  STATUS_SUCCESS,
} from "../ntstatus.ts";
import {
  FILE_TYPE_DISK,
  FILE_TYPE_PIPE,
  FilePositionInformation,
  FileStandardInformation,
  FSCTL_PIPE_PEEK,
} from "./constants.ts";
import { NtConsole } from "./nt_console.ts";
import { FILE_PIPE_PEEK_BUFFER, FILE_STANDARD_INFORMATION } from "./layouts.ts";
import type { Metadata } from "./metadata.ts";
import type { FileHandle, NtCalls } from "./nt_calls.ts";

/** Most bytes one wait for input reads ahead. */
const READ_AHEAD = 65536;

/** The stream behind a standard handle; null or INVALID_HANDLE_VALUE gives one that is at its end. */
export function openStream(calls: NtCalls, metadata: Metadata, handle: Deno.PointerValue): HostStream {
  if (!handle || Deno.UnsafePointer.value(handle) === 0xffffffffffffffffn) return new NoStream();
  const mode = new Uint32Array(1);
  if (calls.kernel32.GetConsoleMode(handle, mode) !== 0) return new NtConsole(calls, handle, mode[0]!);
  const type = calls.kernel32.GetFileType(handle);
  if (type === FILE_TYPE_PIPE) return new PipeStream(calls, handle);
  return new FileStream(calls, metadata, handle, type === FILE_TYPE_DISK);
}

class NoStream implements HostStream {
  readonly kind: HostStream["kind"] = "none";
  write(from: Uint8Array<ArrayBuffer>): HostResult {
    return from.length;
  }
  read(_into: Uint8Array<ArrayBuffer>): HostResult {
    return 0;
  }
  waitForInput(_limit: number, _ready: () => void): void {}
  available(): number {
    return 1;
  }
  get ended(): boolean {
    return false;
  }
  seek(_offset: number, _whence: number): HostResult {
    return ESPIPE;
  }
  stat(_into: HostStat): 0 | Errno {
    return ENOSYS;
  }
  windowSize(): undefined {
    return undefined;
  }
  setInputMode(): void {}
}

/** Reads and writes at the handle's own position, which other processes may share. */
class FileStream extends NoStream {
  override readonly kind: HostStream["kind"];
  readonly #calls: NtCalls;
  readonly #metadata: Metadata;
  readonly #handle: FileHandle;

  constructor(calls: NtCalls, metadata: Metadata, handle: FileHandle, onDisk: boolean) {
    super();
    this.kind = onDisk ? "file" : "none";
    this.#calls = calls;
    this.#metadata = metadata;
    this.#handle = handle;
  }

  override write(from: Uint8Array<ArrayBuffer>): HostResult {
    return writeHandle(this.#calls, this.#handle, from);
  }

  override read(into: Uint8Array<ArrayBuffer>): HostResult {
    const { nt, status, stretch } = this.#calls;
    stretch.end();
    const result = nt.NtReadFile(this.#handle, null, null, null, status, into, into.length, null, null);
    if (result === STATUS_SUCCESS) return status[2]!;
    return result === STATUS_END_OF_FILE || result === STATUS_PIPE_BROKEN ? 0 : errnoOf(result);
  }

  override seek(offset: number, whence: number): HostResult {
    if (this.kind !== "file") return ESPIPE;
    let base = 0;
    if (whence === 1) {
      const status = this.#calls.query(this.#handle, FilePositionInformation);
      if (status !== STATUS_SUCCESS) return errnoOf(status);
      base = this.#calls.scratchWords[0]! + this.#calls.scratchWords[1]! * 2 ** 32;
    } else if (whence === 2) {
      const status = this.#calls.query(this.#handle, FileStandardInformation);
      if (status !== STATUS_SUCCESS) return errnoOf(status);
      base = FILE_STANDARD_INFORMATION.read(this.#calls.scratchView, 0).EndOfFile;
    } else if (whence !== 0) return EINVAL;
    const position = base + offset;
    if (position < 0) return EINVAL;
    const words = Uint32Array.of(position >>> 0, position / 2 ** 32);
    const status = this.#calls.set(this.#handle, FilePositionInformation, new Uint8Array(words.buffer));
    return status === STATUS_SUCCESS ? position : errnoOf(status);
  }

  override stat(into: HostStat): 0 | Errno {
    return this.kind === "file" ? this.#metadata.statHandle(this.#handle, into) : ENOSYS;
  }
}

class PipeStream extends NoStream {
  override readonly kind = "pipe";
  readonly #calls: NtCalls;
  readonly #handle: FileHandle;
  readonly #peekBuffer = new Uint8Array(FILE_PIPE_PEEK_BUFFER.size);
  readonly #peekView = new DataView(this.#peekBuffer.buffer);
  #waiting = false;
  /** What a wait has read and nobody has taken yet. */
  #input = new Uint8Array(0);
  #ended = false;

  constructor(calls: NtCalls, handle: FileHandle) {
    super();
    this.#calls = calls;
    this.#handle = handle;
  }

  override write(from: Uint8Array<ArrayBuffer>): HostResult {
    return writeHandle(this.#calls, this.#handle, from);
  }

  override read(into: Uint8Array<ArrayBuffer>): HostResult {
    if (this.#input.length > 0) {
      const part = this.#input.subarray(0, into.length);
      into.set(part);
      this.#input = this.#input.subarray(part.length);
      return part.length;
    }
    if (this.#ended) return 0;
    if (this.#waiting) return EAGAIN;
    const ready = this.#peek();
    if (ready === 0) return this.#ended ? 0 : EAGAIN;
    const { nt, status, stretch } = this.#calls;
    stretch.end();
    const count = Math.min(ready, into.length);
    const result = nt.NtReadFile(this.#handle, null, null, null, status, into, count, null, null);
    if (result === STATUS_SUCCESS) return status[2]!;
    return errnoOf(result) === EPIPE || result === STATUS_END_OF_FILE ? 0 : errnoOf(result);
  }

  override waitForInput(limit: number, ready: () => void): void {
    if (this.#waiting) return;
    this.#waiting = true;
    const buffer = new Uint8Array(Math.min(Math.max(limit, 1), READ_AHEAD));
    const count = new Uint32Array(1);
    this.#calls.kernel32.ReadFile(this.#handle, buffer, buffer.length, count, null).then((ok) => {
      this.#waiting = false;
      if (ok === 0 || count[0] === 0) this.#ended = true;
      else this.#input = buffer.subarray(0, count[0]);
      ready();
    });
  }

  override available(): number {
    if (this.#input.length > 0) return this.#input.length;
    if (this.#ended) return 1;
    if (this.#waiting) return 0;
    const ready = this.#peek();
    return ready === 0 && this.#ended ? 1 : ready;
  }

  override get ended(): boolean {
    return this.#ended && this.#input.length === 0;
  }

  /** Bytes in the pipe; 0 also when the pipe does not tell (Wine, for pipes of its host). Notices the end. */
  #peek(): number {
    const peek = this.#peekBuffer;
    const handle = this.#handle;
    const result = this.#calls.control(handle, FSCTL_PIPE_PEEK, null, peek);
    if (result === STATUS_SUCCESS || result === STATUS_BUFFER_OVERFLOW) {
      return FILE_PIPE_PEEK_BUFFER.read(this.#peekView, 0).ReadDataAvailable;
    }
    if (errnoOf(result) === EPIPE) this.#ended = true;
    return 0;
  }
}

function writeHandle(calls: NtCalls, handle: FileHandle, from: Uint8Array<ArrayBuffer>): HostResult {
  if (from.length === 0) return 0;
  const { nt, status } = calls;
  let done = 0;
  while (done < from.length) {
    const rest = done === 0 ? from : from.subarray(done);
    const result = nt.NtWriteFile(handle, null, null, null, status, rest, rest.length, null, null);
    if (result !== STATUS_SUCCESS) {
      return done > 0 ? done : result === STATUS_INVALID_DEVICE_REQUEST ? EIO : errnoOf(result);
    }
    if (status[2] === 0) break;
    done += status[2]!;
  }
  return done;
}
