/** The files behind descriptors 0, 1 and 2 of the first task: the streams atratus was started with. */
import { EAGAIN, EINVAL, ENOTTY, Errno } from "../abi/errno.ts";
import { FIONREAD, TCGETS, TCSETS, TCSETSF, TCSETSW, TIOCGWINSZ, TIOCSWINSZ } from "../abi/ioctl.ts";
import { O_RDONLY, O_RDWR, O_WRONLY } from "../abi/fcntl.ts";
import { POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/poll.ts";
import { makedev, S_IFCHR, S_IFIFO, S_IFMT, S_IFREG } from "../abi/stat.ts";
import {
  B38400,
  CREAD,
  CS8,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ICANON,
  ICRNL,
  IEXTEN,
  INIT_C_CC,
  ISIG,
  IUTF8,
  IXON,
  ONLCR,
  OPOST,
  termios,
  winsize,
} from "../abi/termios.ts";
import type { UserPtr } from "../abi/types.ts";
import { type HostFiles, HostStat, type HostStream } from "../host_files.ts";
import { copyIn, copyOut, copyOutStruct } from "../mm/user_memory.ts";
import type { Result, SyscallResult } from "../syscalls/result.ts";
import type { Task } from "../task/task.ts";
import type { FdTable } from "./fd_table.ts";
import { fillStat } from "./hostfs.ts";
import type { OpenRequest } from "./inode.ts";
import { OpenFile } from "./open_file.ts";
import { SameFile } from "./same_file.ts";
import { type Stat, syntheticStat } from "./stat.ts";

/** Who keeps the event loop alive while the host waits for input. */
export interface ExternalWaits {
  externalStarted(): void;
  externalFinished(): void;
}

/** Installs 0, 1 and 2; returns the terminal among them, for /dev/tty. `bootTime`: seconds since 1970. */
export function openStandardFiles(
  host: HostFiles,
  files: FdTable,
  external: ExternalWaits,
  bootTime: number,
): OpenFile | undefined {
  const streams = ([0, 1, 2] as const).map((fd) => host.stream(fd));
  const [input, output, error] = streams as [HostStream, HostStream, HostStream];
  const screen = streams.slice(1).find((stream) => stream.kind === "console");
  const tty = input.kind === "console" || screen
    ? new Terminal(input.kind === "console" ? input : undefined, screen, external, bootTime)
    : undefined;
  const open = (stream: HostStream, flags: number) =>
    stream.kind === "console" && tty ? tty.retain() : new StreamFile(flags, stream, external, bootTime);
  files.replace(0, open(input, O_RDONLY), false);
  files.replace(1, open(output, O_WRONLY), false);
  files.replace(2, open(error, O_WRONLY), false);
  return tty;
}

/** A redirected stream. */
class StreamFile extends OpenFile {
  override readonly type: number;
  readonly #stream: HostStream;
  readonly #external: ExternalWaits;
  readonly #bootTime: number;
  #waiting = false;

  constructor(flags: number, stream: HostStream, external: ExternalWaits, bootTime: number) {
    super(flags, undefined);
    this.#stream = stream;
    this.#external = external;
    this.#bootTime = bootTime;
    this.type = stream.kind === "file" ? S_IFREG : stream.kind === "pipe" ? S_IFIFO : S_IFCHR;
  }

  override read(into: Uint8Array<ArrayBuffer>): Result {
    if (into.length === 0) return 0;
    const result = this.#stream.read(into);
    if (result === EAGAIN && !this.nonblocking) this.prepareToWait(into.length);
    return result;
  }
  override write(from: Uint8Array<ArrayBuffer>): Result {
    return this.#stream.write(from);
  }
  override pread(into: Uint8Array<ArrayBuffer>, offset: number): Result {
    return this.#at(offset, () => this.#stream.read(into));
  }
  override pwrite(from: Uint8Array<ArrayBuffer>, offset: number): Result {
    return this.#at(offset, () => this.#stream.write(from));
  }
  override seek(offset: number, whence: number): Result {
    return this.#stream.seek(offset, whence);
  }

  override prepareToWait(limit: number): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#external.externalStarted();
    this.#stream.waitForInput(limit, () => {
      this.#waiting = false;
      this.#external.externalFinished();
      this.waiters.wakeAll();
    });
  }

  override poll(): number {
    const writable = this.writable ? POLLOUT | POLLWRNORM : 0;
    if (!this.readable || this.#stream.available() === 0) return writable;
    return writable | (this.#stream.ended ? POLLHUP : POLLIN | POLLRDNORM);
  }

  override stat(into: Stat): 0 | Errno {
    if (this.type === S_IFREG) {
      const host = new HostStat();
      const error = this.#stream.stat(host);
      if (error !== 0) return error;
      fillStat(into, host, STREAM_DEV);
      if ((into.mode & S_IFMT) === S_IFREG) return 0;
    }
    const mode = this.type === S_IFIFO ? S_IFIFO | 0o600 : S_IFCHR | 0o666;
    syntheticStat(into, STREAM_DEV, this.type === S_IFIFO ? 2 : 3, mode, this.#bootTime);
    if (this.type === S_IFCHR) into.rdev = makedev(1, 3);
    return 0;
  }

  override ioctl(task: Task, request: number, argument: UserPtr): SyscallResult {
    if (request !== FIONREAD || this.type !== S_IFIFO) return ENOTTY;
    return copyOut(task, argument, new Uint8Array(Uint32Array.of(this.#stream.available()).buffer));
  }

  override sync(): 0 | Errno {
    return this.type === S_IFREG ? 0 : EINVAL;
  }
  /** The host has one position for all who have it open. */
  override reopen({ flags }: OpenRequest): OpenFile {
    return new SameFile(flags, this);
  }
  override get description(): string {
    return this.type === S_IFIFO ? "pipe:[2]" : this.type === S_IFCHR ? "/dev/null" : "/dev/stream";
  }

  #at(offset: number, act: () => Result): Result {
    const here = this.#stream.seek(0, 1);
    if (here instanceof Errno) return here;
    const moved = this.#stream.seek(offset, 0);
    if (moved instanceof Errno) return moved;
    const result = act();
    this.#stream.seek(here, 0);
    return result;
  }
}

/** st_dev of streams, which have no file system here. */
const STREAM_DEV = 13;

/** The console as a terminal, until tty/ takes over: the host edits lines and echoes. */
class Terminal extends OpenFile {
  override readonly type = S_IFCHR;
  readonly #input: HostStream | undefined;
  readonly #output: HostStream | undefined;
  readonly #external: ExternalWaits;
  readonly #bootTime: number;
  readonly #settings = termios.encode({
    c_iflag: ICRNL | IXON | IUTF8,
    c_oflag: OPOST | ONLCR,
    c_cflag: B38400 | CS8 | CREAD,
    c_lflag: ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    c_cc: Uint8Array.from(INIT_C_CC),
  });
  #waiting = false;

  constructor(
    input: HostStream | undefined,
    output: HostStream | undefined,
    external: ExternalWaits,
    bootTime: number,
  ) {
    super(O_RDWR, undefined);
    this.#input = input;
    this.#output = output;
    this.#external = external;
    this.#bootTime = bootTime;
  }

  override read(into: Uint8Array<ArrayBuffer>): Result {
    if (!this.#input || into.length === 0) return 0;
    const result = this.#input.read(into);
    if (result === EAGAIN && !this.nonblocking) this.prepareToWait(into.length);
    return result;
  }
  override write(from: Uint8Array<ArrayBuffer>): Result {
    return this.#output ? this.#output.write(from) : from.length;
  }

  override prepareToWait(limit: number): void {
    if (this.#waiting || !this.#input) return;
    this.#waiting = true;
    this.#external.externalStarted();
    this.#input.waitForInput(limit, () => {
      this.#waiting = false;
      this.#external.externalFinished();
      this.waiters.wakeAll();
    });
  }

  override poll(): number {
    const readable = (this.#input?.available() ?? 1) > 0 ? POLLIN | POLLRDNORM : 0;
    return readable | POLLOUT | POLLWRNORM;
  }

  override reopen({ flags }: OpenRequest): OpenFile {
    return new SameFile(flags, this);
  }
  override get description(): string {
    return "/dev/tty";
  }

  override stat(into: Stat): 0 {
    syntheticStat(into, STREAM_DEV, 4, S_IFCHR | 0o620, this.#bootTime);
    into.rdev = makedev(136, 0);
    into.blksize = 1024;
    return 0;
  }

  override ioctl(task: Task, request: number, argument: UserPtr): SyscallResult {
    switch (request) {
      case TCGETS:
        return copyOut(task, argument, this.#settings);
      case TCSETS:
      case TCSETSW:
      case TCSETSF:
        return this.#setSettings(task, argument);
      case TIOCGWINSZ: {
        const size = this.#output?.windowSize() ?? { rows: 24, columns: 80 };
        return copyOutStruct(task, winsize, argument, { ws_row: size.rows, ws_col: size.columns });
      }
      case TIOCSWINSZ:
        return 0;
      case FIONREAD:
        return copyOut(task, argument, new Uint8Array(Uint32Array.of(this.#input?.available() ?? 0).buffer));
      default:
        return ENOTTY;
    }
  }

  #setSettings(task: Task, from: UserPtr): Result {
    const raw = copyIn(task, from, termios.size);
    if (raw instanceof Errno) return raw;
    this.#settings.set(raw);
    const { c_lflag } = termios.decode(this.#settings);
    this.#input?.setInputMode((c_lflag & ICANON) !== 0, (c_lflag & ECHO) !== 0, (c_lflag & ISIG) !== 0);
    return 0;
  }
}
