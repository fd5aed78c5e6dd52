/** /proc/pid/fd and /proc/pid/fdinfo. */
import { Errno } from "../../abi/errno.ts";
import { O_CLOEXEC } from "../../abi/fcntl.ts";
import type { Task } from "../../task/task.ts";
import type { Inode } from "../inode.ts";
import { absolutePath } from "../mount.ts";
import type { OpenFile } from "../open_file.ts";
import { Stat } from "../stat.ts";
import { LinkInode, type LinkTarget, type Origin, TextInode, VirtualDirectory } from "./nodes.ts";
import { namelessPlace } from "./open_file_inode.ts";

/** Size and, but for what the file may not be used for, mode of a link in fd. */
const LINK_SIZE = 64;

abstract class DescriptorDirectory extends VirtualDirectory {
  constructor(readonly task: Task, above: VirtualDirectory, name: string, mode: number, origin: Origin) {
    super(above.fs, above, name, mode, origin);
  }
  override *names(): Iterable<string> {
    for (const [fd] of this.task.files.entries()) yield String(fd);
  }
  protected file(name: string): OpenFile | undefined {
    return /^(0|[1-9][0-9]{0,8})$/.test(name) ? this.task.files.get(Number(name)) : undefined;
  }
}

export class FdDirectory extends DescriptorDirectory {
  constructor(task: Task, above: VirtualDirectory, origin: Origin) {
    super(task, above, "fd", 0o500, origin);
  }
  override child(name: string): Inode | undefined {
    const file = this.file(name);
    if (file === undefined) return undefined;
    const mode = (file.readable ? 0o500 : 0) | (file.writable ? 0o300 : 0);
    return new LinkInode(this, name, () => targetOf(file), mode, LINK_SIZE, this.origin);
  }
  override stat(into: Stat): 0 | Errno {
    super.stat(into);
    into.size = [...this.task.files.entries()].length;
    return 0;
  }
}

/** The path it was opened by while that still leads to it, else the file itself. */
function targetOf(file: OpenFile): LinkTarget {
  const { location } = file;
  if (location === undefined) {
    return { text: file.description, place: namelessPlace(NAMELESS, file) };
  }
  const path = absolutePath(location);
  if (isNamed(file)) return { text: path, place: location };
  return { text: `${path} (deleted)`, place: namelessPlace(location.inode.fs, file) };
}

function isNamed(file: OpenFile): boolean {
  const named = new Stat(), open = new Stat();
  if (file.location?.inode.stat(named) !== 0) return false;
  return file.stat(open) !== 0 || named.ino === open.ino;
}

/** The file system of what has none (pipefs, sockfs, anon_inodefs). */
const NAMELESS = {
  type: "anon_inodefs",
  dev: 15,
  get root(): Inode {
    throw new TypeError("Cannot look into anon_inodefs: it has no root");
  },
  statfs: () => ({
    type: 0x09041934,
    blockSize: 4096,
    blocks: 0,
    free: 0,
    available: 0,
    files: 0,
    freeFiles: 0,
    nameLength: 255,
  }),
};

export class FdinfoDirectory extends DescriptorDirectory {
  constructor(task: Task, above: VirtualDirectory, origin: Origin) {
    super(task, above, "fdinfo", 0o555, origin);
  }
  override child(name: string): Inode | undefined {
    const file = this.file(name);
    if (file === undefined) return undefined;
    return new TextInode(this, name, 0o444, () => this.#text(Number(name), file));
  }

  #text(fd: number, file: OpenFile): string {
    const stat = new Stat();
    file.stat(stat);
    const flags = file.flags | (this.task.files.closesOnExec(fd) ? O_CLOEXEC : 0);
    const mount = file.location?.mount.fs.dev ?? NAMELESS.dev;
    return `pos:\t${file.position}\nflags:\t0${flags.toString(8)}\nmnt_id:\t${mount}\nino:\t${stat.ino}\n` +
      file.details;
  }
}
