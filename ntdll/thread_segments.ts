/** What a guest has in %fs and %gs, where its trampolines and the gate find it. */
import type { GuestSegments, Segment } from "../kernel/host.ts";
import type { ThreadChannel } from "./channel.ts";
import type { NtContainer } from "./container.ts";
import { FS_SELECTOR_SLOT, GS_SELECTOR_SLOT, OTHER_BASE_SLOT } from "./teb.ts";
import type { TebSlots } from "./teb_slots.ts";

const SELECTOR_SLOT: Readonly<Record<Segment, number>> = { fs: FS_SELECTOR_SLOT, gs: GS_SELECTOR_SLOT };

/** Of their thread. */
export interface Whereabouts {
  /** It waits in the gate with its slots put aside in the channel. */
  readonly halted: boolean;
  /** It stands in guest code: its slots are the guest's. */
  readonly stopped: boolean;
  readonly container: NtContainer;
  readonly channel: ThreadChannel;
}

export class ThreadSegments implements GuestSegments {
  readonly #thread: Whereabouts;
  readonly #slots: TebSlots;
  /** Selectors that an i386 thread is to go on with: only a halted one can take them. */
  readonly #wanted = new Map<Segment, number>();

  constructor(thread: Whereabouts, slots: TebSlots) {
    this.#thread = thread;
    this.#slots = slots;
  }

  /** `store` has something to do. */
  get changed(): boolean {
    return this.#wanted.size > 0;
  }

  setOtherBase(address: number): void {
    this.#slots.write(OTHER_BASE_SLOT, address);
  }

  selector(segment: Segment): number {
    const wanted = this.#wanted.get(segment);
    if (wanted !== undefined) return wanted;
    const { halted, container: { bits }, channel } = this.#thread;
    if (halted && bits === 32) return channel.savedSelector(segment);
    return Number(this.#slots.read(SELECTOR_SLOT[segment]) & 0xffffn);
  }

  setSelector(segment: Segment, selector: number): void {
    const { stopped, container: { bits } } = this.#thread;
    if (bits === 32 && !stopped) this.#wanted.set(segment, selector);
    else this.#slots.write(SELECTOR_SLOT[segment], selector);
  }

  inherit(from: ThreadSegments | undefined): void {
    this.setOtherBase(from === undefined ? 0 : Number(from.#slots.read(OTHER_BASE_SLOT)));
    this.setSelector("fs", from?.selector("fs") ?? 0);
    this.setSelector("gs", from?.selector("gs") ?? 0);
  }

  /** Puts what was set where the halted thread takes it from. */
  store(): void {
    for (const [segment, selector] of this.#wanted) this.#thread.channel.setSavedSelector(segment, selector);
    this.#wanted.clear();
  }
}
