/** An open file description of its own, with its own status flags, for a stream of the host that is opened again. */
import type { Errno } from "../abi/errno.ts";
import type { UserPtr } from "../abi/types.ts";
import type { Result, SyscallResult } from "../syscalls/result.ts";
import type { Task } from "../task/task.ts";
import type { WaitQueue } from "../task/wait.ts";
import { OpenFile } from "./open_file.ts";
import type { Stat } from "./stat.ts";

export class SameFile extends OpenFile {
  override readonly type: number;
  readonly #file: OpenFile;

  constructor(flags: number, file: OpenFile) {
    super(flags, undefined);
    this.type = file.type;
    this.#file = file.retain();
  }
  override get waiters(): WaitQueue {
    return this.#file.waiters;
  }
  override get description(): string {
    return this.#file.description;
  }
  override read(into: Uint8Array<ArrayBuffer>): Result {
    return this.#file.read(into);
  }
  override write(from: Uint8Array<ArrayBuffer>): Result {
    return this.#file.write(from);
  }
  override pread(into: Uint8Array<ArrayBuffer>, offset: number): Result {
    return this.#file.pread(into, offset);
  }
  override pwrite(from: Uint8Array<ArrayBuffer>, offset: number): Result {
    return this.#file.pwrite(from, offset);
  }
  override seek(offset: number, whence: number): Result {
    return this.#file.seek(offset, whence);
  }
  override stat(into: Stat): 0 | Errno {
    return this.#file.stat(into);
  }
  override sync(): 0 | Errno {
    return this.#file.sync();
  }
  override poll(): number {
    return this.#file.poll();
  }
  override prepareToWait(limit: number): void {
    this.#file.prepareToWait(limit);
  }
  override ioctl(task: Task, request: number, argument: UserPtr): SyscallResult {
    return this.#file.ioctl(task, request, argument);
  }
  override reopen({ flags }: { readonly flags: number }): OpenFile {
    return new SameFile(flags, this.#file);
  }
  protected override destroy(): void {
    this.#file.release();
  }
}
