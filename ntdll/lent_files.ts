/**
 * Files that the kernel has lent to a thread: the gate reads and writes large pieces of them with a handle of the
 * container's. That costs no way to the kernel and back, and the bytes never lie in another processor's cache. A thread
 * that reads one piece like the other reads ahead, too, as far as that cannot be told from reading each when it is
 * asked for: the rule is that of the kernel's own reading ahead (stretch.ts), but for changes by other programs of
 * Windows, which it sees with the next tick of Windows' clock at the latest. In the same way it writes several pieces
 * at once to a file that has no name and that no other guest has; a program of Windows that had opened it sees them late.
 */
import { EIO, type Errno } from "../kernel/abi/errno.ts";
import { u32, u64 } from "../kernel/abi/layout.ts";
import type { FileLoan } from "../kernel/host_files.ts";
import {
  Channel,
  DROPS,
  LENDS_FILES,
  LentFile,
  MAX_LENT,
  MAY_PUT_OFF,
  MAY_WRITE,
  PUT_OFF_SIZE,
  Shared,
} from "../loader/x86/gate/channel.ts";
import type { NtContainer } from "./container.ts";
import { setLends } from "./lends.ts";
import type { Handle } from "./memory_calls.ts";

/** The low half tells: it is the address of one of a few places in a channel. */
const LENT_FILE = Channel.offset.lentFile / 4;
/** Milliseconds. */
const LONGEST_WAIT = 1000;

type Lender = Pick<NtContainer, "closeLater" | "aheadBytes" | "sharedAddress">;

/** What is lent: by which descriptor, with MAY_READ and MAY_WRITE or DROPS, and from where on. */
export interface LoanRequest {
  readonly fd: number;
  readonly rights: number;
  readonly position: number;
  /** Given where writes may be put off: writes what the thread has not written itself when the loan ends. */
  putDown?(bytes: Uint8Array<ArrayBuffer>, offset: number): 0 | Errno;
  /** Called when the loan has ended. */
  ended?(): void;
}

export class LentFiles {
  readonly #view: DataView<ArrayBuffer>;
  readonly #container: Lender;
  readonly #loans = new Array<Loan | undefined>(MAX_LENT).fill(undefined);
  readonly #words: Int32Array;
  readonly #yield: () => void;
  /** How many of them the thread may write to. */
  #writable = 0;

  /** `yieldExecution` lets other threads run. */
  constructor(
    view: DataView<ArrayBuffer>,
    container: Lender,
    yieldExecution: () => void,
  ) {
    this.#view = view;
    this.#words = new Int32Array(view.buffer, view.byteOffset, Channel.size / 4);
    this.#container = container;
    this.#yield = yieldExecution;
    this.#watch(Shared.offset.stretch);
  }

  get full(): boolean {
    return !this.#loans.includes(undefined);
  }

  /** Takes over a handle of the container's. The thread is not on its way through the gate. */
  add(handle: Handle, request: LoanRequest): FileLoan {
    return this.#add(request, handle);
  }

  /** By that descriptor the thread writes to nowhere. */
  addDropping(fd: number, ended: () => void): FileLoan {
    return this.#add({ fd, rights: DROPS, position: 0, ended });
  }

  #add(request: LoanRequest, handle?: Handle): FileLoan {
    const { fd, position, putDown } = request;
    const hasRoom = u64.read(this.#view, Channel.offset.aheadArea) !== 0;
    const rights = putDown !== undefined && hasRoom ? request.rights | MAY_PUT_OFF : request.rights;
    const slot = this.#loans.indexOf(undefined);
    if (slot < 0) throw new RangeError("Cannot lend a thread more files");
    const place = Channel.offset.lentFiles + slot * LentFile.size;
    const view = new DataView(this.#view.buffer, this.#view.byteOffset + place, LentFile.size);
    LentFile.patch(view, 0, { fd, rights, handle: Number(handle ?? 0), position });
    Channel.patch(this.#view, 0, { aheadFile: 0 });
    setLends(this.#view, LENDS_FILES, true);
    const writes = (rights & MAY_WRITE) !== 0;
    if (writes && this.#writable++ === 0) this.#watch(Shared.offset.writerStretch);
    const loan = new Loan(view, {
      owes: () => this.#owes(place),
      revoke: () => {
        Atomics.store(this.#words, (place + LentFile.offset.rights) / 4, 0);
        this.#awaitThread();
        return putDown !== undefined && this.#owes(place) ? this.#putDown(putDown) : 0;
      },
      ended: () => {
        LentFile.patch(view, 0, { fd: 0, rights: 0, handle: 0, position: 0 });
        this.#loans[slot] = undefined;
        if (writes && --this.#writable === 0) this.#watch(Shared.offset.stretch);
        if (this.#loans.every((other) => other === undefined)) {
          setLends(this.#view, LENDS_FILES, false);
          this.#cleanAhead();
        }
        if (handle !== undefined) this.#container.closeLater(handle);
        request.ended?.();
      },
    });
    return this.#loans[slot] = loan;
  }

  /** Whether the thread has put off writes to the file in that place of its channel. */
  #owes(place: number): boolean {
    if (u32.read(this.#view, Channel.offset.putOff) === 0) return false;
    return u32.read(this.#view, Channel.offset.putOffFile) === place;
  }

  /** Writes them. A guest may have put anything into the words that tell of them. */
  #putDown(write: NonNullable<LoanRequest["putDown"]>): 0 | Errno {
    const size = u32.read(this.#view, Channel.offset.putOff);
    const offset = u64.read(this.#view, Channel.offset.aheadOffset) - size;
    Channel.patch(this.#view, 0, { putOff: 0, aheadFile: 0 });
    if (size > PUT_OFF_SIZE || !Number.isSafeInteger(offset) || offset < 0) return EIO;
    return write(this.#container.aheadBytes.subarray(0, size), offset);
  }

  /** Ends all loans of a thread that runs no guest code any more. */
  takeBack(): void {
    Atomics.store(this.#words, LENT_FILE, 0); // it may have been ended in the middle
    for (const loan of this.#loans) loan?.end();
    Channel.patch(this.#view, 0, { putOff: 0 }); // a guest may have written something there itself
  }

  /** The thread was stopped, and may go on after calls that did not come through the gate. */
  forgetLast(): void {
    Channel.patch(this.#view, 0, { aheadFile: 0 });
  }

  /** Where the thread sees which stretch it is. */
  #watch(word: number): void {
    Channel.patch(this.#view, 0, { aheadFile: 0, aheadWord: this.#container.sharedAddress + word });
  }

  /** What the thread has read ahead is nobody else's to see. */
  #cleanAhead(): void {
    if (u64.read(this.#view, Channel.offset.aheadNext) === 0) return;
    u64.write(this.#view, Channel.offset.aheadNext, 0);
    this.#container.aheadBytes.fill(0);
  }

  /** Waits until the thread reads and writes nothing that it was lent, which is soon unless somebody has stopped it. */
  #awaitThread(): void {
    if (Atomics.load(this.#words, LENT_FILE) === 0) return;
    const end = performance.now() + LONGEST_WAIT;
    while (Atomics.load(this.#words, LENT_FILE) !== 0 && performance.now() < end) this.#yield();
  }
}

/** What a loan asks of its lender. */
interface Lending {
  owes(): boolean;
  /** After this the thread changes nothing any more; what it has put off is written. */
  revoke(): 0 | Errno;
  ended(): void;
}

class Loan implements FileLoan {
  /** Undefined once it has ended: the memory may be gone then. */
  #view: DataView<ArrayBuffer> | undefined;
  #position = 0;
  #failure: 0 | Errno = 0;
  readonly #lending: Lending;

  constructor(view: DataView<ArrayBuffer>, lending: Lending) {
    this.#view = view;
    this.#lending = lending;
  }

  get position(): number {
    return this.#view === undefined ? this.#position : u64.read(this.#view, LentFile.offset.position);
  }
  set position(position: number) {
    this.#position = position;
    if (this.#view !== undefined) u64.write(this.#view, LentFile.offset.position, position);
  }

  get owes(): boolean {
    return this.#view !== undefined && this.#lending.owes();
  }

  end(): 0 | Errno {
    if (this.#view === undefined) return this.#failure;
    this.#failure = this.#lending.revoke();
    this.#position = this.position;
    this.#view = undefined;
    this.#lending.ended();
    return this.#failure;
  }
}
