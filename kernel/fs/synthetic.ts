/** Building blocks of file systems that the kernel makes up: directories and links in memory, fixed at mount. */
import { ELOOP, ENOENT, type Errno } from "../abi/errno.ts";
import { S_IFDIR, S_IFLNK } from "../abi/stat.ts";
import { type FileSystem, Inode, type OpenRequest, type StatfsInfo } from "./inode.ts";
import { ListedDirectoryFile } from "./listed_directory.ts";
import type { DirEntry, OpenFile } from "./open_file.ts";
import { type Stat, syntheticStat } from "./stat.ts";

/** A file system of SyntheticDirectory and what stands in it. */
export class SyntheticFs implements FileSystem {
  readonly root: SyntheticDirectory;
  readonly #magic: number;
  #nextIno = 2;

  /** `bootTime` (seconds since 1970) is the time of every file. */
  constructor(readonly type: string, magic: number, readonly dev: number, readonly bootTime: number) {
    this.#magic = magic;
    this.root = new SyntheticDirectory(this, undefined, "");
  }

  newIno(): number {
    return this.#nextIno++;
  }

  statfs(): StatfsInfo {
    return {
      type: this.#magic,
      blockSize: 4096,
      blocks: 0,
      free: 0,
      available: 0,
      files: 0,
      freeFiles: 0,
      nameLength: 255,
    };
  }
}

export function joinPath(directory: string, name: string): string {
  return directory === "" ? name : directory + "/" + name;
}

export class SyntheticDirectory extends Inode {
  override readonly type = S_IFDIR;
  override readonly path: string;
  readonly ino: number;
  readonly children = new Map<string, Inode & { readonly ino?: number }>();

  constructor(
    override readonly fs: SyntheticFs,
    readonly directory: SyntheticDirectory | undefined,
    name: string,
    readonly mode = 0o755,
  ) {
    super();
    this.path = directory ? joinPath(directory.path, name) : "";
    this.ino = fs.newIno();
  }

  override get parent(): SyntheticDirectory | undefined {
    return this.directory;
  }

  add<T extends Inode>(name: string, child: T): T {
    this.children.set(name, child);
    return child;
  }
  addDirectory(name: string, mode = 0o755): SyntheticDirectory {
    return this.add(name, new SyntheticDirectory(this.fs, this, name, mode));
  }

  override lookup(name: string): Inode | Errno {
    return this.children.get(name) ?? ENOENT;
  }
  override stat(into: Stat): 0 {
    syntheticStat(into, this.fs.dev, this.ino, S_IFDIR | this.mode, this.fs.bootTime);
    into.nlink = 2;
    for (const child of this.children.values()) if (child.isDirectory) into.nlink++;
    return 0;
  }
  *entries(): Generator<DirEntry> {
    for (const [name, child] of this.children) yield { name, type: child.type, ino: child.ino ?? 1 };
  }
  override open(request: OpenRequest): OpenFile {
    return new ListedDirectoryFile(request, this);
  }
}

/** A symbolic link of a made-up file system. */
export class SyntheticLink extends Inode {
  override readonly type = S_IFLNK;
  override readonly path: string;
  readonly ino: number;

  constructor(
    override readonly fs: SyntheticFs,
    directory: SyntheticDirectory,
    name: string,
    readonly target: string,
  ) {
    super();
    this.path = joinPath(directory.path, name);
    this.ino = fs.newIno();
  }
  override stat(into: Stat): 0 {
    syntheticStat(into, this.fs.dev, this.ino, S_IFLNK | 0o777, this.fs.bootTime);
    into.size = this.target.length;
    return 0;
  }
  override readlink(): string {
    return this.target;
  }
  override open(): Errno {
    return ELOOP;
  }
}
