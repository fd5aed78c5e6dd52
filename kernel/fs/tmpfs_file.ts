/** An open regular file of a tmpfs. */
import { EINVAL, EPERM, Errno } from "../abi/errno.ts";
import { F_SEAL_FUTURE_WRITE, F_SEAL_GROW, F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_WRITE } from "../abi/seal.ts";
import { S_IFREG } from "../abi/stat.ts";
import type { PageStore, SharedPages } from "../mm/shared_pages.ts";
import type { Result } from "../syscalls/result.ts";
import type { AttributeChanges, OpenRequest } from "./inode.ts";
import type { Location } from "./mount.ts";
import { OpenFile, seekWithin } from "./open_file.ts";
import type { Stat } from "./stat.ts";
import type { TmpfsInode } from "./tmpfs.ts";

const ALL_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;

export class TmpfsFile extends OpenFile {
  override readonly type = S_IFREG;
  readonly #inode: TmpfsInode;
  readonly #description: string;

  /** `description`: what a file without a name is called. */
  constructor(flags: number, location: Location | undefined, inode: TmpfsInode, description = "") {
    super(flags, location);
    this.#inode = inode;
    this.#description = description;
    inode.opens++;
  }
  protected override destroy(): void {
    this.#inode.opens--;
  }

  override get description(): string {
    return this.#description;
  }
  override reopen(request: OpenRequest): OpenFile {
    return new TmpfsFile(request.flags, undefined, this.#inode, this.#description);
  }

  override read(into: Uint8Array<ArrayBuffer>): Result {
    const count = this.pread(into, this.position);
    if (typeof count === "number") this.position += count;
    return count;
  }
  override pread(into: Uint8Array<ArrayBuffer>, offset: number): Result {
    const count = this.#inode.bytes.pread(into, offset);
    this.#inode.pages?.overlay(into.subarray(0, count), offset);
    return count;
  }
  override write(from: Uint8Array<ArrayBuffer>): Result {
    if (this.append) this.position = this.#inode.bytes.size();
    const count = this.#writeAt(from, this.position);
    if (typeof count === "number") this.position += count;
    return count;
  }
  /** Linux appends whatever the offset says (pwrite(2), BUGS). */
  override pwrite(from: Uint8Array<ArrayBuffer>, offset: number): Result {
    return this.#writeAt(from, this.append ? this.#inode.bytes.size() : offset);
  }

  override seek(offset: number, whence: number): Result {
    return seekWithin(this, offset, whence, this.#inode.bytes.size());
  }
  override stat(into: Stat): 0 {
    return this.#inode.stat(into);
  }
  override setAttributes(changes: AttributeChanges): 0 {
    return this.#inode.setAttributes(changes);
  }
  override truncate(size: number): 0 | Errno {
    const old = this.#inode.bytes.size(), held = this.seals;
    if (size < old && (held & F_SEAL_SHRINK) !== 0 || size > old && (held & F_SEAL_GROW) !== 0) return EPERM;
    return this.#inode.truncate(size);
  }
  override sync(): 0 {
    return 0;
  }

  override sharedPages(): SharedPages {
    return this.#inode.sharedPages();
  }
  override get store(): PageStore {
    return this.#inode.bytes;
  }

  /** F_GET_SEALS. */
  get seals(): number {
    return this.#inode.seals;
  }
  /** What memfd_create(2) begins with: 0, or F_SEAL_SEAL. */
  startSeals(first: number): void {
    this.#inode.seals = first;
  }
  /** F_ADD_SEALS: EPERM when they are sealed themselves, or the file is not open for writing. */
  addSeals(more: number): 0 | Errno {
    const held = this.seals;
    if (!this.writable || (held & F_SEAL_SEAL) !== 0) return EPERM;
    if ((more & ~ALL_SEALS) !== 0) return EINVAL;
    this.#inode.seals = held | more;
    return 0;
  }

  #writeAt(from: Uint8Array<ArrayBuffer>, offset: number): Result {
    const inode = this.#inode, held = this.seals;
    if ((held & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) !== 0) return EPERM;
    if ((held & F_SEAL_GROW) !== 0 && offset + from.length > inode.bytes.size()) return EPERM;
    const count = inode.account(() => inode.bytes.pwrite(from, offset));
    if (typeof count === "number") {
      inode.pages?.wrote(from.subarray(0, count), offset);
      inode.mtime = inode.fs.now();
    }
    return count;
  }
}
