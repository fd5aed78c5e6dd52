/** Waiting for guests: for the gate's doorbell, the debug object, and the kernel's own call to look again. */
import { u64, u64big } from "../kernel/abi/layout.ts";
import { EVENT_ALL_ACCESS, SynchronizationEvent, WaitAny } from "./constants.ts";
import type { Machine } from "./machine.ts";
import type { Handle } from "./memory_calls.ts";
import { check } from "./nt_error.ts";

export class Doorbell {
  readonly #machine: Machine;
  /** Ends a wait of either kind. */
  readonly interruption: Handle;
  readonly #handles: Uint8Array<ArrayBuffer>;
  readonly #interval = new Uint8Array(8);
  #waiting = false;

  constructor(machine: Machine) {
    this.#machine = machine;
    const out = new Uint8Array(8);
    check("NtCreateEvent", machine.nt.NtCreateEvent(out, EVENT_ALL_ACCESS, null, SynchronizationEvent, 0));
    this.interruption = u64big.read(new DataView(out.buffer), 0);
    const handles = [machine.gate.doorbell, machine.debug.handle, this.interruption];
    this.#handles = new Uint8Array(new BigUint64Array(handles).buffer);
  }

  /** Ends a wait that is under way as a promise. */
  interrupt(): void {
    if (this.#waiting) check("NtSetEvent", this.#machine.nt.NtSetEvent(this.interruption, null));
  }

  /** Blocks the JS thread until one of the three is there, or for `timeout` milliseconds. */
  waitBlocking(timeout: number): WakeCause {
    this.#setInterval(timeout);
    const { nt } = this.#machine;
    return causeOf(nt.NtWaitForMultipleObjects(HANDLES, this.#handles, WaitAny, 0, this.#interval));
  }

  /** The same on a thread of Deno's, while the JS thread serves Deno's own events. */
  async wait(timeout: number): Promise<WakeCause> {
    this.#setInterval(timeout);
    this.#waiting = true;
    const { waits } = this.#machine;
    const status = await waits.nt.NtWaitForMultipleObjects(
      HANDLES,
      this.#handles,
      WaitAny,
      0,
      this.#interval,
    );
    this.#waiting = false;
    return causeOf(status);
  }

  /** 100 ns units, negative for an interval; Infinity is as long as a double holds exactly, some 28 years. */
  #setInterval(timeout: number): void {
    const units = timeout === Infinity ? 2 ** 53 : Math.ceil(timeout * 10_000);
    u64.write(new DataView(this.#interval.buffer), 0, -units);
  }
}

const HANDLES = 3;

/** Why a wait ended; of several reasons the first. */
export type WakeCause = "doorbell" | "debug" | "other";

/** STATUS_WAIT_0 and on is the handle's place in the list. */
function causeOf(status: number): WakeCause {
  check("NtWaitForMultipleObjects", status);
  return status === 0 ? "doorbell" : status === 1 ? "debug" : "other";
}
