/** A fake task with files: makes file calls by handler and gives their results as numbers or errno names. */
import { type Abi, X86_64 } from "../abi/abi.ts";
import { AT_FDCWD } from "../abi/fcntl.ts";
import { Errno } from "../abi/errno.ts";
import { encodeName } from "../abi/names.ts";
import { dirent64 } from "../abi/dirent.ts";
import { Stat } from "../fs/stat.ts";
import { FdTable } from "../fs/fd_table.ts";
import { FsContext } from "../fs/fs_context.ts";
import { absolutePath, type Location } from "../fs/mount.ts";
import { createNamespace, type MountNamespace } from "../fs/namespace.ts";
import { mountKernelFiles } from "../fs/proc/mod.ts";
import { walk } from "../fs/path_walk.ts";
import { openStandardFiles } from "../fs/standard_files.ts";
import type { HostFiles } from "../host_files.ts";
import { sysGetdents64 } from "../syscalls/directory.ts";
import { sysClose, sysOpenat } from "../syscalls/open_close.ts";
import { sysPread64, sysRead, sysWrite } from "../syscalls/read_write.ts";
import type { SyscallResult } from "../syscalls/result.ts";
import type { Task } from "../task/task.ts";
import { FakeTask, MEMORY } from "./fake_task.ts";

/** Guest memory below this offset is for arguments, above it for data. */
const DATA = 0x2_0000;

/** Nobody runs an event loop here. */
const NO_WAITS = { externalStarted() {}, externalFinished() {} };

export class FileGuest {
  readonly fake: FakeTask;
  readonly task: Task;
  readonly namespace: MountNamespace;
  #next = 0;

  /** `cwd` is a guest path. */
  constructor(host: HostFiles, cwd: string, abi: Abi = X86_64) {
    this.fake = new FakeTask(abi);
    this.task = this.fake.task;
    this.namespace = createNamespace({ host, root: undefined, bootTime: 1_700_000_000 });
    mountKernelFiles(this.namespace, this.fake.kernel);
    const root = this.namespace.root;
    this.task.files = new FdTable();
    this.namespace.terminal = openStandardFiles(host, this.task.files, NO_WAITS, 1_700_000_000);
    this.task.fs = new FsContext(root, root);
    this.task.fs.setCwd(this.at(cwd));
  }

  at(path: string): Location {
    const found = walk(this.task.fs, this.task.fs.cwd, path, true);
    if (found instanceof Errno) throw new Error(`Cannot find ${path}: ${found}`);
    return found;
  }
  get cwd(): string {
    return absolutePath(this.task.fs.cwd);
  }

  /** A string argument. Arguments of earlier calls are overwritten. */
  text(value: string | Uint8Array): number {
    const bytes = typeof value === "string" ? encodeName(value) : value;
    if (this.#next + bytes.length + 1 > DATA) this.#next = 0;
    const at = this.#next;
    this.fake.memory.bytes.set(bytes, at);
    this.fake.memory.bytes[at + bytes.length] = 0;
    this.#next += bytes.length + 1;
    return MEMORY + at;
  }
  /** The address of the data area and its bytes. */
  readonly data = MEMORY + DATA;
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return this.fake.memory.bytes.subarray(DATA, DATA + length);
  }

  open(path: string, flags: number, mode = 0o644): number | string {
    return plain(sysOpenat(this.task, AT_FDCWD, this.text(path), flags, mode));
  }
  close(fd: number | string): number | string {
    return plain(sysClose(this.task, Number(fd)));
  }
  write(fd: number | string, text: string): number | string {
    const bytes = new TextEncoder().encode(text);
    this.bytes(bytes.length).set(bytes);
    return plain(sysWrite(this.task, Number(fd), this.data, bytes.length));
  }
  read(fd: number | string, count = 4096): string {
    return this.#text(sysRead(this.task, Number(fd), this.data, count));
  }
  pread(fd: number | string, count: number, offset: number): string {
    return this.#text(sysPread64(this.task, Number(fd), this.data, count, offset));
  }
  put(path: string, text: string, mode = 0o644): void {
    const fd = this.open(path, 0o1101, mode);
    this.write(fd, text);
    this.close(fd);
  }
  get(path: string): string {
    const fd = this.open(path, 0);
    if (typeof fd === "string") return fd;
    const text = this.read(fd);
    this.close(fd);
    return text;
  }
  stat(path: string, follow = true): Stat | string {
    const found = walk(this.task.fs, this.task.fs.cwd, path, follow);
    if (found instanceof Errno) return found.name;
    const stat = new Stat();
    const error = found.inode.stat(stat);
    return error === 0 ? stat : error.name;
  }
  mode(path: string, follow = true): string {
    const stat = this.stat(path, follow);
    return typeof stat === "string" ? stat : stat.mode.toString(8);
  }
  /** Names in a directory, sorted, read in pieces of `size` bytes. */
  list(path: string, size = 200): string[] {
    const fd = this.open(path, 0o200000);
    const names: string[] = [];
    for (;;) {
      const count = sysGetdents64(this.task, Number(fd), this.data, size);
      if (typeof count !== "number" || count === 0) break;
      for (let at = 0; at < count;) {
        const record = this.bytes(count).slice(at);
        const { d_reclen } = dirent64.decode(record);
        const name = record.subarray(dirent64.size, d_reclen);
        names.push(new TextDecoder().decode(name.subarray(0, name.indexOf(0))));
        at += d_reclen;
      }
    }
    this.close(fd);
    return names.sort();
  }

  #text(result: SyscallResult): string {
    if (typeof result !== "number") return String(plain(result));
    return new TextDecoder().decode(this.bytes(result));
  }
}

/** A result that did not have to wait. */
export function plain(result: SyscallResult): number | string {
  if (typeof result === "number") return result;
  return result instanceof Errno ? result.name : "not done";
}
