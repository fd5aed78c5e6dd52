/** A task's descriptors. Shared by threads, copied by fork(2). */
import { EBADF, EINVAL, EMFILE, Errno } from "../abi/errno.ts";
import type { Fd } from "../abi/types.ts";
import type { Result } from "../syscalls/result.ts";
import type { OpenFile } from "./open_file.ts";
import type { FileRecords } from "./record_lock.ts";

export class FdTable {
  /** RLIMIT_NOFILE: one more than the highest descriptor that may be made. Written by setrlimit(2). */
  limit = 1024;
  /** Files that record locks were set on through this table: closing one ends its locks (fcntl_locking(2)). */
  readonly records = new Set<FileRecords>();
  readonly #files: (OpenFile | undefined)[] = [];
  readonly #closeOnExec: boolean[] = [];
  /** No descriptor below this is free. */
  #lowestFree = 0;
  #users = 1;

  get(fd: Fd): OpenFile | undefined {
    return this.#files[fd];
  }

  /** One more than the highest open descriptor. */
  get end(): number {
    return this.#files.length;
  }

  /** Gives the file the lowest free descriptor from `from` on and takes over the caller's reference. */
  install(file: OpenFile, closeOnExec: boolean, from: Fd = 0): Result {
    if (from >= this.limit) return EINVAL;
    let fd = Math.max(from, this.#lowestFree);
    while (this.#files[fd]) fd++;
    if (fd >= this.limit) return EMFILE;
    this.#set(fd, file, closeOnExec);
    if (from <= this.#lowestFree) this.#lowestFree = fd + 1;
    return fd;
  }

  /** Puts the file at exactly `fd`, closing what was there, and takes over the caller's reference. */
  replace(fd: Fd, file: OpenFile, closeOnExec: boolean): Result {
    if (fd < 0 || fd >= this.limit) return EBADF;
    const old = this.#files[fd];
    this.#set(fd, file, closeOnExec);
    if (old !== undefined) this.#release(old);
    return fd;
  }

  close(fd: Fd): 0 | Errno {
    const file = this.#files[fd];
    if (!file) return EBADF;
    this.#files[fd] = undefined;
    this.#closeOnExec[fd] = false;
    if (fd < this.#lowestFree) this.#lowestFree = fd;
    if (fd === this.#files.length - 1) this.#shrink();
    this.#release(file);
    return 0;
  }

  closesOnExec(fd: Fd): boolean {
    return this.#closeOnExec[fd] === true;
  }
  setCloseOnExec(fd: Fd, on: boolean): void {
    if (this.#files[fd]) this.#closeOnExec[fd] = on;
  }

  /** A copy that shares the open files (fork). */
  clone(): FdTable {
    const copy = new FdTable();
    copy.limit = this.limit;
    copy.#lowestFree = this.#lowestFree;
    this.#files.forEach((file, fd) => {
      if (file) copy.#set(fd, file.retain(), this.closesOnExec(fd));
    });
    return copy;
  }

  /** Another task uses this very table (CLONE_FILES). */
  share(): this {
    this.#users++;
    this.endLoans();
    return this;
  }
  /** A task is done with the table: the last one closes everything. */
  release(): void {
    if (--this.#users === 0) this.closeAll();
  }
  get shared(): boolean {
    return this.#users > 1;
  }

  /** Files that a task has been given come back. */
  endLoans(): void {
    for (const file of this.#files) file?.endLoan();
  }

  closeAll(): void {
    for (let fd = this.#files.length - 1; fd >= 0; fd--) this.close(fd);
  }
  closeOnExec(): void {
    for (let fd = this.#files.length - 1; fd >= 0; fd--) if (this.#closeOnExec[fd]) this.close(fd);
  }

  /** The open descriptors, ascending. */
  *entries(): Iterable<[Fd, OpenFile]> {
    for (let fd = 0; fd < this.#files.length; fd++) {
      const file = this.#files[fd];
      if (file) yield [fd, file];
    }
  }

  #set(fd: Fd, file: OpenFile, closeOnExec: boolean): void {
    while (this.#files.length < fd) {
      this.#files.push(undefined);
      this.#closeOnExec.push(false);
    }
    this.#files[fd] = file;
    this.#closeOnExec[fd] = closeOnExec;
  }

  #release(file: OpenFile): void {
    file.endLoan(); // a task may have it by this descriptor
    for (const records of this.records) {
      if (!records.isOf(file)) continue;
      records.release(this);
      this.records.delete(records);
    }
    file.release();
  }

  #shrink(): void {
    while (this.#files.length > 0 && !this.#files[this.#files.length - 1]) {
      this.#files.pop();
      this.#closeOnExec.pop();
    }
  }
}
