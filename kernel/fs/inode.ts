/**
 * Files as the kernel's file systems have them. An Inode here is Linux's inode and dentry in one: file systems on
 * the host have no inodes of their own to hold on to, so they make one for each look-up.
 */
import { EINVAL, ENOENT, ENOTDIR, EPERM, EROFS, Errno } from "../abi/errno.ts";
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from "../abi/stat.ts";
import type { HostAttributes } from "../host_files.ts";
import type { Viewer } from "./fs_context.ts";
import type { OpenFile } from "./open_file.ts";
import type { Location } from "./mount.ts";
import type { Stat } from "./stat.ts";

/** Who acts, as the file systems need it. */
export interface Actor {
  readonly euid: number;
  readonly egid: number;
}

export type AttributeChanges = HostAttributes;

/** What statfs(2) tells of a file system. Sizes are in blocks. */
export interface StatfsInfo {
  readonly type: number;
  readonly blockSize: number;
  readonly blocks: number;
  readonly free: number;
  readonly available: number;
  readonly files: number;
  readonly freeFiles: number;
  readonly nameLength: number;
}

export interface FileSystem {
  /** As in /proc/mounts: "9p", "devtmpfs", "proc"... */
  readonly type: string;
  /** What is mounted, for /proc/mounts; the type when it has no better name. */
  readonly source?: string;
  /** st_dev. */
  readonly dev: number;
  readonly root: Inode;
  statfs(): StatfsInfo | Errno;
}

/** How open(2) opens; the flags are those of open(2), access already checked. */
export interface OpenRequest {
  readonly flags: number;
  readonly location: Location;
  readonly actor: Actor;
  /** The opening task's own files, for /dev/fd and /dev/tty. */
  readonly task: OpenerContext;
}

export interface OpenerContext {
  readonly files: { get(fd: number): OpenFile | undefined };
}

/** The defaults are those of a read-only file of a file system that the kernel makes up. */
export abstract class Inode {
  abstract readonly fs: FileSystem;
  /** S_IF*. */
  abstract readonly type: number;
  /** Where this was looked up, from the file system's root: "" for it, "a/b" else. */
  abstract readonly path: string;
  /** Fills in every field of `into`. */
  abstract stat(into: Stat): 0 | Errno;
  abstract open(request: OpenRequest): OpenFile | Errno;

  get isDirectory(): boolean {
    return this.type === S_IFDIR;
  }
  get isSymlink(): boolean {
    return this.type === S_IFLNK;
  }
  get isRegular(): boolean {
    return this.type === S_IFREG;
  }

  /** A directory's directory; undefined at the file system's root. */
  get parent(): Inode | undefined {
    return undefined;
  }

  /** `name` is neither empty nor "." nor "..". */
  lookup(_name: string): Inode | Errno {
    return this.isDirectory ? ENOENT : ENOTDIR;
  }

  /**
   * Looks up a path of plain names at once; undefined when the file system cannot: walk it name by name then.
   * Symbolic links other than the last name make it undefined.
   */
  lookupPath(_path: string): Inode | Errno | undefined {
    return undefined;
  }

  /** The target, as bytes decoded by names.ts. `viewer`: who asks, for /proc/self. */
  readlink(_viewer?: Viewer): string | Errno {
    return EINVAL;
  }
  /** /proc's links: where it leads, whatever its text says; undefined: where the text says. */
  followMagic(): Location | Errno | undefined {
    return undefined;
  }

  /** A new regular file, opened. Mode without type, umask applied. */
  create(_name: string, _mode: number, _request: Omit<OpenRequest, "location">): Inode | Errno {
    return EROFS;
  }
  /** mknod(2) of a file system that can; the type is in the mode. */
  mknod(_name: string, _mode: number, _dev: number, _actor: Actor): 0 | Errno {
    return EPERM;
  }
  mkdir(_name: string, _mode: number, _actor: Actor): 0 | Errno {
    return EROFS;
  }
  unlink(_name: string): 0 | Errno {
    return EROFS;
  }
  rmdir(_name: string): 0 | Errno {
    return EROFS;
  }
  /** `newParent` is of the same file system. */
  rename(_name: string, _newParent: Inode, _newName: string, _flags: number): 0 | Errno {
    return EROFS;
  }
  /** Gives `target`, of the same file system, another name. */
  link(_name: string, _target: Inode): 0 | Errno {
    return EPERM;
  }
  symlink(_name: string, _target: string, _actor: Actor): 0 | Errno {
    return EROFS;
  }
  setAttributes(_changes: AttributeChanges): 0 | Errno {
    return EPERM;
  }
  truncate(_size: number): 0 | Errno {
    return EINVAL;
  }
  /** The inode stays in use after the call (working directory, open directory): a file system may track it. */
  retain(): void {}
  release(): void {}
}

/** The type bits of a mode. */
export function typeOf(mode: number): number {
  return mode & S_IFMT;
}
