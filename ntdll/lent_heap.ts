/** The words by which the gate moves the end of a guest's heap: see kernel/mm/lent_heap.ts. */
import { u64 } from "../kernel/abi/layout.ts";
import { type HeapLoan, PAGE_SIZE } from "../kernel/host.ts";
import { Channel, LENDS_HEAP } from "../loader/x86/gate/channel.ts";
import { setLends } from "./lends.ts";

export class LentHeap implements HeapLoan {
  /** Undefined once the thread has ended: the memory may be gone then. */
  #view: DataView<ArrayBuffer> | undefined;
  #end = 0;
  #pages = 0;

  /** Over the channel of a thread that waits for its system call. */
  constructor(view: DataView<ArrayBuffer>, end: number, limit: number) {
    this.#view = view;
    const pages = Math.ceil(end / PAGE_SIZE) * PAGE_SIZE;
    Channel.patch(view, 0, { heapEnd: end, heapPages: pages, heapLimit: limit });
    setLends(view, LENDS_HEAP, true);
  }

  get end(): number {
    return this.#view === undefined ? this.#end : u64.read(this.#view, Channel.offset.heapEnd);
  }
  get pages(): number {
    return this.#view === undefined ? this.#pages : u64.read(this.#view, Channel.offset.heapPages);
  }

  stop(): void {
    if (this.#view === undefined) return;
    u64.write(this.#view, Channel.offset.heapLimit, 0);
    setLends(this.#view, LENDS_HEAP, false);
  }

  /** The thread has ended: what it has done stays. */
  forget(): void {
    this.#end = this.end;
    this.#pages = this.pages;
    this.#view = undefined;
  }
}
