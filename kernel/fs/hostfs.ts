/**
 * Host directories as a file system. Nothing is cached here but paths: the host's tree is shared with everyone, and
 * its implementation knows how to ask cheaply. An inode is a path below the tree's top; those in use (working and
 * open directories) are kept in `held`, so that a rename by a guest moves them along.
 */
import { EEXIST, EINVAL, EISDIR, ELOOP, ENOENT, ENOTDIR, ENXIO, EPERM, Errno } from "../abi/errno.ts";
import { O_ACCMODE, O_DIRECTORY, O_RDONLY, O_TRUNC, RENAME_NOREPLACE } from "../abi/fcntl.ts";
import { S_IALLUGO, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG } from "../abi/stat.ts";
import { V9FS_MAGIC } from "../abi/statfs.ts";
import { type HostFile, HostStat, type HostTree } from "../host_files.ts";
import type { SharedPages } from "../mm/shared_pages.ts";
import { FifoTable } from "./fifo.ts";
import { HostDirectoryFile, HostRegularFile } from "./host_open_file.ts";
import {
  type Actor,
  type AttributeChanges,
  type FileSystem,
  Inode,
  type OpenRequest,
  type StatfsInfo,
  typeOf,
} from "./inode.ts";
import type { OpenFile } from "./open_file.ts";
import type { Stat } from "./stat.ts";
import { joinPath } from "./synthetic.ts";

export class HostFs implements FileSystem {
  readonly type = "9p";
  readonly root: HostInode;
  readonly held = new Set<HostInode>();
  /** Pages of files that are mapped MAP_SHARED, by inode number. */
  readonly pages = new Map<number, SharedPages>();
  /** Open files that tasks have been given. */
  readonly lent = new Set<HostRegularFile>();

  constructor(
    readonly tree: HostTree,
    readonly dev: number,
    readonly fifos = new FifoTable(),
    readonly source = "host",
  ) {
    this.root = new HostInode(this, "", S_IFDIR, undefined);
  }

  statfs(): StatfsInfo | Errno {
    const info = this.tree.statfs();
    if (info instanceof Errno) return info;
    return { type: V9FS_MAGIC, files: 0, freeFiles: 0, nameLength: 255, ...info };
  }
}

export class HostInode extends Inode {
  #path: string;
  /** Attributes from the look-up that made this inode; used up by the first `stat`, so they are never stale. */
  #seen: HostStat | undefined;
  #holders = 0;

  constructor(
    override readonly fs: HostFs,
    path: string,
    override readonly type: number,
    seen: HostStat | undefined,
  ) {
    super();
    this.#path = path;
    this.#seen = seen;
  }

  override get path(): string {
    return this.#path;
  }

  override get parent(): Inode | undefined {
    if (this.#path === "") return undefined;
    const cut = this.#path.lastIndexOf("/");
    return cut < 0 ? this.fs.root : new HostInode(this.fs, this.#path.slice(0, cut), S_IFDIR, undefined);
  }

  override lookup(name: string): Inode | Errno {
    const found = this.#find(name);
    return found === ENOTDIR ? ENOENT : found;
  }

  override lookupPath(path: string): Inode | Errno | undefined {
    const found = this.#find(path);
    return found === ENOTDIR ? undefined : found;
  }

  override stat(into: Stat): 0 | Errno {
    const { tree } = this.fs;
    let error: 0 | Errno = 0;
    const seen = this.#seen ?? new HostStat();
    if (!this.#seen) error = tree.lookup(this.#path, seen);
    this.#seen = undefined;
    if (error === 0 && !seen.complete) error = tree.complete(this.#path, seen);
    if (error !== 0) return error === ENOTDIR ? ENOENT : error;
    fillStat(into, seen, this.fs.dev);
    return 0;
  }

  override open(request: OpenRequest): OpenFile | Errno {
    if (this.type === S_IFLNK) return ELOOP;
    const writable = (request.flags & O_ACCMODE) !== O_RDONLY;
    if (this.type === S_IFDIR) {
      return writable ? EISDIR : new HostDirectoryFile(request, this);
    }
    if ((request.flags & O_DIRECTORY) !== 0) return ENOTDIR;
    if (this.type === S_IFIFO) return this.fs.fifos.open(request);
    if (this.type !== S_IFREG) return ENXIO;
    const file = this.fs.tree.open(this.#path, writable, this.#seen);
    if (file instanceof Errno) return file;
    const open = new HostRegularFile(request, this.fs, file);
    if (!writable || (request.flags & O_TRUNC) === 0) return open;
    const error = open.truncate(0);
    if (error === 0) return open;
    open.release();
    return error;
  }

  override create(name: string, mode: number, request: Omit<OpenRequest, "location">): Inode | Errno {
    const path = joinPath(this.#path, name);
    const file = this.fs.tree.create(path, mode);
    if (file instanceof Errno) return file;
    this.#own(request.actor, (owner) => file.setAttributes(owner));
    return new CreatedInode(this.fs, path, file);
  }

  /** FIFOs; the other kinds are devices and sockets, which need privileges or bind(2). */
  override mknod(name: string, mode: number, _dev: number, actor: Actor): 0 | Errno {
    if (typeOf(mode) !== S_IFIFO) return EPERM;
    const path = joinPath(this.#path, name);
    const error = this.fs.tree.mkfifo(path, mode & S_IALLUGO);
    if (error === 0) this.#own(actor, (owner) => this.fs.tree.setAttributes(path, owner));
    return error;
  }
  override mkdir(name: string, mode: number, actor: Actor): 0 | Errno {
    const path = joinPath(this.#path, name);
    const error = this.fs.tree.mkdir(path, mode);
    if (error === 0) this.#own(actor, (owner) => this.fs.tree.setAttributes(path, owner));
    return error;
  }
  override unlink(name: string): 0 | Errno {
    return this.fs.tree.unlink(joinPath(this.#path, name));
  }
  override rmdir(name: string): 0 | Errno {
    return this.fs.tree.rmdir(joinPath(this.#path, name));
  }

  override rename(name: string, newParent: Inode, newName: string, flags: number): 0 | Errno {
    if ((flags & ~RENAME_NOREPLACE) !== 0) return EINVAL;
    const from = joinPath(this.#path, name);
    const to = joinPath(newParent.path, newName);
    if (from === to) return (flags & RENAME_NOREPLACE) !== 0 ? EEXIST : 0;
    if (to.startsWith(from + "/")) return EINVAL;
    const error = this.fs.tree.rename(from, to, (flags & RENAME_NOREPLACE) !== 0);
    if (error === 0) { for (const inode of this.fs.held) inode.#moved(from, to); }
    return error;
  }

  override link(name: string, target: Inode): 0 | Errno {
    return this.fs.tree.link(target.path, joinPath(this.#path, name));
  }
  override symlink(name: string, target: string, actor: Actor): 0 | Errno {
    const path = joinPath(this.#path, name);
    const error = this.fs.tree.symlink(path, target);
    if (error === 0) this.#own(actor, (owner) => this.fs.tree.setAttributes(path, owner));
    return error;
  }
  override readlink(): string | Errno {
    if (this.type !== S_IFLNK) return EINVAL;
    return this.fs.tree.readlink(this.#path);
  }
  override setAttributes(changes: AttributeChanges): 0 | Errno {
    this.#seen = undefined;
    return this.fs.tree.setAttributes(this.#path, changes);
  }

  override truncate(size: number): 0 | Errno {
    if (this.type === S_IFDIR) return EISDIR;
    if (this.type !== S_IFREG) return EINVAL;
    const file = this.fs.tree.open(this.#path, true, this.#seen);
    if (file instanceof Errno) return file;
    const error = file.truncate(size);
    if (error === 0 && this.fs.pages.size > 0) {
      const stat = new HostStat();
      if (file.stat(stat) === 0) this.fs.pages.get(stat.ino)?.truncated(size);
    }
    file.close();
    return error;
  }

  override retain(): void {
    this.#seen = undefined;
    if (this.#holders++ === 0) this.fs.held.add(this);
  }
  override release(): void {
    if (--this.#holders === 0) this.fs.held.delete(this);
  }

  #find(name: string): Inode | Errno {
    const path = joinPath(this.#path, name);
    const seen = new HostStat();
    const error = this.fs.tree.lookup(path, seen);
    return error === 0 ? new HostInode(this.fs, path, seen.mode & S_IFMT, seen) : error;
  }

  /** Stores the owner of a new file unless it is what unmarked files have anyway. */
  #own(actor: Actor, set: (owner: AttributeChanges) => void): void {
    if (actor.euid !== 0 || actor.egid !== 0) set({ uid: actor.euid, gid: actor.egid });
  }

  #moved(from: string, to: string): void {
    if (this.#path === from) this.#path = to;
    else if (this.#path.startsWith(from + "/")) this.#path = to + this.#path.slice(from.length);
  }
}

/** A file just created: the first open gets the handle that created it, whatever its mode (open(2), O_CREAT). */
class CreatedInode extends HostInode {
  #file: HostFile | undefined;

  constructor(fs: HostFs, path: string, file: HostFile) {
    super(fs, path, S_IFREG, undefined);
    this.#file = file;
  }
  override open(request: OpenRequest): OpenFile | Errno {
    const file = this.#file;
    if (!file) return super.open(request);
    this.#file = undefined;
    return new HostRegularFile(request, this.fs, file);
  }
}

export function fillStat(into: Stat, host: HostStat, dev: number): void {
  into.dev = dev;
  into.ino = host.ino;
  into.mode = host.mode;
  into.nlink = host.nlink;
  into.uid = host.uid < 0 ? 0 : host.uid;
  into.gid = host.gid < 0 ? 0 : host.gid;
  into.rdev = host.rdev;
  into.size = host.size;
  into.blksize = 4096;
  into.blocks = Math.ceil(host.allocated / 512);
  into.atime = host.atime;
  into.atimeNsec = host.atimeNsec;
  into.mtime = host.mtime;
  into.mtimeNsec = host.mtimeNsec;
  into.ctime = host.ctime;
  into.ctimeNsec = host.ctimeNsec;
  into.btime = host.btime;
  into.btimeNsec = host.btimeNsec;
}
