/** What /proc and /sys are made of: directories, texts and links that say what is so when they are read. */
import { EINVAL, EIO, ELOOP, ENOENT, EPERM, Errno, ESRCH } from "../../abi/errno.ts";
import { SEEK_CUR, SEEK_SET } from "../../abi/fcntl.ts";
import { decodeName, encodeName } from "../../abi/names.ts";
import { S_IFDIR, S_IFLNK, S_IFREG } from "../../abi/stat.ts";
import type { Result } from "../../syscalls/result.ts";
import type { Viewer } from "../fs_context.ts";
import { type Actor, type FileSystem, Inode, type OpenRequest, type StatfsInfo } from "../inode.ts";
import type { Location } from "../mount.ts";
import { ListedDirectoryFile } from "../listed_directory.ts";
import { type DirEntry, OpenFile } from "../open_file.ts";
import { type Stat, syntheticStat } from "../stat.ts";
import { joinPath } from "../synthetic.ts";

/** The owner and the times of a made-up file. */
export interface Origin {
  readonly owner: Actor;
  /** Seconds since 1970. */
  readonly time: number;
}

export class VirtualFs implements FileSystem {
  root!: VirtualDirectory;

  constructor(readonly type: string, readonly magic: number, readonly dev: number) {}

  statfs(): StatfsInfo {
    const none = { blocks: 0, free: 0, available: 0, files: 0, freeFiles: 0 };
    return { type: this.magic, blockSize: 4096, nameLength: 255, ...none };
  }
}

/** A number for a path: FNV-1a, in 31 bits for programs with a 32-bit ino_t. Nothing depends on two paths never sharing one. */
function inoOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return path === "" ? 1 : 0x4000_0000 + (hash >>> 2);
}

abstract class VirtualInode extends Inode {
  override readonly path: string;

  constructor(
    override readonly fs: VirtualFs,
    readonly directory: VirtualDirectory | undefined,
    readonly name: string,
    readonly permissions: number,
    readonly origin: Origin,
  ) {
    super();
    this.path = directory === undefined ? "" : joinPath(directory.path, name);
  }

  get ino(): number {
    return inoOf(this.path);
  }
  override stat(into: Stat): 0 | Errno {
    syntheticStat(into, this.fs.dev, this.ino, this.type | this.permissions, this.origin.time);
    into.uid = this.origin.owner.euid;
    into.gid = this.origin.owner.egid;
    return 0;
  }
}

/** The children are made when they are asked for. */
export abstract class VirtualDirectory extends VirtualInode {
  override readonly type = S_IFDIR;

  abstract child(name: string): Inode | undefined;
  abstract names(): Iterable<string>;

  override get parent(): VirtualDirectory | undefined {
    return this.directory;
  }
  override lookup(name: string): Inode | Errno {
    return this.child(name) ?? ENOENT;
  }
  // Linux: what has no operation to make a name has no such name; what is there may not go.
  override create(): Errno {
    return ENOENT;
  }
  override mkdir(): Errno {
    return ENOENT;
  }
  override mknod(): Errno {
    return ENOENT;
  }
  override symlink(): Errno {
    return ENOENT;
  }
  override link(): Errno {
    return ENOENT;
  }
  override rename(): Errno {
    return ENOENT;
  }
  override unlink(): Errno {
    return EPERM;
  }
  override rmdir(): Errno {
    return EPERM;
  }
  override stat(into: Stat): 0 | Errno {
    super.stat(into);
    into.nlink = 2;
    return 0;
  }
  *entries(): Generator<DirEntry> {
    for (const name of this.names()) {
      const child = this.child(name);
      if (child !== undefined) {
        yield { name, type: child.type, ino: child instanceof VirtualInode ? child.ino : 1 };
      }
    }
  }
  override open(request: OpenRequest): OpenFile {
    return new ListedDirectoryFile(request, this);
  }
}

/** Makes the child `name` of `directory`. */
export type ChildMaker = (directory: VirtualDirectory, name: string) => Inode;

/** A directory whose names never change. */
export class FixedDirectory extends VirtualDirectory {
  readonly #children: ReadonlyMap<string, ChildMaker>;

  constructor(
    fs: VirtualFs,
    directory: VirtualDirectory | undefined,
    name: string,
    origin: Origin,
    children: Readonly<Record<string, ChildMaker>>,
  ) {
    super(fs, directory, name, 0o555, origin);
    this.#children = new Map(Object.entries(children));
  }
  override child(name: string): Inode | undefined {
    return this.#children.get(name)?.(this, name);
  }
  override names(): Iterable<string> {
    return this.#children.keys();
  }
}

/** What a text says; an Errno instead when there is nothing left that it could speak of. */
export type TextSource = () => string | Uint8Array<ArrayBuffer> | Errno;
/** Takes what was written, whole; 0 for success. */
export type TextSink = (text: string) => 0 | Errno;

export class TextInode extends VirtualInode {
  override readonly type = S_IFREG;

  constructor(
    directory: VirtualDirectory,
    name: string,
    permissions: number,
    readonly source: TextSource,
    readonly sink?: TextSink,
    origin: Origin = directory.origin,
  ) {
    super(directory.fs, directory, name, permissions, origin);
  }
  override open(request: OpenRequest): OpenFile {
    return new TextFile(request, this);
  }
  override truncate(): 0 {
    return 0;
  }
}

/** Reads from the start take a new text, later ones go on in it (seq_file). */
class TextFile extends OpenFile {
  override readonly type = S_IFREG;
  readonly #inode: TextInode;
  #text: Uint8Array<ArrayBuffer> | undefined;

  constructor(request: OpenRequest, inode: TextInode) {
    super(request.flags, request.location);
    this.#inode = inode;
  }
  override stat(into: Stat): 0 | Errno {
    return this.#inode.stat(into);
  }
  override read(into: Uint8Array<ArrayBuffer>): Result {
    const count = this.pread(into, this.position);
    if (typeof count === "number") this.position += count;
    return count;
  }
  override pread(into: Uint8Array<ArrayBuffer>, offset: number): Result {
    if (offset === 0) this.#text = undefined;
    if (this.#text === undefined) {
      const said = this.#inode.source();
      if (said instanceof Errno) return said;
      this.#text = typeof said === "string" ? encodeName(said) : said;
    }
    const part = this.#text.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }
  override write(from: Uint8Array<ArrayBuffer>): Result {
    const { sink } = this.#inode;
    if (sink === undefined) return EIO;
    return sink(decodeName(from)) || from.length;
  }
  override pwrite(from: Uint8Array<ArrayBuffer>, _offset: number): Result {
    return this.write(from);
  }
  override seek(offset: number, whence: number): Result {
    if (whence === SEEK_CUR) offset += this.position;
    else if (whence !== SEEK_SET) return EINVAL;
    return offset < 0 ? EINVAL : this.position = offset;
  }
  override truncate(): 0 {
    return 0;
  }
}

/** Where a link leads: its text, and the place itself where the text alone would not lead there. */
export interface LinkTarget {
  readonly text: string;
  readonly place?: Location | undefined;
}

export class LinkInode extends VirtualInode {
  override readonly type = S_IFLNK;

  constructor(
    directory: VirtualDirectory,
    name: string,
    /** undefined: the link leads nowhere. */
    readonly target: (viewer?: Viewer) => LinkTarget | undefined,
    permissions = 0o777,
    readonly size = 0,
    origin: Origin = directory.origin,
  ) {
    super(directory.fs, directory, name, permissions, origin);
  }
  override stat(into: Stat): 0 | Errno {
    super.stat(into);
    into.size = this.size;
    return 0;
  }
  override readlink(viewer?: Viewer): string | Errno {
    return this.target(viewer)?.text ?? ENOENT;
  }
  override followMagic(): Location | Errno | undefined {
    return this.target()?.place;
  }
  override open(): Errno {
    return ELOOP;
  }
}

/** For a text about a process that is no more. */
export const GONE: Errno = ESRCH;
