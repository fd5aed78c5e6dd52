/** A Windows directory tree as the kernel's HostTree. */
import { EBUSY, EEXIST, EINVAL, EISDIR, ENOENT, ENOTDIR, Errno } from "../../kernel/abi/errno.ts";
import { S_IFDIR, S_IFMT } from "../../kernel/abi/stat.ts";
import type {
  HostAttributes,
  HostDirEntry,
  HostFile,
  HostStatfs,
  HostTree,
} from "../../kernel/host_files.ts";
import { HostStat } from "../../kernel/host_files.ts";
import { STATUS_ACCESS_DENIED } from "../ntstatus.ts";
import { AttributeWriter } from "./attribute_writer.ts";
import {
  DELETE,
  FILE_CREATE,
  FILE_DIRECTORY_FILE,
  FILE_GENERIC_READ,
  FILE_GENERIC_WRITE,
  FILE_NON_DIRECTORY_FILE,
  FILE_OPEN,
  FILE_OPEN_FOR_BACKUP_INTENT,
  FILE_OPEN_REPARSE_POINT,
  FILE_READ_ATTRIBUTES,
  FILE_WRITE_ATTRIBUTES,
} from "./constants.ts";
import { listDirectory } from "./directory_list.ts";
import { HandleCache } from "./handle_cache.ts";
import { ListingCache } from "./listing_cache.ts";
import { Metadata } from "./metadata.ts";
import { type Prefix } from "./native_path.ts";
import { linkOpened, removeOpened, renameOpened } from "./naming.ts";
import { type FileHandle, type NtCalls } from "./nt_calls.ts";
import { type FileOwner, NtFile } from "./nt_file.ts";
import { SpecialFiles } from "./special_files.ts";
import { Volume } from "./volume.ts";

/** What the start of a large program opens; and of the directories that whoever walks a tree asks about together. */
const HANDLES_KEPT = 64;

export class NtTree implements HostTree, FileOwner {
  readonly calls: NtCalls;
  readonly #prefix: Prefix;
  readonly #metadata: Metadata;
  readonly #writer: AttributeWriter;
  readonly #special: SpecialFiles;
  readonly #files: HandleCache;
  readonly #directories: HandleCache;
  readonly #listings = new ListingCache();
  /** Those of all trees. */
  readonly #open: Set<NtFile>;
  readonly #stamps = new WeakMap<NtFile, HostStat>();
  #volume: Volume | undefined;

  constructor(calls: NtCalls, prefix: Prefix, open = new Set<NtFile>()) {
    this.calls = calls;
    this.#prefix = prefix;
    this.#open = open;
    this.#special = new SpecialFiles(calls, prefix);
    this.#files = new HandleCache(calls, HANDLES_KEPT);
    this.#directories = new HandleCache(calls, HANDLES_KEPT);
    this.#metadata = new Metadata(calls, prefix, this.#directories);
    this.#writer = new AttributeWriter(calls, this.#metadata, () => this.#getVolume().extendedAttributes);
  }

  get volume(): number {
    return this.#getVolume().serial;
  }

  lookup(path: string, into: HostStat): 0 | Errno {
    return this.#metadata.lookup(path, into);
  }
  complete(path: string, into: HostStat): 0 | Errno {
    return this.#metadata.complete(path, into);
  }
  statHandle(handle: FileHandle, into: HostStat): 0 | Errno {
    return this.#metadata.statHandle(handle, into);
  }

  open(path: string, writable: boolean, seen: HostStat | undefined): HostFile | Errno {
    let stamp = writable ? undefined : seen;
    if (!writable && !stamp) {
      stamp = new HostStat();
      if (this.lookup(path, stamp) !== 0) stamp = undefined;
    }
    const kept = stamp && this.#files.take(path, stamp);
    if (kept) return this.#opened(kept, path, false, stamp);
    const access = writable ? FILE_GENERIC_READ | FILE_GENERIC_WRITE : FILE_GENERIC_READ;
    let handle = this.calls.open(this.#prefix, path, access, FILE_NON_DIRECTORY_FILE);
    if (handle instanceof Errno && writable && this.calls.lastStatus === STATUS_ACCESS_DENIED) {
      handle = this.#writer.withoutReadOnly(
        this.#openForAttributes(path),
        () => this.calls.open(this.#prefix, path, access, FILE_NON_DIRECTORY_FILE),
      );
    }
    return handle instanceof Errno ? handle : this.#opened(handle, path, writable, stamp);
  }

  closed(file: NtFile): void {
    this.#open.delete(file);
    const stamp = this.#stamps.get(file);
    if (stamp && !file.writable && file.path !== undefined) {
      this.#files.keep(file.path, file.handle, stamp);
      return;
    }
    if (file.path !== undefined) this.#metadata.note(file.path, file.handle);
    this.calls.close(file.handle);
  }

  isLast(file: NtFile): boolean {
    const own = new HostStat();
    if (file.path !== undefined || this.statHandle(file.handle, own) !== 0 || own.nlink !== 0) return false;
    for (const other of this.#open) {
      // Volumes are not compared: one may be reached in several ways, under several serial numbers.
      if (other !== file && (other.ino === undefined || other.ino === own.ino)) return false;
    }
    return true;
  }

  readDirectory(path: string): readonly HostDirEntry[] | Errno {
    const seen = new HostStat();
    const isThere = this.lookup(path, seen) === 0;
    const isDated = isThere && this.#getVolume().datesDirectories && !this.#metadata.foundReparsePoint;
    const known = isDated ? this.#listings.take(path, seen) : undefined;
    if (known !== undefined) return known;
    const now = Date.now() / 1000;
    const handle = (isThere ? this.#directories.take(path, seen) : undefined) ??
      this.calls.open(
        this.#prefix,
        path,
        FILE_GENERIC_READ,
        FILE_DIRECTORY_FILE | FILE_OPEN_FOR_BACKUP_INTENT,
      );
    if (handle instanceof Errno) return handle;
    const entries = listDirectory(this.calls, handle);
    this.calls.close(handle);
    if (isDated && !(entries instanceof Errno)) this.#listings.keep(path, seen, entries, now);
    return entries;
  }

  mkdir(path: string, mode: number): 0 | Errno {
    const handle = this.calls.open(
      this.#prefix,
      path,
      FILE_GENERIC_READ | FILE_GENERIC_WRITE,
      FILE_DIRECTORY_FILE,
      FILE_CREATE,
    );
    if (handle instanceof Errno) return handle;
    this.#writer.setNewMode(handle, mode);
    this.calls.close(handle);
    return 0;
  }

  unlink(path: string): 0 | Errno {
    this.#files.drop(path);
    const handle = this.#openToRename(path, FILE_NON_DIRECTORY_FILE);
    if (handle instanceof Errno) return handle;
    this.#writer.forget(handle);
    const error = removeOpened(this.calls, handle);
    this.calls.close(handle);
    if (error === 0) this.#gone(path);
    return error;
  }

  rmdir(path: string): 0 | Errno {
    if (path === "") return EBUSY;
    this.#dropBelow(path);
    const handle = this.#openToRename(path, FILE_DIRECTORY_FILE);
    if (handle instanceof Errno) return handle;
    const error = removeOpened(this.calls, handle);
    this.calls.close(handle);
    if (error === 0) this.#gone(path);
    return error;
  }

  rename(from: string, to: string, noReplace: boolean): 0 | Errno {
    const source = new HostStat();
    const target = new HostStat();
    const error = this.lookup(from, source);
    if (error !== 0) return error;
    const missing = this.lookup(to, target);
    if (missing !== 0 && missing !== ENOENT) return missing;
    const sourceIsDirectory = (source.mode & S_IFMT) === S_IFDIR;
    if (missing === 0) {
      if (noReplace) return EEXIST;
      const targetIsDirectory = (target.mode & S_IFMT) === S_IFDIR;
      if (sourceIsDirectory && !targetIsDirectory) return ENOTDIR;
      if (!sourceIsDirectory && targetIsDirectory) return EISDIR;
      const unknown = this.#completed(from, source) || this.#completed(to, target);
      if (unknown !== 0) return unknown;
      if (source.ino === target.ino && from.toLowerCase() !== to.toLowerCase()) return 0; // two links of one file
    }
    this.#dropBelow(from);
    this.#dropBelow(to);
    const replaces = missing === 0 && source.ino !== target.ino;
    const failed = this.#move(from, to, replaces, sourceIsDirectory);
    if (failed !== 0) return failed;
    if (replaces) this.#gone(to);
    if (sourceIsDirectory) this.#metadata.known.forgetAll();
    else this.#metadata.moved(from, to, source);
    for (const file of this.#open) {
      if (file.owner !== this) continue;
      if (file.path === from) file.path = to;
      else if (file.path?.startsWith(from + "/")) file.path = to + file.path.slice(from.length);
    }
    return 0;
  }

  link(from: string, to: string): 0 | Errno {
    const handle = this.calls.open(this.#prefix, from, FILE_WRITE_ATTRIBUTES, FILE_OPEN_REPARSE_POINT);
    if (handle instanceof Errno) return handle;
    const error = linkOpened(this.calls, handle, this.#prefix, to);
    this.calls.close(handle);
    this.#metadata.known.changed(from);
    return error;
  }

  symlink(path: string, target: string): 0 | Errno {
    return this.#special.symlink(path, target);
  }

  mkfifo(path: string, mode: number): 0 | Errno {
    const error = this.#special.fifo(path);
    if (error !== 0) return error;
    const handle = this.#openForAttributes(path);
    if (handle instanceof Errno) return handle;
    this.#writer.setNewMode(handle, mode);
    this.calls.close(handle);
    this.#metadata.known.forget(path);
    return 0;
  }

  readlink(path: string): string | Errno {
    return this.#metadata.readlink(path) ?? EINVAL;
  }

  setAttributes(path: string, changes: HostAttributes): 0 | Errno {
    const handle = this.#openForAttributes(path);
    if (handle instanceof Errno) return handle;
    const error = this.#writer.set(handle, changes);
    this.#changed(path, handle);
    this.calls.close(handle);
    return error;
  }

  setHandleAttributes(file: NtFile, changes: HostAttributes): 0 | Errno {
    if (!file.writable) return file.path === undefined ? 0 : this.setAttributes(file.path, changes);
    const error = this.#writer.set(file.handle, changes);
    if (file.path !== undefined) this.#changed(file.path, file.handle);
    return error;
  }

  statfs(): HostStatfs | Errno {
    return this.#getVolume().space();
  }

  create(path: string, mode: number): HostFile | Errno {
    this.#files.drop(path);
    const handle = this.calls.open(
      this.#prefix,
      path,
      FILE_GENERIC_READ | FILE_GENERIC_WRITE,
      FILE_NON_DIRECTORY_FILE,
      FILE_CREATE,
    );
    if (handle instanceof Errno) return handle;
    this.#writer.setNewMode(handle, mode);
    return this.#opened(handle, path, true, undefined);
  }

  /** The open file at `path` has other attributes now. */
  #changed(path: string, handle: FileHandle): void {
    this.#metadata.known.changed(path);
    this.#metadata.note(path, handle);
  }

  #opened(handle: FileHandle, path: string, writable: boolean, stamp: HostStat | undefined): NtFile {
    const file = new NtFile(this, handle, path, writable);
    this.#open.add(file);
    if (stamp) this.#stamps.set(file, stamp);
    return file;
  }

  #completed(path: string, seen: HostStat): 0 | Errno {
    return seen.complete ? 0 : this.complete(path, seen);
  }

  #openForAttributes(path: string): FileHandle | Errno {
    const options = FILE_OPEN_REPARSE_POINT | FILE_OPEN_FOR_BACKUP_INTENT;
    const access = FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES;
    const handle = this.calls.open(this.#prefix, path, access | 0x18, options);
    return handle instanceof Errno ? this.calls.open(this.#prefix, path, access, options) : handle;
  }

  #openToRename(path: string, kind: number): FileHandle | Errno {
    const options = FILE_OPEN_REPARSE_POINT | FILE_OPEN_FOR_BACKUP_INTENT | kind;
    return this.calls.open(
      this.#prefix,
      path,
      DELETE | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES,
      options,
      FILE_OPEN,
    );
  }

  #move(from: string, to: string, replaces: boolean, isDirectory: boolean): 0 | Errno {
    const handle = this.#openToRename(from, 0);
    if (handle instanceof Errno) return handle;
    try {
      if (replaces && isDirectory) {
        const error = this.rmdir(to); // Windows never replaces a directory
        if (error !== 0) return error;
      }
      const first = renameOpened(
        this.calls,
        handle,
        this.#prefix,
        to,
        replaces && !isDirectory,
        this.#getVolume(),
      );
      if (first === 0 || !replaces || isDirectory) return first;
      // No POSIX rename here, and someone has the target open: move it away, take its place, remove it.
      const aside = `${to}.atratus-${crypto.randomUUID().slice(0, 8)}`;
      const error = this.#move(to, aside, false, false);
      if (error !== 0) return first;
      const second = renameOpened(this.calls, handle, this.#prefix, to, false, this.#getVolume());
      if (second === 0) this.unlink(aside);
      else this.#move(aside, to, false, false);
      return second;
    } finally {
      this.calls.close(handle);
    }
  }

  /** Closes what is kept of it and of what is in it, before it is renamed or removed. */
  #dropBelow(path: string): void {
    this.#files.dropBelow(path);
    this.#directories.dropBelow(path);
  }

  /** `path` names nothing any more. */
  #gone(path: string): void {
    this.#metadata.known.changed(path);
    for (const file of this.#open) {
      if (file.owner === this && file.path === path) file.path = undefined;
    }
  }

  #getVolume(): Volume {
    return this.#volume ??= new Volume(this.calls, this.#prefix);
  }
}
