/** An open directory whose inode knows what is in it: those that the kernel itself keeps or makes up. */
import type { Errno } from "../abi/errno.ts";
import { S_IFDIR } from "../abi/stat.ts";
import type { OpenRequest } from "./inode.ts";
import { DirectoryFile, type DirEntry } from "./open_file.ts";
import type { Stat } from "./stat.ts";

/** What of a directory's inode is needed to list it. */
export interface ListedDirectory {
  readonly ino: number;
  readonly directory: { readonly ino: number } | undefined;
  stat(into: Stat): 0 | Errno;
  /** What is in it, without the two entries that every directory has. */
  entries(): Iterable<DirEntry>;
}

export class ListedDirectoryFile extends DirectoryFile {
  override readonly type = S_IFDIR;
  readonly #inode: ListedDirectory;

  constructor(request: OpenRequest, inode: ListedDirectory) {
    super(request.flags, request.location);
    this.#inode = inode;
  }
  override stat(into: Stat): 0 | Errno {
    return this.#inode.stat(into);
  }
  protected override listEntries(): DirEntry[] {
    const { ino, directory } = this.#inode;
    return [
      { name: ".", type: S_IFDIR, ino },
      { name: "..", type: S_IFDIR, ino: directory?.ino ?? ino },
      ...this.#inode.entries(),
    ];
  }
}
