/** An end of a pipe as an open file. */
import type { Errno } from "../abi/errno.ts";
import { O_ACCMODE, O_DIRECT, O_RDONLY, O_WRONLY } from "../abi/fcntl.ts";
import { FIONREAD } from "../abi/ioctl.ts";
import { S_IFIFO } from "../abi/stat.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyOut } from "../mm/user_memory.ts";
import type { Result, SyscallResult } from "../syscalls/result.ts";
import { intBytes } from "../syscalls/words.ts";
import type { Task } from "../task/task.ts";
import type { WaitQueue } from "../task/wait.ts";
import type { AnonInode } from "./anon_inode.ts";
import type { AttributeChanges, OpenRequest } from "./inode.ts";
import type { Location } from "./mount.ts";
import { OpenFile } from "./open_file.ts";
import { Pipe } from "./pipe.ts";
import type { Stat } from "./stat.ts";

export abstract class PipeEnd extends OpenFile {
  override readonly type = S_IFIFO;
  readonly pipe: Pipe;
  readonly #reads: boolean;
  readonly #writes: boolean;

  /** `flags` are open(2)'s. */
  constructor(flags: number, pipe: Pipe, location: Location | undefined) {
    super(flags, location);
    this.pipe = pipe;
    this.#reads = (flags & O_ACCMODE) !== O_WRONLY;
    this.#writes = (flags & O_ACCMODE) !== O_RDONLY;
    pipe.addEnd(this.#reads, this.#writes);
  }

  override get waiters(): WaitQueue {
    const { pipe } = this;
    return !this.#writes ? pipe.readQueue : this.#reads ? pipe.bothQueue : pipe.writeQueue;
  }
  override get writesWhole(): boolean {
    return true;
  }
  override get readsAtOnce(): boolean {
    return this.pipe.ring.beginsWithPacket;
  }

  override read(into: Uint8Array<ArrayBuffer>): Result {
    return this.pipe.read(into);
  }
  override write(from: Uint8Array<ArrayBuffer>): Result {
    return this.pipe.write(from, (this.flags & O_DIRECT) !== 0);
  }
  override poll(): number {
    return this.pipe.poll(this.#reads, this.#writes, this.hangsUp);
  }
  override ioctl(task: Task, request: number, argument: UserPtr): SyscallResult {
    if (request === FIONREAD) return copyOut(task, argument, intBytes(this.pipe.ring.bytes));
    return super.ioctl(task, request, argument);
  }
  protected override destroy(): void {
    this.pipe.removeEnd(this.#reads, this.#writes);
  }

  /** Whether the absence of writers is an end: not for who opened a FIFO before the first came. */
  protected get hangsUp(): boolean {
    return true;
  }
}

/** pipe(2)'s ends. */
export class PipeFile extends PipeEnd {
  readonly #inode: AnonInode;

  constructor(flags: number, pipe: Pipe, inode: AnonInode) {
    super(flags, pipe, undefined);
    this.#inode = inode;
  }
  override stat(into: Stat): 0 | Errno {
    return this.#inode.stat(into);
  }
  override setAttributes(changes: AttributeChanges): 0 | Errno {
    return this.#inode.setAttributes(changes);
  }
  override reopen({ flags }: OpenRequest): PipeFile {
    return new PipeFile(flags, this.pipe, this.#inode);
  }
  override get description(): string {
    return `pipe:[${this.#inode.ino}]`;
  }
}

/** Both ends of a new pipe, the reading one first. `flags`: status flags of both. */
export function createPipe(inode: AnonInode, flags: number): readonly [PipeFile, PipeFile] {
  const pipe = new Pipe();
  const reader = new PipeFile(O_RDONLY | flags & ~O_DIRECT, pipe, inode);
  return [reader, new PipeFile(O_WRONLY | flags, pipe, inode)];
}
