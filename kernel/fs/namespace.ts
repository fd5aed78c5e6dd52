/** The namespace a guest starts in: the drive view, or a folder of the host as root. */
import { TMPFS_MAGIC } from "../abi/statfs.ts";
import type { HostFiles, HostTree } from "../host_files.ts";
import { createDevfs } from "./devfs.ts";
import { FifoTable } from "./fifo.ts";
import { HostFs } from "./hostfs.ts";
import type { FileSystem, Inode } from "./inode.ts";
import { type Location, Mount } from "./mount.ts";
import type { OpenFile } from "./open_file.ts";
import { SyntheticDirectory, SyntheticFs } from "./synthetic.ts";

/** A path as HostFiles.userPath gives it. */
export interface DrivePath {
  readonly drive: string;
  readonly path: string;
}

export interface NamespaceOptions {
  readonly host: HostFiles;
  /** `--root`: the folder the guest sees as "/"; undefined for the drive view. */
  readonly root: DrivePath | undefined;
  /** Seconds since 1970: the time of made-up files. */
  readonly bootTime: number;
}

/** st_dev of the first file system; each further one gets the next. */
const FIRST_DEV = 20;

/** The namespace of a new kernel. */
export function createNamespace(options: NamespaceOptions): MountNamespace {
  return new MountNamespace(options);
}

export class MountNamespace {
  readonly rootMount: Mount;
  /** What /dev/tty opens. Written by main.ts once the standard files are open. */
  terminal: OpenFile | undefined;
  readonly #host: HostFiles;
  readonly #fifos = new FifoTable();
  readonly #rootFolder: DrivePath | undefined;
  #nextDev = FIRST_DEV;

  constructor(options: NamespaceOptions) {
    this.#host = options.host;
    this.#rootFolder = options.root;
    const fs = options.root
      ? this.#hostFs(options.host.subtree(options.root.drive, options.root.path), options.root)
      : new SyntheticFs("rootfs", TMPFS_MAGIC, this.newDev(), options.bootTime);
    this.rootMount = new Mount(fs, undefined, "", undefined);
    this.mount("dev", createDevfs(this.newDev(), options.bootTime, () => this.terminal));
    if (!options.root) this.#mountDrives();
  }

  get root(): Location {
    return this.rootMount.root;
  }

  newDev(): number {
    return this.#nextDev++;
  }

  /**
   * Mounts a file system at a path directly below "/" ("proc", "mnt/c"). The made-up root gets the directory; a
   * folder of the host as root need not have it.
   */
  mount(path: string, fs: FileSystem): Mount {
    let above: Inode = this.rootMount.fs.root;
    const names = path.split("/");
    const last = names.pop()!;
    for (const name of names) {
      if (above instanceof SyntheticDirectory) above = above.children.get(name) ?? above.addDirectory(name);
    }
    if (above instanceof SyntheticDirectory && !above.children.has(last)) above.addDirectory(last);
    return this.rootMount.attach(fs, path, above);
  }

  /** The absolute guest path of a path below a drive's top; undefined when the guest does not see it. */
  guestPath(at: DrivePath): string | undefined {
    const root = this.#rootFolder;
    if (!root) return `/mnt/${at.drive}` + (at.path === "" ? "" : "/" + at.path);
    if (root.drive !== at.drive) return undefined;
    if (root.path === "") return "/" + at.path;
    if (at.path === root.path) return "/";
    return at.path.startsWith(root.path + "/") ? at.path.slice(root.path.length) : undefined;
  }

  /**
   * The guest path for a path the user wrote, in Windows' or POSIX' way. An absolute POSIX path is the guest's if
   * its first name exists there (`exists`), else the current drive's.
   */
  guestPathOf(text: string, exists: (guestPath: string) => boolean): string | undefined {
    if (text.startsWith("/") && exists(text)) return text;
    const at = this.#host.userPath(text);
    return at && this.guestPath(at);
  }

  #mountDrives(): void {
    for (const letter of this.#host.drives()) {
      const tree = this.#host.drive(letter);
      this.mount(`mnt/${letter}`, this.#hostFs(tree, { drive: letter, path: "" }));
    }
    const temporary = this.#host.temporaryFolder();
    if (temporary) {
      this.mount("tmp", this.#hostFs(this.#host.subtree(temporary.drive, temporary.path), temporary));
    }
  }

  #hostFs(tree: HostTree, { drive, path }: DrivePath): HostFs {
    const source = `${drive.toUpperCase()}:\\${path.replaceAll("/", "\\")}`;
    return new HostFs(tree, this.newDev(), this.#fifos, source);
  }
}
