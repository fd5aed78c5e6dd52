/**
 * struct file: what a descriptor refers to. Shared by dup(2) and fork(2), so the position and the status flags are
 * here. Operations never wait: they return EAGAIN, and wake `waiters` when they may succeed.
 */
import {
  EBADF,
  EINVAL,
  EIO,
  EISDIR,
  ENODEV,
  ENOTDIR,
  ENOTTY,
  ENXIO,
  EOVERFLOW,
  Errno,
  ESPIPE,
} from "../abi/errno.ts";
import { O_ACCMODE, O_APPEND, O_NONBLOCK, O_PATH, O_RDONLY, O_WRONLY } from "../abi/fcntl.ts";
import { SEEK_CUR, SEEK_DATA, SEEK_END, SEEK_HOLE, SEEK_SET } from "../abi/fcntl.ts";
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/poll.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { Host } from "../host.ts";
import type { PageStore, SharedPages } from "../mm/shared_pages.ts";
import type { Result, SyscallResult } from "../syscalls/result.ts";
import type { Task } from "../task/task.ts";
import { WaitQueue } from "../task/wait.ts";
import type { FileLock } from "./file_lock.ts";
import type { FileRecords } from "./record_lock.ts";
import type { AttributeChanges, OpenRequest } from "./inode.ts";
import type { Location } from "./mount.ts";
import type { Stat } from "./stat.ts";

export interface DirEntry {
  readonly name: string;
  /** S_IF*, 0 if unknown. */
  readonly type: number;
  readonly ino: number;
}

export abstract class OpenFile {
  /** Status flags and access mode, as F_GETFL gives them. */
  flags: number;
  #position = 0;
  /** Where it was opened; undefined for what has no name (pipes, sockets). */
  readonly location: Location | undefined;
  /** flock(2) of this description. */
  lock: FileLock | undefined;
  /** The file's record locks, once this description has owned some (F_OFD_SETLK). */
  records: FileRecords | undefined;
  #references = 1;
  #waiters: WaitQueue | undefined;

  constructor(flags: number, location: Location | undefined) {
    this.flags = flags;
    this.location = location;
    location?.inode.retain();
  }

  /** Bytes; for directories the index of the next entry. */
  get position(): number {
    return this.#position;
  }
  set position(position: number) {
    this.#position = position;
  }

  /** Woken when a call that said EAGAIN may succeed. */
  get waiters(): WaitQueue {
    return this.#waiters ??= new WaitQueue();
  }

  get readable(): boolean {
    return (this.flags & O_ACCMODE) !== O_WRONLY && (this.flags & O_PATH) === 0;
  }
  get writable(): boolean {
    return (this.flags & O_ACCMODE) !== O_RDONLY && (this.flags & O_PATH) === 0;
  }
  get nonblocking(): boolean {
    return (this.flags & O_NONBLOCK) !== 0;
  }
  get append(): boolean {
    return (this.flags & O_APPEND) !== 0;
  }
  /** Whether a blocking write(2) goes on until everything is taken (pipes, stream sockets). */
  get writesWhole(): boolean {
    return false;
  }
  /** Whether write(2) takes everything and looks at none of it (null(4)). */
  get dropsWrites(): boolean {
    return false;
  }
  /** Whether one read(2) must see one buffer, however the guest's memory lies (packets, counters). */
  get readsAtOnce(): boolean {
    return false;
  }
  /** The same for one write(2). */
  get writesAtOnce(): boolean {
    return this.writesWhole;
  }

  /** S_IF*, for callers that ask before they act. */
  abstract readonly type: number;
  abstract stat(into: Stat): 0 | Errno;

  /** Bytes read, 0 at the end, EAGAIN. Moves the position. */
  read(_into: Uint8Array<ArrayBuffer>): Result {
    return EINVAL;
  }
  write(_from: Uint8Array<ArrayBuffer>): Result {
    return EINVAL;
  }
  pread(_into: Uint8Array<ArrayBuffer>, _offset: number): Result {
    return ESPIPE;
  }
  pwrite(_from: Uint8Array<ArrayBuffer>, _offset: number): Result {
    return ESPIPE;
  }
  /** The task transfers a large piece by `fd`: it may be given the file, to do so by itself. */
  offerTo(_task: Task, _fd: Fd, _size: number): void {}
  /** What a task was given, it gives back. */
  endLoan(): void {}
  seek(_offset: number, _whence: number): Result {
    return ESPIPE;
  }
  /** All entries, "." and ".." first. */
  readEntries(): readonly DirEntry[] | Errno {
    return ENOTDIR;
  }
  truncate(_size: number): 0 | Errno {
    return EINVAL;
  }
  sync(): 0 | Errno {
    return EINVAL;
  }
  setAttributes(changes: AttributeChanges): 0 | Errno {
    return this.location ? this.location.inode.setAttributes(changes) : EINVAL;
  }
  ioctl(_task: Task, _request: number, _argument: UserPtr): SyscallResult {
    return ENOTTY;
  }
  /** open(2) is complete (0), fails, or waits for somebody else: EAGAIN, and `waiters` is woken (FIFOs). */
  completeOpen(): 0 | Errno {
    return 0;
  }
  /** The file opened once more, by /proc/pid/fd/N, where its name is no way to it; undefined: it cannot be. */
  reopen(_request: OpenRequest): OpenFile | Errno | undefined {
    return undefined;
  }
  /** MAP_SHARED: the pages that all mappings of the file show. ENODEV: it cannot be mapped so. */
  sharedPages(_host: Pick<Host, "createSection">): SharedPages | Errno {
    return ENODEV;
  }
  /** The file's bytes but for its shared pages. */
  get store(): PageStore {
    return { pread: () => EIO, pwrite: () => EIO, size: () => 0 };
  }
  /** Writes back what guests have stored in shared pages. */
  syncPages(): 0 | Errno {
    return 0;
  }
  /** What /proc/pid/fd/N says of a file without a name. */
  get description(): string {
    return "anon_inode:[unknown]";
  }
  /** Lines of its own in /proc/pid/fdinfo/N. */
  get details(): string {
    return "";
  }
  /** The POLL* events that hold now. */
  poll(): number {
    return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
  }
  /** A task is going to wait for one of `events`; `limit` is the most bytes it would read. */
  prepareToWait(_limit: number): void {}
  /** The last reference is gone. */
  protected destroy(): void {}

  retain(): this {
    this.#references++;
    return this;
  }
  /** A descriptor, or a holder inside the kernel, is done with it. */
  release(): void {
    if (--this.#references > 0) return;
    this.lock?.release(this);
    this.records?.release(this);
    this.destroy();
    this.location?.inode.release();
  }
  get references(): number {
    return this.#references;
  }
}

/** lseek(2) for a file of `size` bytes without holes. */
export function seekWithin(file: OpenFile, offset: number, whence: number, size: Result): Result {
  if (size instanceof Errno) return size;
  let target: number;
  if (whence === SEEK_SET) target = offset;
  else if (whence === SEEK_CUR) target = file.position + offset;
  else if (whence === SEEK_END) target = size + offset;
  else if (whence === SEEK_DATA || whence === SEEK_HOLE) {
    if (offset < 0 || offset >= size) return ENXIO;
    target = whence === SEEK_DATA ? offset : size;
  } else return EINVAL;
  if (target < 0) return EINVAL;
  if (target > Number.MAX_SAFE_INTEGER) return EOVERFLOW;
  return file.position = target;
}

/** O_PATH: a place, not a file. */
export class PathFile extends OpenFile {
  override readonly type: number;
  readonly #at: Location;

  constructor(flags: number, location: Location) {
    super(flags, location);
    this.#at = location;
    this.type = location.inode.type;
  }
  override stat(into: Stat): 0 | Errno {
    return this.#at.inode.stat(into);
  }
  override read(): Result {
    return EBADF;
  }
  override seek(): Result {
    return EBADF;
  }
  override setAttributes(): 0 | Errno {
    return EBADF;
  }
}

/** An open directory. Its entries are read once, when reading starts at position 0. */
export abstract class DirectoryFile extends OpenFile {
  #entries: readonly DirEntry[] | undefined;

  override readEntries(): readonly DirEntry[] | Errno {
    if (this.#entries && this.position > 0) return this.#entries;
    const entries = this.listEntries();
    if (entries instanceof Errno) return entries;
    return this.#entries = entries;
  }
  protected abstract listEntries(): readonly DirEntry[] | Errno;

  override read(): Result {
    return EISDIR;
  }
  override pread(): Result {
    return EISDIR;
  }
  override seek(offset: number, whence: number): Result {
    if (whence === SEEK_CUR) offset += this.position;
    else if (whence !== SEEK_SET) return EINVAL;
    return offset < 0 ? EINVAL : this.position = offset;
  }
  override sync(): 0 | Errno {
    return 0;
  }
}
