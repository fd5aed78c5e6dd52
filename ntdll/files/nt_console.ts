/** The Windows console: UTF-8 on our side, UTF-16 on its own, with VT sequences. */
import { EAGAIN, EIO, ENOSYS, type Errno, ESPIPE } from "../../kernel/abi/errno.ts";
import type { HostResult, HostStat, HostStream } from "../../kernel/host_files.ts";
import {
  ENABLE_ECHO_INPUT,
  ENABLE_LINE_INPUT,
  ENABLE_PROCESSED_INPUT,
  ENABLE_PROCESSED_OUTPUT,
  ENABLE_VIRTUAL_TERMINAL_INPUT,
  ENABLE_VIRTUAL_TERMINAL_PROCESSING,
} from "./constants.ts";
import { CONSOLE_SCREEN_BUFFER_INFO } from "./layouts.ts";
import { wide } from "./native_path.ts";
import type { FileHandle, NtCalls } from "./nt_calls.ts";

/** Characters one read or write of the console moves at most. */
const CONSOLE_STEP = 8192;
/** Ctrl-Z at the start of a line ends the input, as everywhere on Windows. */
const CTRL_Z = 26;

export class NtConsole implements HostStream {
  readonly kind = "console";
  readonly #calls: NtCalls;
  readonly #handle: FileHandle;
  readonly #isOutput: boolean;
  readonly #decoder = new TextDecoder();
  readonly #count = new Uint32Array(1);
  #input: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #atEnd = false;
  #waiting = false;

  constructor(calls: NtCalls, handle: FileHandle, mode: number) {
    this.#calls = calls;
    this.#handle = handle;
    this.#isOutput = this.#screen() !== undefined;
    if (this.#isOutput) {
      calls.kernel32.SetConsoleMode(
        handle,
        mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING,
      );
    }
  }

  write(from: Uint8Array<ArrayBuffer>): HostResult {
    const text = wide(this.#decoder.decode(from, { stream: true }));
    for (let at = 0; at < text.length; at += CONSOLE_STEP) {
      const part = text.subarray(at, at + CONSOLE_STEP);
      if (this.#calls.kernel32.WriteConsoleW(this.#handle, part, part.length, this.#count, null) === 0) {
        return EIO;
      }
    }
    return from.length;
  }

  read(into: Uint8Array<ArrayBuffer>): HostResult {
    if (this.#input.length > 0) {
      const part = this.#input.subarray(0, into.length);
      into.set(part);
      this.#input = this.#input.subarray(part.length);
      return part.length;
    }
    if (!this.#atEnd) return EAGAIN;
    this.#atEnd = false; // a terminal's end of file ends one read only
    return 0;
  }

  waitForInput(_limit: number, ready: () => void): void {
    if (this.#waiting) return;
    this.#waiting = true;
    const buffer = new Uint16Array(CONSOLE_STEP);
    const count = new Uint32Array(1);
    const { kernel32 } = this.#calls;
    kernel32.ReadConsoleW(this.#handle, new Uint8Array(buffer.buffer), CONSOLE_STEP, count, null).then(
      (ok) => {
        this.#waiting = false;
        const text = String.fromCharCode(...buffer.subarray(0, count[0])).replaceAll("\r\n", "\n");
        if (ok === 0 || text.charCodeAt(0) === CTRL_Z) this.#atEnd = true;
        else this.#input = new TextEncoder().encode(text);
        ready();
      },
    );
  }

  available(): number {
    return this.#atEnd ? 1 : this.#input.length;
  }
  readonly ended = false;
  seek(): HostResult {
    return ESPIPE;
  }
  stat(_into: HostStat): 0 | Errno {
    return ENOSYS;
  }

  windowSize(): { rows: number; columns: number } | undefined {
    const info = this.#screen();
    if (!info) return undefined;
    return {
      rows: info.srWindowBottom - info.srWindowTop + 1,
      columns: info.srWindowRight - info.srWindowLeft + 1,
    };
  }

  setInputMode(canonical: boolean, echo: boolean, signals: boolean): void {
    if (this.#isOutput) return;
    let mode = canonical ? ENABLE_LINE_INPUT | (echo ? ENABLE_ECHO_INPUT : 0) : ENABLE_VIRTUAL_TERMINAL_INPUT;
    if (signals) mode |= ENABLE_PROCESSED_INPUT;
    this.#calls.kernel32.SetConsoleMode(this.#handle, mode);
  }

  #screen() {
    const info = new Uint8Array(CONSOLE_SCREEN_BUFFER_INFO.size);
    const ok = this.#calls.kernel32.GetConsoleScreenBufferInfo(this.#handle, info);
    return ok === 0 ? undefined : CONSOLE_SCREEN_BUFFER_INFO.decode(info);
  }
}
