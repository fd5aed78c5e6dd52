/** The TLS slots of a thread's environment block that are ours (teb.ts), while nobody runs in it that could. */
import { u32, u64, u64big } from "../kernel/abi/layout.ts";
import type { NtContainer } from "./container.ts";
import { tlsSlotOffset } from "./teb.ts";

/** Each access is a call of Windows', which under Wine takes long: not for every signal. */
export class TebSlots {
  readonly #container: NtContainer;
  readonly #teb: number;

  constructor(container: NtContainer, teb: number) {
    this.#container = container;
    this.#teb = teb;
  }

  /** A word of the container's, unsigned. */
  read(slot: number): bigint {
    const { bits } = this.#container;
    const raw = this.#container.readHostMemory(this.#addressOf(slot), bits / 8);
    const view = new DataView(raw.buffer);
    return bits === 64 ? u64big.read(view, 0) : BigInt(u32.read(view, 0));
  }

  write(slot: number, value: number): void {
    const { bits } = this.#container;
    const word = new Uint8Array(bits / 8);
    (bits === 64 ? u64 : u32).write(new DataView(word.buffer), 0, value);
    this.writeBytes(slot, word);
  }

  /** The first bytes of `word`, as many as the slot has. */
  writeBytes(slot: number, word: Uint8Array): void {
    this.#container.writeHostMemory(this.#addressOf(slot), word.slice(0, this.#container.bits / 8));
  }

  #addressOf(slot: number): number {
    return this.#teb + tlsSlotOffset(this.#container.bits, slot);
  }
}
