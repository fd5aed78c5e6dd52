/** /dev: the devices every program expects (null(4), zero(4), full(4), random(4), tty(4)). */
import { EINVAL, ENOSPC, ENXIO, type Errno } from "../abi/errno.ts";
import { makedev, S_IFCHR } from "../abi/stat.ts";
import { TMPFS_MAGIC } from "../abi/statfs.ts";
import type { Fd } from "../abi/types.ts";
import type { GuestThread } from "../host.ts";
import type { FileLoan } from "../host_files.ts";
import type { Result } from "../syscalls/result.ts";
import type { Task } from "../task/task.ts";
import { Inode, type OpenerContext, type OpenRequest } from "./inode.ts";
import { OpenFile } from "./open_file.ts";
import { SameFile } from "./same_file.ts";
import { type Stat, syntheticStat } from "./stat.ts";
import { joinPath, type SyntheticDirectory, SyntheticFs, SyntheticLink } from "./synthetic.ts";

/** What /dev/tty opens: the task's terminal, or undefined when it has none. */
export type ControllingTerminal = (task: OpenerContext) => OpenFile | undefined;

type DeviceOpen = (request: OpenRequest, inode: DeviceInode) => OpenFile | Errno;

export function createDevfs(dev: number, bootTime: number, terminal: ControllingTerminal): SyntheticFs {
  const fs = new SyntheticFs("devtmpfs", TMPFS_MAGIC, dev, bootTime);
  const root = fs.root;
  const device = (name: string, minor: number, open: DeviceOpen, major = 1) =>
    root.add(name, new DeviceInode(fs, root, name, makedev(major, minor), open));
  device("null", 3, (request, inode) => new NullFile(request, inode));
  device("zero", 5, (request, inode) => new ZeroFile(request, inode));
  device("full", 7, (request, inode) => new FullFile(request, inode));
  device("random", 8, (request, inode) => new RandomFile(request, inode));
  device("urandom", 9, (request, inode) => new RandomFile(request, inode));
  device("tty", 0, (request) => {
    const file = terminal(request.task);
    return file === undefined ? ENXIO : new SameFile(request.flags, file);
  }, 5);
  const link = (name: string, target: string) => root.add(name, new SyntheticLink(fs, root, name, target));
  link("fd", "/proc/self/fd");
  link("stdin", "/proc/self/fd/0");
  link("stdout", "/proc/self/fd/1");
  link("stderr", "/proc/self/fd/2");
  root.addDirectory("shm", 0o1777);
  root.addDirectory("pts");
  return fs;
}

class DeviceInode extends Inode {
  override readonly type = S_IFCHR;
  override readonly path: string;
  readonly ino: number;

  constructor(
    override readonly fs: SyntheticFs,
    directory: SyntheticDirectory,
    name: string,
    readonly rdev: number,
    readonly opener: DeviceOpen,
  ) {
    super();
    this.path = joinPath(directory.path, name);
    this.ino = fs.newIno();
  }
  override stat(into: Stat): 0 {
    syntheticStat(into, this.fs.dev, this.ino, S_IFCHR | 0o666, this.fs.bootTime);
    into.rdev = this.rdev;
    return 0;
  }
  override open(request: OpenRequest): OpenFile | Errno {
    return this.opener(request, this);
  }
  override truncate(): 0 {
    return 0;
  }
}

abstract class DeviceFile extends OpenFile {
  override readonly type = S_IFCHR;
  readonly #inode: DeviceInode;

  constructor(request: OpenRequest, inode: DeviceInode) {
    super(request.flags, request.location);
    this.#inode = inode;
  }
  override stat(into: Stat): 0 {
    return this.#inode.stat(into);
  }
  override pread(into: Uint8Array<ArrayBuffer>, _offset: number): Result {
    return this.read(into);
  }
  override pwrite(from: Uint8Array<ArrayBuffer>, _offset: number): Result {
    return this.write(from);
  }
  override write(from: Uint8Array<ArrayBuffer>): Result {
    return from.length;
  }
  override seek(): Result {
    return 0;
  }
  override sync(): 0 | Errno {
    return EINVAL;
  }
}

class NullFile extends DeviceFile {
  /** Threads that write to it by themselves: one descriptor each. */
  readonly #loans = new Map<GuestThread, Pick<FileLoan, "end">>();

  override get dropsWrites(): boolean {
    return true;
  }
  override read(): Result {
    return 0;
  }
  override offerTo(task: Task, fd: Fd): void {
    const { thread, kernel } = task;
    if (!this.writable || this.#loans.has(thread) || kernel.tracer !== undefined || task.files.shared) return;
    const loan = thread.dropWrites(fd, () => this.#loans.delete(thread));
    if (loan !== undefined) this.#loans.set(thread, loan);
  }
  override endLoan(): void {
    for (const loan of this.#loans.values()) loan.end();
  }
}

class ZeroFile extends DeviceFile {
  override read(into: Uint8Array<ArrayBuffer>): Result {
    into.fill(0);
    return into.length;
  }
}

class FullFile extends ZeroFile {
  override write(): Result {
    return ENOSPC;
  }
}

class RandomFile extends DeviceFile {
  override read(into: Uint8Array<ArrayBuffer>): Result {
    for (let at = 0; at < into.length; at += RANDOM_STEP) {
      crypto.getRandomValues(into.subarray(at, at + RANDOM_STEP));
    }
    return into.length;
  }
}

/** Most bytes getRandomValues gives at once. */
const RANDOM_STEP = 65536;
