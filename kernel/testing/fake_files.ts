/** HostFiles in memory, for tests of the file systems above it. One drive, "c". */
import {
  EAGAIN,
  EEXIST,
  EINVAL,
  EISDIR,
  ENOENT,
  ENOSYS,
  ENOTDIR,
  ENOTEMPTY,
  Errno,
  ESPIPE,
} from "../abi/errno.ts";
import { S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG } from "../abi/stat.ts";
import { encodeName } from "../abi/names.ts";
import type {
  HostAttributes,
  HostDirEntry,
  HostFile,
  HostFiles,
  HostResult,
  HostStat,
  HostStatfs,
  HostStream,
  HostTree,
} from "../host_files.ts";

class Node {
  data = new Uint8Array(0);
  readonly children = new Map<string, Node>();
  target = "";
  nlink = 1;
  uid = -1;
  gid = -1;
  times: { atime: readonly [number, number]; mtime: readonly [number, number] } = {
    atime: [1_600_000_000, 0],
    mtime: [1_600_000_000, 0],
  };

  constructor(public mode: number, readonly ino: number) {}

  get isDirectory(): boolean {
    return (this.mode & S_IFMT) === S_IFDIR;
  }
  change(changes: HostAttributes): 0 {
    if (changes.mode !== undefined) this.mode = (this.mode & S_IFMT) | changes.mode;
    this.uid = changes.uid ?? this.uid;
    this.gid = changes.gid ?? this.gid;
    this.times = { atime: changes.atime ?? this.times.atime, mtime: changes.mtime ?? this.times.mtime };
    return 0;
  }
  fill(into: HostStat): 0 {
    into.mode = this.mode;
    into.size = (this.mode & S_IFMT) === S_IFLNK ? encodeName(this.target).length : this.data.length;
    into.allocated = into.size;
    [into.atime, into.atimeNsec] = this.times.atime;
    [into.mtime, into.mtimeNsec] = this.times.mtime;
    into.ino = this.ino;
    into.nlink = this.nlink;
    into.uid = this.uid;
    into.gid = this.gid;
    into.complete = true;
    return 0;
  }
}

class FakeFile implements HostFile {
  constructor(readonly node: Node) {}
  readonly hasName = true;
  lend(): undefined {}
  pread(into: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    const part = this.node.data.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }
  pwrite(from: Uint8Array<ArrayBuffer>, offset: number): HostResult {
    if (offset + from.length > this.node.data.length) this.truncate(offset + from.length);
    this.node.data.set(from, offset);
    return from.length;
  }
  size(): HostResult {
    return this.node.data.length;
  }
  truncate(size: number): 0 {
    const data = new Uint8Array(size);
    data.set(this.node.data.subarray(0, size));
    this.node.data = data;
    return 0;
  }
  flush(): 0 {
    return 0;
  }
  stat(into: HostStat): 0 {
    return this.node.fill(into);
  }
  setAttributes(changes: HostAttributes): 0 {
    return this.node.change(changes);
  }
  close(): void {}
}

export class FakeTree implements HostTree {
  readonly volume = 7;
  /** How often a path was looked up. */
  lookups = 0;
  #nextIno = 100;
  readonly #root = this.#node(S_IFDIR | 0o755);

  lookup(path: string, into: HostStat): 0 | Errno {
    this.lookups++;
    const node = this.#find(path);
    return node instanceof Errno ? node : node.fill(into);
  }
  complete(): 0 {
    return 0;
  }
  open(path: string): HostFile | Errno {
    const node = this.#find(path);
    return node instanceof Errno ? node : new FakeFile(node);
  }
  create(path: string, mode: number): HostFile | Errno {
    const node = this.#node(S_IFREG | mode);
    const error = this.#add(path, node);
    return error === 0 ? new FakeFile(node) : error;
  }
  mkfifo(path: string, mode: number): 0 | Errno {
    return this.#add(path, this.#node(S_IFIFO | mode));
  }
  mkdir(path: string, mode: number): 0 | Errno {
    return this.#add(path, this.#node(S_IFDIR | mode));
  }
  symlink(path: string, target: string): 0 | Errno {
    const node = this.#node(S_IFLNK | 0o777);
    node.target = target;
    return this.#add(path, node);
  }
  readlink(path: string): string | Errno {
    const node = this.#find(path);
    return node instanceof Errno ? node : (node.mode & S_IFMT) === S_IFLNK ? node.target : EINVAL;
  }
  link(from: string, to: string): 0 | Errno {
    const node = this.#find(from);
    if (node instanceof Errno) return node;
    const error = this.#add(to, node);
    if (error === 0) node.nlink++;
    return error;
  }
  unlink(path: string): 0 | Errno {
    const node = this.#find(path);
    if (node instanceof Errno) return node;
    if (node.isDirectory) return EISDIR;
    node.nlink--;
    return this.#remove(path);
  }
  rmdir(path: string): 0 | Errno {
    const node = this.#find(path);
    if (node instanceof Errno) return node;
    if (!node.isDirectory) return ENOTDIR;
    return node.children.size > 0 ? ENOTEMPTY : this.#remove(path);
  }
  rename(from: string, to: string, noReplace: boolean): 0 | Errno {
    const source = this.#find(from);
    if (source instanceof Errno) return source;
    const target = this.#find(to);
    if (target instanceof Node) {
      if (noReplace) return EEXIST;
      if (target === source) return 0;
      if (source.isDirectory !== target.isDirectory) return source.isDirectory ? ENOTDIR : EISDIR;
      if (target.children.size > 0) return ENOTEMPTY;
      target.nlink--;
      this.#remove(to);
    }
    const error = this.#add(to, source);
    return error === 0 ? this.#remove(from) : error;
  }
  setAttributes(path: string, changes: HostAttributes): 0 | Errno {
    const node = this.#find(path);
    return node instanceof Errno ? node : node.change(changes);
  }
  readDirectory(path: string): HostDirEntry[] | Errno {
    const node = this.#find(path);
    if (node instanceof Errno) return node;
    const self = [".", ".."].map((name) => ({ name, type: S_IFDIR, ino: node.ino }));
    return [
      ...self,
      ...[...node.children].map(([name, { mode, ino }]) => ({ name, type: mode & S_IFMT, ino })),
    ];
  }
  statfs(): HostStatfs {
    return { blockSize: 4096, blocks: 1000, free: 500, available: 400 };
  }

  #node(mode: number): Node {
    return new Node(mode, this.#nextIno++);
  }
  /** ENOTDIR for anything but a directory on the way, as HostTree.lookup demands. */
  #find(path: string): Node | Errno {
    if (path === "") return this.#root;
    const cut = path.lastIndexOf("/");
    const parent = cut < 0 ? this.#root : this.#find(path.slice(0, cut));
    if (parent instanceof Errno || !parent.isDirectory) return ENOTDIR;
    return parent.children.get(path.slice(cut + 1)) ?? ENOENT;
  }
  #add(path: string, node: Node): 0 | Errno {
    const cut = path.lastIndexOf("/");
    const parent = this.#find(path.slice(0, Math.max(0, cut)));
    if (parent instanceof Errno) return parent;
    const name = path.slice(cut + 1);
    if (parent.children.has(name)) return EEXIST;
    parent.children.set(name, node);
    return 0;
  }
  #remove(path: string): 0 {
    const cut = path.lastIndexOf("/");
    const parent = this.#find(path.slice(0, Math.max(0, cut)));
    if (parent instanceof Node) parent.children.delete(path.slice(cut + 1));
    return 0;
  }
}

/** A pipe of the test's. */
export class FakeStream implements HostStream {
  readonly kind: HostStream["kind"];
  written = "";
  input = new Uint8Array(0);
  ended = false;
  ready: (() => void) | undefined;

  constructor(kind: HostStream["kind"] = "pipe") {
    this.kind = kind;
  }
  write(from: Uint8Array<ArrayBuffer>): HostResult {
    this.written += new TextDecoder().decode(from);
    return from.length;
  }
  read(into: Uint8Array<ArrayBuffer>): HostResult {
    if (this.input.length === 0) return this.ended ? 0 : EAGAIN;
    const part = this.input.subarray(0, into.length);
    into.set(part);
    this.input = this.input.subarray(part.length);
    return part.length;
  }
  waitForInput(_limit: number, ready: () => void): void {
    this.ready = ready;
  }
  available(): number {
    return this.input.length || Number(this.ended);
  }
  seek(): HostResult {
    return ESPIPE;
  }
  stat(): Errno {
    return ENOSYS;
  }
  windowSize(): { rows: number; columns: number } | undefined {
    return this.kind === "console" ? { rows: 30, columns: 90 } : undefined;
  }
  setInputMode(): void {}
}

export class FakeFiles implements HostFiles {
  readonly tree = new FakeTree();
  readonly streams = [new FakeStream(), new FakeStream(), new FakeStream()] as const;

  drives(): readonly string[] {
    return ["c"];
  }
  drive(): HostTree {
    return this.tree;
  }
  subtree(): HostTree {
    return this.tree;
  }
  userPath(text: string): { drive: string; path: string } | undefined {
    const path = text.replaceAll("\\", "/").replace(/^c:/i, "");
    return { drive: "c", path: path.split("/").filter((name) => name !== "" && name !== ".").join("/") };
  }
  temporaryFolder(): undefined {
    return undefined;
  }
  stream(fd: 0 | 1 | 2): HostStream {
    return this.streams[fd];
  }
}
