/**
 * What the kernel asks of the machine for files. `ntdll/files/` implements this on Windows; tests use a fake.
 * Names are the kernel's (abi/names.ts): the implementation escapes what the machine forbids. Paths are relative to
 * a tree's top, separated by single slashes, without "." and ".."; the top itself is "".
 */
import type { Errno } from "./abi/errno.ts";
import type { GuestThread } from "./host.ts";

/** A count of bytes or a position, or why there is none. */
export type HostResult = number | Errno;

/** Attributes of a file. Times are seconds since 1970, rounded down, and nanoseconds. */
export class HostStat {
  /** Type and permissions as Linux has them (S_IF*); permissions are valid only when `complete`. */
  mode = 0;
  size = 0;
  /** Bytes on disk. */
  allocated = 0;
  atime = 0;
  atimeNsec = 0;
  mtime = 0;
  mtimeNsec = 0;
  ctime = 0;
  ctimeNsec = 0;
  btime = 0;
  btimeNsec = 0;
  /** The fields below, and the permissions, are valid only when this is true. */
  complete = false;
  ino = 0;
  nlink = 1;
  /** Owner as stored with the file; -1 when nothing is stored. */
  uid = -1;
  gid = -1;
  rdev = 0;
}

export interface HostDirEntry {
  readonly name: string;
  /** S_IF* of the entry, 0 when the directory does not tell. */
  readonly type: number;
  readonly ino: number;
}

/** What to change of a file; an absent field stays as it is. */
export interface HostAttributes {
  /** Permission bits, at most 07777. */
  mode?: number;
  uid?: number;
  gid?: number;
  /** Seconds and nanoseconds since 1970. */
  atime?: readonly [number, number];
  mtime?: readonly [number, number];
}

export interface HostStatfs {
  readonly blockSize: number;
  readonly blocks: number;
  readonly free: number;
  readonly available: number;
}

/**
 * Bytes of a piece for which a file is lent, at least. Of a file that it may only read a thread leaves smaller ones to
 * the kernel, which reads ahead.
 */
export const LEAST_LENT = 4096;

/** A file that a thread reads or writes large pieces of by itself, until it is taken back. */
export interface FileLoan {
  /** Where the descriptor's next read or write begins; the thread moves it. */
  position: number;
  /** The thread has written what is not in the file yet. */
  readonly owes: boolean;
  /** No more of it; what it owes is written, or cannot be. Later calls have no effect. */
  end(): 0 | Errno;
}

/** What of a file a thread may do by itself, and by which descriptor. */
export interface LoanTerms {
  readonly fd: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Who opened the file so is the only one who did: when it has no name either, writes may be put off. */
  readonly alone: boolean;
  readonly position: number;
}

/** An open regular file. Offsets are bytes from the start; every call is complete when it returns. */
export interface HostFile {
  /** False once it is known to have been unlinked. */
  readonly hasName: boolean;
  /** Bytes read; 0 at and past the end. */
  pread(into: Uint8Array<ArrayBuffer>, offset: number): HostResult;
  pwrite(from: Uint8Array<ArrayBuffer>, offset: number): HostResult;
  /**
   * Lends the file to a thread that waits for its system call. Undefined: it cannot be. What the thread does with it
   * the kernel does not see; calls that do not succeed come to it as ever.
   */
  lend(thread: GuestThread, terms: LoanTerms): FileLoan | undefined;
  /** Bytes, or an errno. */
  size(): HostResult;
  truncate(size: number): 0 | Errno;
  flush(): 0 | Errno;
  stat(into: HostStat): 0 | Errno;
  setAttributes(changes: HostAttributes): 0 | Errno;
  close(): void;
}

/** One directory and everything below it. */
export interface HostTree {
  /** Different for every volume; st_dev is made of it. */
  readonly volume: number;
  /**
   * Type, size and times of the name itself: symbolic links are not followed. ENOENT: the name's directory has no
   * such name. ENOTDIR: what stands before the last slash is missing or no directory; a symbolic link is none.
   */
  lookup(path: string, into: HostStat): 0 | Errno;
  /** Adds what `lookup` left out of `into`, which it filled for the same path just before. */
  complete(path: string, into: HostStat): 0 | Errno;
  /** Opens a regular file; `seen`, when given, is what `lookup` said of it just before. */
  open(path: string, writable: boolean, seen: HostStat | undefined): HostFile | Errno;
  /** Makes a regular file, readable and writable whatever its permission bits say. EEXIST. */
  create(path: string, mode: number): HostFile | Errno;
  readDirectory(path: string): readonly HostDirEntry[] | Errno;
  mkdir(path: string, mode: number): 0 | Errno;
  /** Makes a name that `lookup` shows as S_IFIFO; its bytes are the kernel's affair. */
  mkfifo(path: string, mode: number): 0 | Errno;
  unlink(path: string): 0 | Errno;
  rmdir(path: string): 0 | Errno;
  /** Replaces `to` as rename(2) does, unless `noReplace`. */
  rename(from: string, to: string, noReplace: boolean): 0 | Errno;
  link(from: string, to: string): 0 | Errno;
  symlink(path: string, target: string): 0 | Errno;
  readlink(path: string): string | Errno;
  setAttributes(path: string, changes: HostAttributes): 0 | Errno;
  statfs(): HostStatfs | Errno;
}

/** One of the three streams the process was started with. */
export interface HostStream {
  readonly kind: "console" | "pipe" | "file" | "none";
  /** Bytes written, all of them; EPIPE when nobody reads any more. */
  write(from: Uint8Array<ArrayBuffer>): HostResult;
  /** Bytes read, 0 at the end, or EAGAIN: then call `waitForInput` and try again. */
  read(into: Uint8Array<ArrayBuffer>): HostResult;
  /**
   * Waits on a thread of the host until `read` of at most `limit` bytes has a result. `ready` is called later, from
   * the JS event loop. Does nothing while such a wait is under way.
   */
  waitForInput(limit: number, ready: () => void): void;
  /** Bytes that `read` gives at once, at least 1 when it would not say EAGAIN. */
  available(): number;
  /** Pipe only: whether nobody writes any more and all has been read. */
  readonly ended: boolean;
  /** Moves a file's position; ESPIPE for the other kinds. */
  seek(offset: number, whence: number): HostResult;
  /** Attributes of a "file"; the other kinds have none: ENOSYS. */
  stat(into: HostStat): 0 | Errno;
  /** Console only: size in characters. */
  windowSize(): { readonly rows: number; readonly columns: number } | undefined;
  /** Console only: whether input comes line by line, is echoed, and Ctrl-C interrupts. */
  setInputMode(canonical: boolean, echo: boolean, signals: boolean): void;
}

export interface HostFiles {
  /** Lower-case letters of the drives there are now. */
  drives(): readonly string[];
  /** The top of a drive. */
  drive(letter: string): HostTree;
  /**
   * Reads a path as the user of the machine writes it (`C:\x`, `\x`, `x\y`, `/x`), against the current directory:
   * its drive and the path below the drive's top. Undefined when it is on no drive (UNC).
   */
  userPath(text: string): { readonly drive: string; readonly path: string } | undefined;
  /** The folder for temporary files, as `userPath` gives it. */
  temporaryFolder(): { readonly drive: string; readonly path: string } | undefined;
  /** The tree of a folder below a drive's top. */
  subtree(drive: string, path: string): HostTree;
  /** 0, 1 and 2. */
  stream(fd: 0 | 1 | 2): HostStream;
}
