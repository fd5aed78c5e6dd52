/** FIFOs, fifo(7): pipes found by the inode of a name. Linux: fs/pipe.c:fifo_open. */
import { EAGAIN, ENXIO, Errno } from "../abi/errno.ts";
import { O_ACCMODE, O_NONBLOCK, O_RDONLY, O_WRONLY } from "../abi/fcntl.ts";
import type { OpenRequest } from "./inode.ts";
import { Pipe } from "./pipe.ts";
import { PipeEnd } from "./pipe_file.ts";
import { Stat } from "./stat.ts";

/** The pipes of the FIFOs that are open, by inode; file systems that can show the same file share a table. */
export class FifoTable {
  readonly #pipes = new Map<string, Pipe>();

  /** Opens the FIFO at the request's location; `completeOpen` says when the other end is there. */
  open(request: OpenRequest): FifoFile | Errno {
    const { inode } = request.location;
    const stat = new Stat();
    const error = inode.stat(stat);
    if (error !== 0) return error;
    const key = `${stat.dev}:${stat.ino}`;
    const pipe = this.#pipes.get(key) ?? new Pipe();
    const writesOnly = (request.flags & O_ACCMODE) === O_WRONLY;
    if (writesOnly && (request.flags & O_NONBLOCK) !== 0 && pipe.readers === 0) return ENXIO;
    this.#pipes.set(key, pipe);
    return new FifoFile(request, pipe, stat, () => {
      if (pipe.readers + pipe.writers === 0) this.#pipes.delete(key);
    });
  }
}

class FifoFile extends PipeEnd {
  readonly #closed: () => void;
  readonly #stat: Stat;
  readonly #otherOpens: number;
  readonly #alone: boolean;

  constructor(request: OpenRequest, pipe: Pipe, stat: Stat, closed: () => void) {
    super(request.flags, pipe, request.location);
    this.#closed = closed;
    this.#stat = stat;
    const mode = request.flags & O_ACCMODE;
    this.#alone = mode === O_RDONLY ? pipe.writers === 0 : mode === O_WRONLY && pipe.readers === 0;
    this.#otherOpens = this.#opensOfOther;
  }

  /** EAGAIN until the other end has been opened, if only for a moment. */
  override completeOpen(): 0 | Errno {
    return this.#alone && !this.nonblocking && this.#opensOfOther === this.#otherOpens ? EAGAIN : 0;
  }

  protected override get hangsUp(): boolean {
    return !this.#alone || this.#opensOfOther !== this.#otherOpens;
  }

  override stat(into: Stat): 0 {
    if (this.location === undefined || this.location.inode.stat(into) !== 0) {
      Object.assign(into, this.#stat, { nlink: 0 }); // its name is gone
    }
    return 0;
  }

  protected override destroy(): void {
    super.destroy();
    this.#closed();
  }

  get #opensOfOther(): number {
    return (this.flags & O_ACCMODE) === O_WRONLY ? this.pipe.readerOpens : this.pipe.writerOpens;
  }
}
