/** Inodes of files without a name: pipes, and what Linux calls anon_inode (eventfd(2), epoll(7)...). */
import { S_IFIFO, S_IFMT } from "../abi/stat.ts";
import type { Timespec } from "../abi/time.ts";
import type { Actor, AttributeChanges } from "./inode.ts";
import type { Stat } from "./stat.ts";

/** st_dev of pipefs, and of anon_inodefs. */
const PIPE_DEV = 14;
const ANON_DEV = 15;

export class AnonInode {
  mode: number;
  uid: number;
  gid: number;
  #atime: Timespec;
  #mtime: Timespec;
  readonly #created: Timespec;

  constructor(readonly dev: number, readonly ino: number, mode: number, owner: Actor, now: Timespec) {
    this.mode = mode;
    this.uid = owner.euid;
    this.gid = owner.egid;
    this.#atime = this.#mtime = this.#created = now;
  }

  stat(into: Stat): 0 {
    into.dev = this.dev;
    into.ino = this.ino;
    into.mode = this.mode;
    into.nlink = 1;
    into.uid = this.uid;
    into.gid = this.gid;
    into.rdev = into.size = into.blocks = 0;
    into.blksize = 4096;
    into.atime = this.#atime.tv_sec;
    into.atimeNsec = this.#atime.tv_nsec;
    into.mtime = this.#mtime.tv_sec;
    into.mtimeNsec = this.#mtime.tv_nsec;
    into.ctime = into.btime = this.#created.tv_sec;
    into.ctimeNsec = into.btimeNsec = this.#created.tv_nsec;
    return 0;
  }

  setAttributes(changes: AttributeChanges): 0 {
    if (changes.mode !== undefined) this.mode = this.mode & S_IFMT | changes.mode;
    this.uid = changes.uid ?? this.uid;
    this.gid = changes.gid ?? this.gid;
    if (changes.atime) this.#atime = { tv_sec: changes.atime[0], tv_nsec: changes.atime[1] };
    if (changes.mtime) this.#mtime = { tv_sec: changes.mtime[0], tv_nsec: changes.mtime[1] };
    return 0;
  }
}

/** The nameless inodes of one kernel. */
export class AnonInodes {
  readonly #now: () => Timespec;
  #lastPipe = 0;

  constructor(now: () => Timespec) {
    this.#now = now;
  }

  pipe(owner: Actor): AnonInode {
    return new AnonInode(PIPE_DEV, ++this.#lastPipe, S_IFIFO | 0o600, owner, this.#now());
  }

  /** All files of these kinds share one inode on Linux, which has no type. */
  anon(owner: Actor): AnonInode {
    return new AnonInode(ANON_DEV, 1, 0o600, owner, this.#now());
  }
}
