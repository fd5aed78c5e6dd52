/** The words by which the gate moves the end of a guest's heap: see kernel/mm/lent_heap.ts. */
import { u64 } from "../kernel/abi/layout.ts";
import { type HeapLoan, PAGE_SIZE } from "../kernel/host.ts";
import { Channel, LENDS_HEAP } from "../loader/x86/gate/channel.ts";
import { setLends } from "./lends.ts";

export class LentHeap implements HeapLoan {
  readonly #view: DataView<ArrayBuffer>;

  /** Over the channel of a thread that waits for its system call. */
  constructor(view: DataView<ArrayBuffer>, end: number, limit: number) {
    this.#view = view;
    const pages = Math.ceil(end / PAGE_SIZE) * PAGE_SIZE;
    Channel.patch(view, 0, { heapEnd: end, heapPages: pages, heapLimit: limit });
    setLends(view, LENDS_HEAP, true);
  }

  get end(): number {
    return u64.read(this.#view, Channel.offset.heapEnd);
  }
  get pages(): number {
    return u64.read(this.#view, Channel.offset.heapPages);
  }

  stop(): void {
    u64.write(this.#view, Channel.offset.heapLimit, 0);
    setLends(this.#view, LENDS_HEAP, false);
  }
}
