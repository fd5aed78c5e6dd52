/** Open files and directories of the host. */
import { EACCES, Errno } from "../abi/errno.ts";
import { O_ACCMODE, O_DSYNC, O_RDONLY } from "../abi/fcntl.ts";
import { S_IFDIR, S_IFREG } from "../abi/stat.ts";
import { type FileLoan, type HostFile, HostStat } from "../host_files.ts";
import type { Host } from "../host.ts";
import { type PageStore, SharedPages } from "../mm/shared_pages.ts";
import type { Task } from "../task/task.ts";
import type { Fd } from "../abi/types.ts";
import type { Result } from "../syscalls/result.ts";
import { fillStat, type HostFs, type HostInode } from "./hostfs.ts";
import type { AttributeChanges, OpenRequest } from "./inode.ts";
import { DirectoryFile, type DirEntry, OpenFile, seekWithin } from "./open_file.ts";
import type { Stat } from "./stat.ts";

/**
 * To lend a file costs some 80 us under Wine; a piece that is not transferred by way of the kernel saves 2 us, and
 * 2 us more for 8 KiB of it. So a file is lent when as much has been spent on it as the loan costs: bytes, and a
 * piece counts for so many besides.
 */
const LOAN_COST = 0x5_0000;
/** A file without a name, of which the thread can put off writes, saves more. */
const NAMELESS_LOAN_COST = 0x1_0000;
const PIECE_COST = 8192;

export class HostRegularFile extends OpenFile {
  override readonly type = S_IFREG;
  readonly #fs: HostFs;
  readonly #file: SharedHandle;
  #ino = 0;
  #loan: FileLoan | undefined;
  /** On large pieces since the last loan. */
  #spent = 0;
  /** Why what a task had written by itself could not be written in the end: its next call is told. */
  #failure: 0 | Errno = 0;

  /** Takes the handle over; one that another file uses is given as that file. */
  constructor(request: OpenRequest, fs: HostFs, file: HostFile | HostRegularFile) {
    super(request.flags, request.location);
    this.#fs = fs;
    this.#file = file instanceof HostRegularFile ? file.#file.share() : new SharedHandle(file);
  }

  override read(into: Uint8Array<ArrayBuffer>): Result {
    const count = this.pread(into, this.position);
    if (typeof count === "number") this.position += count;
    return count;
  }
  override pread(into: Uint8Array<ArrayBuffer>, offset: number): Result {
    const failure = this.#settle();
    if (failure !== 0) return failure;
    const count = this.#file.handle.pread(into, offset);
    if (typeof count === "number") this.#changedPages?.overlay(into.subarray(0, count), offset);
    return count;
  }

  override write(from: Uint8Array<ArrayBuffer>): Result {
    if (this.append) {
      const size = this.#file.handle.size();
      if (size instanceof Errno) return size;
      this.position = size;
    }
    const count = this.#writeAt(from, this.position);
    if (typeof count === "number") this.position += count;
    return count;
  }
  /** Linux appends whatever the offset says (pwrite(2), BUGS). */
  override pwrite(from: Uint8Array<ArrayBuffer>, offset: number): Result {
    if (!this.append) return this.#writeAt(from, offset);
    const size = this.#file.handle.size();
    return size instanceof Errno ? size : this.#writeAt(from, size);
  }

  override get position(): number {
    return this.#loan?.position ?? super.position;
  }
  override set position(position: number) {
    if (this.#loan !== undefined) this.#loan.position = position;
    else super.position = position;
  }

  override offerTo(task: Task, fd: Fd, size: number): void {
    if (this.#loan !== undefined) return;
    this.#spent += size + PIECE_COST;
    if (this.#spent < (this.#file.handle.hasName ? LOAN_COST : NAMELESS_LOAN_COST)) return;
    this.#spent = 0;
    const { tracer } = task.kernel;
    if (this.references > 1 || tracer !== undefined || task.files.shared || this.#pages !== undefined) return;
    const writes = this.writable && !this.append && task.limits.fileSize === Infinity;
    const alone = !this.#file.isShared && (this.flags & O_DSYNC) === 0;
    const terms = { fd, reads: this.readable, writes, alone, position: super.position };
    this.#loan = this.#file.handle.lend(task.thread, terms);
    if (this.#loan !== undefined) this.#fs.lent.add(this);
  }
  override endLoan(): void {
    const loan = this.#loan;
    if (loan === undefined) return;
    const failure = loan.end();
    this.#failure ||= failure;
    this.#loan = undefined;
    super.position = loan.position;
    this.#fs.lent.delete(this);
  }
  /** Who has given it to a task does not share it. */
  override retain(): this {
    this.endLoan();
    return super.retain();
  }

  override seek(offset: number, whence: number): Result {
    const failure = this.#settle();
    if (failure !== 0) return failure;
    return seekWithin(this, offset, whence, whence > 1 ? this.#file.handle.size() : 0);
  }
  override stat(into: Stat): 0 | Errno {
    const host = new HostStat();
    const error = this.#settle() || this.#file.handle.stat(host);
    if (error === 0) fillStat(into, host, this.#fs.dev);
    return error;
  }
  override truncate(size: number): 0 | Errno {
    const error = this.#settle() || this.#file.handle.truncate(size);
    if (error === 0) this.#pages?.truncated(size);
    return error;
  }
  override sync(): 0 | Errno {
    return this.#settle() || this.syncPages() || this.#file.handle.flush();
  }
  override setAttributes(changes: AttributeChanges): 0 | Errno {
    return this.#file.handle.setAttributes(changes);
  }
  /** Its name is gone: the handle serves on, for what it was opened for. */
  override reopen(request: OpenRequest): OpenFile | Errno {
    const writes = (request.flags & O_ACCMODE) !== O_RDONLY;
    if (writes && !this.writable) return EACCES;
    this.endLoan();
    return new HostRegularFile(request, this.#fs, this);
  }

  override sharedPages(host: Pick<Host, "createSection">): SharedPages | Errno {
    const known = this.#pages;
    if (known !== undefined) return known;
    const ino = this.#inode();
    if (ino instanceof Errno) return ino;
    const { pages } = this.#fs;
    const made = pages.get(ino) ?? new SharedPages(host, () => pages.delete(ino));
    pages.set(ino, made);
    // Who reads must see what is stored in the pages.
    for (const file of this.#fs.lent) if (file.#inode() === ino) file.endLoan();
    return made;
  }
  override get store(): PageStore {
    return this.#file.handle;
  }
  override syncPages(): 0 | Errno {
    return this.writable ? this.#pages?.sync(this.#file.handle) ?? 0 : 0;
  }

  protected override destroy(): void {
    this.endLoan();
    this.#file.close();
  }

  /** What a task has written by itself is in the file now, or the caller is told why not. */
  #settle(): 0 | Errno {
    if (this.#loan?.owes) this.endLoan();
    const failure = this.#failure;
    this.#failure = 0;
    return failure;
  }

  /** The file's shared pages, when it has any. Nobody asks the host unless some file has. */
  get #pages(): SharedPages | undefined {
    const { pages } = this.#fs;
    if (pages.size === 0) return undefined;
    const ino = this.#inode();
    return ino instanceof Errno ? undefined : pages.get(ino);
  }

  /** The same, when they may hold what the file does not. */
  get #changedPages(): SharedPages | undefined {
    for (const pages of this.#fs.pages.values()) if (pages.mayDiffer) return this.#pages;
    return undefined;
  }

  #inode(): number | Errno {
    if (this.#ino !== 0) return this.#ino;
    const host = new HostStat();
    const error = this.#file.handle.stat(host);
    return error === 0 ? this.#ino = host.ino : error;
  }

  #writeAt(from: Uint8Array<ArrayBuffer>, offset: number): Result {
    const failure = this.#settle();
    if (failure !== 0) return failure;
    const count = this.#file.handle.pwrite(from, offset);
    if (typeof count === "number") this.#pages?.wrote(from.subarray(0, count), offset);
    return count;
  }
}

/** A handle that several open files use. */
class SharedHandle {
  #users = 1;

  constructor(readonly handle: HostFile) {}

  get isShared(): boolean {
    return this.#users > 1;
  }
  share(): this {
    this.#users++;
    return this;
  }
  close(): void {
    if (--this.#users === 0) this.handle.close();
  }
}

export class HostDirectoryFile extends DirectoryFile {
  override readonly type = S_IFDIR;
  readonly #inode: HostInode;

  constructor(request: OpenRequest, inode: HostInode) {
    super(request.flags, request.location);
    this.#inode = inode;
  }
  override stat(into: Stat): 0 | Errno {
    return this.#inode.stat(into);
  }
  protected override listEntries(): readonly DirEntry[] | Errno {
    return this.#inode.fs.tree.readDirectory(this.#inode.path);
  }
}
