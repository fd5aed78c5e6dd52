/** tmpfs(5): files in the kernel's memory. /dev/shm, memfd_create(2), and what backs MAP_SHARED | MAP_ANONYMOUS. */
import {
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  ENXIO,
  Errno,
  EXDEV,
} from "../abi/errno.ts";
import {
  O_ACCMODE,
  O_LARGEFILE,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  RENAME_EXCHANGE,
  RENAME_NOREPLACE,
} from "../abi/fcntl.ts";
import { F_SEAL_SEAL } from "../abi/seal.ts";
import { S_IALLUGO, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG } from "../abi/stat.ts";
import { TMPFS_MAGIC } from "../abi/statfs.ts";
import type { Timespec } from "../abi/time.ts";
import { encodeName } from "../abi/names.ts";
import type { Host } from "../host.ts";
import { SharedPages } from "../mm/shared_pages.ts";
import { FifoTable } from "./fifo.ts";
import {
  type Actor,
  type AttributeChanges,
  type FileSystem,
  Inode,
  type OpenRequest,
  type StatfsInfo,
} from "./inode.ts";
import { ListedDirectoryFile } from "./listed_directory.ts";
import type { DirEntry, OpenFile } from "./open_file.ts";
import { SparseBytes } from "./sparse_bytes.ts";
import type { Stat } from "./stat.ts";
import { joinPath } from "./synthetic.ts";
import { TmpfsFile } from "./tmpfs_file.ts";

/** Bytes a tmpfs says it has room for. */
const CAPACITY = 2 ** 32;

export class Tmpfs implements FileSystem {
  readonly type = "tmpfs";
  readonly root: TmpfsInode;
  readonly fifos = new FifoTable();
  #lastIno = 0;
  /** Bytes in its files. */
  used = 0;

  constructor(
    readonly host: Pick<Host, "createSection">,
    readonly dev: number,
    readonly now: () => Timespec,
  ) {
    this.root = new TmpfsInode(this, undefined, "", S_IFDIR | 0o1777, { euid: 0, egid: 0 });
  }
  newIno(): number {
    return ++this.#lastIno;
  }
  /** A file without a name, open for reading and writing; `description` is what /proc calls it. */
  createFile(owner: Actor, description: string): TmpfsFile {
    const inode = new TmpfsInode(this, undefined, description, S_IFREG | 0o777, owner);
    inode.nlink = 0;
    return new TmpfsFile(O_RDWR | O_LARGEFILE, undefined, inode, description);
  }
  statfs(): StatfsInfo {
    const blocks = CAPACITY / 4096, free = blocks - Math.ceil(this.used / 4096);
    const files = { files: 0, freeFiles: 0, nameLength: 255 };
    return { type: TMPFS_MAGIC, blockSize: 4096, blocks, free, available: free, ...files };
  }
}

export class TmpfsInode extends Inode {
  override readonly type: number;
  readonly ino: number;
  readonly children: Map<string, TmpfsInode> = new Map();
  readonly bytes = new SparseBytes();
  /** Symbolic links. */
  target = "";
  nlink: number;
  /** Undefined once it has no name, and for a file that never had one. */
  directory: TmpfsInode | undefined;
  name: string;
  pages: SharedPages | undefined;
  /** Open files of it. */
  opens = 0;
  /** F_SEAL_*; only a file of memfd_create(2) can have more. */
  seals = F_SEAL_SEAL;
  mtime: Timespec;
  #mode: number;
  #uid: number;
  #gid: number;
  #atime: Timespec;
  #ctime: Timespec;
  readonly #btime: Timespec;

  constructor(
    override readonly fs: Tmpfs,
    directory: TmpfsInode | undefined,
    name: string,
    mode: number,
    owner: Actor,
  ) {
    super();
    this.type = mode & S_IFMT;
    this.ino = fs.newIno();
    this.directory = directory;
    this.name = name;
    this.nlink = this.type === S_IFDIR ? 2 : 1;
    this.#mode = mode;
    this.#uid = owner.euid;
    this.#gid = owner.egid;
    this.mtime =
      this.#atime =
      this.#ctime =
      this.#btime =
        fs.now();
  }

  override get path(): string {
    return this.directory === undefined ? this.name : joinPath(this.directory.path, this.name);
  }
  override get parent(): TmpfsInode | undefined {
    return this.directory;
  }
  override lookup(name: string): Inode | Errno {
    return this.type === S_IFDIR ? this.children.get(name) ?? ENOENT : ENOTDIR;
  }

  override stat(into: Stat): 0 {
    into.dev = this.fs.dev;
    into.ino = this.ino;
    into.mode = this.#mode;
    into.nlink = this.nlink;
    into.uid = this.#uid;
    into.gid = this.#gid;
    into.rdev = 0;
    into.size = this.type === S_IFLNK ? encodeName(this.target).length : this.bytes.size();
    into.blksize = 4096;
    into.blocks = this.type === S_IFREG ? Math.ceil(Math.min(this.bytes.allocated, into.size) / 4096) * 8 : 0;
    [into.atime, into.atimeNsec] = [this.#atime.tv_sec, this.#atime.tv_nsec];
    [into.mtime, into.mtimeNsec] = [this.mtime.tv_sec, this.mtime.tv_nsec];
    [into.ctime, into.ctimeNsec] = [this.#ctime.tv_sec, this.#ctime.tv_nsec];
    [into.btime, into.btimeNsec] = [this.#btime.tv_sec, this.#btime.tv_nsec];
    return 0;
  }

  override open(request: OpenRequest): OpenFile | Errno {
    const writable = (request.flags & O_ACCMODE) !== O_RDONLY;
    if (this.type === S_IFLNK) return ELOOP;
    if (this.type === S_IFDIR) return writable ? EISDIR : new ListedDirectoryFile(request, this);
    if (this.type === S_IFIFO) return this.fs.fifos.open(request);
    if (this.type !== S_IFREG) return ENXIO;
    if (writable && (request.flags & O_TRUNC) !== 0) this.truncate(0);
    return new TmpfsFile(request.flags, request.location, this);
  }

  override create(name: string, mode: number, request: Omit<OpenRequest, "location">): Inode | Errno {
    return this.#add(name, S_IFREG | mode, request.actor);
  }
  override mknod(name: string, mode: number, _dev: number, actor: Actor): 0 | Errno {
    const made = this.#add(name, mode, actor);
    return made instanceof Errno ? made : 0;
  }
  override mkdir(name: string, mode: number, actor: Actor): 0 | Errno {
    const made = this.#add(name, S_IFDIR | mode & S_IALLUGO, actor);
    if (made instanceof Errno) return made;
    this.nlink++;
    return 0;
  }
  override symlink(name: string, target: string, actor: Actor): 0 | Errno {
    const made = this.#add(name, S_IFLNK | 0o777, actor);
    if (made instanceof Errno) return made;
    made.target = target;
    return 0;
  }
  override link(name: string, target: Inode): 0 | Errno {
    if (!(target instanceof TmpfsInode)) return EXDEV;
    if (this.children.has(name)) return EEXIST;
    if (target.nlink === 0) return ENOENT;
    this.children.set(name, target);
    target.nlink++;
    target.#changed();
    this.#touched();
    return 0;
  }
  override readlink(): string | Errno {
    return this.type === S_IFLNK ? this.target : EINVAL;
  }

  override unlink(name: string): 0 | Errno {
    const child = this.children.get(name);
    if (child === undefined) return ENOENT;
    if (child.type === S_IFDIR) return EISDIR;
    this.#remove(name, child);
    return 0;
  }
  override rmdir(name: string): 0 | Errno {
    const child = this.children.get(name);
    if (child === undefined) return ENOENT;
    if (child.type !== S_IFDIR) return ENOTDIR;
    if (child.children.size > 0) return ENOTEMPTY;
    this.#remove(name, child);
    return 0;
  }

  override rename(name: string, newParent: Inode, newName: string, flags: number): 0 | Errno {
    if (!(newParent instanceof TmpfsInode)) return EXDEV;
    if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) !== 0) return EINVAL;
    const child = this.children.get(name);
    if (child === undefined) return ENOENT;
    for (let above: TmpfsInode | undefined = newParent; above; above = above.directory) {
      if (above === child) return EINVAL;
    }
    const other = newParent.children.get(newName);
    if ((flags & RENAME_EXCHANGE) !== 0) {
      if (other === undefined) return ENOENT;
      this.#place(name, other);
      newParent.#place(newName, child);
      return 0;
    }
    if (other !== undefined) {
      if ((flags & RENAME_NOREPLACE) !== 0) return EEXIST;
      if (other === child) return 0;
      if (other.type === S_IFDIR && child.type !== S_IFDIR) return EISDIR;
      if (other.type !== S_IFDIR && child.type === S_IFDIR) return ENOTDIR;
      if (other.children.size > 0) return ENOTEMPTY;
      newParent.#remove(newName, other);
    }
    this.children.delete(name);
    if (child.type === S_IFDIR) {
      this.nlink--;
      newParent.nlink++;
    }
    newParent.#place(newName, child);
    this.#touched();
    newParent.#touched();
    return 0;
  }

  override setAttributes(changes: AttributeChanges): 0 {
    if (changes.mode !== undefined) this.#mode = this.#mode & S_IFMT | changes.mode & S_IALLUGO;
    this.#uid = changes.uid ?? this.#uid;
    this.#gid = changes.gid ?? this.#gid;
    if (changes.atime) this.#atime = { tv_sec: changes.atime[0], tv_nsec: changes.atime[1] };
    if (changes.mtime) this.mtime = { tv_sec: changes.mtime[0], tv_nsec: changes.mtime[1] };
    this.#changed();
    return 0;
  }

  override truncate(size: number): 0 | Errno {
    if (this.type === S_IFDIR) return EISDIR;
    if (this.type !== S_IFREG) return EINVAL;
    this.account(() => this.bytes.truncate(size));
    this.pages?.truncated(size);
    this.#touched();
    return 0;
  }

  /** The pages that its MAP_SHARED mappings show. */
  sharedPages(): SharedPages {
    return this.pages ??= new SharedPages(this.fs.host, () => this.#keepPages(), false);
  }

  /** Nothing is mapped any more: what the pages hold goes into the file, unless nobody can reach it. */
  #keepPages(): void {
    const extents = this.pages?.extents ?? [];
    this.pages = undefined;
    if (this.nlink === 0 && this.opens === 0) return;
    this.account(() => {
      for (const { pages: { section }, offset } of extents) this.bytes.store(section.bytes, offset);
    });
  }

  /** Runs what changes the contents; keeps count of the room they take. */
  account<T>(change: () => T): T {
    const before = this.bytes.allocated;
    const result = change();
    this.fs.used += this.bytes.allocated - before;
    return result;
  }

  #add(name: string, mode: number, actor: Actor): TmpfsInode | Errno {
    if (this.children.has(name)) return EEXIST;
    if (this.nlink === 0) return ENOENT;
    const child = new TmpfsInode(this.fs, this, name, mode, actor);
    this.children.set(name, child);
    this.#touched();
    return child;
  }

  #remove(name: string, child: TmpfsInode): void {
    this.children.delete(name);
    if (child.type === S_IFDIR) {
      this.nlink--;
      child.nlink = 0;
    } else child.nlink--;
    child.#changed();
    this.#touched();
  }

  *entries(): Generator<DirEntry> {
    for (const [name, child] of this.children) yield { name, type: child.type, ino: child.ino };
  }

  #place(name: string, child: TmpfsInode): void {
    this.children.set(name, child);
    child.directory = this;
    child.name = name;
    child.#changed();
  }

  #touched(): void {
    this.mtime = this.#ctime = this.fs.now();
  }
  #changed(): void {
    this.#ctime = this.fs.now();
  }
}
