/** The mount namespace: which file system stands where. */
import { FileLocks } from "./file_lock.ts";
import type { FileSystem, Inode } from "./inode.ts";

/** A place in the namespace (struct path). */
export interface Location {
  readonly mount: Mount;
  readonly inode: Inode;
}

export class Mount {
  /** flock(2) and fcntl(2) locks of its files. */
  readonly locks = new FileLocks();
  readonly #children = new Map<string, Mount>();

  /**
   * A file system on top of `path`, counted from the root of `parent`'s file system ("mnt/c"). `above` is the
   * directory that `..` leads to from the root. All undefined for the top of the namespace.
   */
  constructor(
    readonly fs: FileSystem,
    readonly parent: Mount | undefined,
    readonly path: string,
    readonly above: Inode | undefined,
  ) {}

  get root(): Location {
    return { mount: this, inode: this.fs.root };
  }
  get hasChildren(): boolean {
    return this.#children.size > 0;
  }
  childAt(path: string): Mount | undefined {
    return this.#children.get(path);
  }
  /** Whether a path from this file system's root leads into another mount. */
  leaves(path: string): boolean {
    for (const point of this.#children.keys()) {
      if (path.startsWith(point) && (path.length === point.length || path[point.length] === "/")) return true;
    }
    return false;
  }
  children(): Iterable<Mount> {
    return this.#children.values();
  }
  attach(fs: FileSystem, path: string, above: Inode): Mount {
    const mount = new Mount(fs, this, path, above);
    this.#children.set(path, mount);
    return mount;
  }
  detach(child: Mount): void {
    this.#children.delete(child.path);
  }
}

/** What lies at a place once mounts are taken into account. */
export function crossMounts(mount: Mount, inode: Inode): Location {
  while (mount.hasChildren && inode.isDirectory) {
    const child = mount.childAt(inode.path);
    if (!child) break;
    mount = child;
    inode = child.fs.root;
  }
  return { mount, inode };
}

/** The directory above a directory; the top of the namespace is its own. */
export function parentOf(location: Location): Location {
  const { mount, inode } = location;
  const up = inode.parent;
  if (up) return crossMounts(mount, up);
  if (!mount.parent || !mount.above) return location;
  return crossMounts(mount.parent, mount.above);
}

/** The absolute path of a place, from the top of the namespace. */
export function absolutePath(location: Location): string {
  let path = location.inode.path;
  for (let mount = location.mount; mount.parent; mount = mount.parent) {
    path = path === "" ? mount.path : mount.path + "/" + path;
  }
  return "/" + path;
}

export function sameLocation(a: Location, b: Location): boolean {
  return a.mount === b.mount && a.inode.path === b.inode.path;
}
