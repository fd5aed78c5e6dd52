/**
 * The debug object: faults, thread ends and process ends of every container arrive here. An event stops all threads
 * of its process until it is continued (WINDOWS.md, fact 2), and is always continued with DBG_CONTINUE: a fault handed
 * on to the process would overwrite the guest's red zone (fact 3).
 */
import { u64, u64big } from "../kernel/abi/layout.ts";
import { DBG_CONTINUE, DEBUG_ALL_ACCESS, DEBUG_KILL_ON_CLOSE, STATUS_TIMEOUT } from "./constants.ts";
import { CLIENT_ID, DBGUI_WAIT_STATE_CHANGE } from "./layouts.ts";
import type { Handle } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";

/** The event that was read last; valid until the next `next`. */
export class DebugObject {
  readonly handle: Handle;
  readonly #nt: Ntdll;
  readonly #event = new Uint8Array(DBGUI_WAIT_STATE_CHANGE.size);
  readonly #view = new DataView(this.#event.buffer);
  readonly #clientId = this.#event.subarray(
    DBGUI_WAIT_STATE_CHANGE.offset.AppClientId,
    DBGUI_WAIT_STATE_CHANGE.offset.AppClientId + CLIENT_ID.size,
  );
  readonly #timeout = new Uint8Array(8);
  readonly #timeoutView = new DataView(this.#timeout.buffer);
  /** The part of the event that depends on its state. */
  readonly info = this.#event.subarray(DBGUI_WAIT_STATE_CHANGE.offset.StateInfo);

  constructor(nt: Ntdll) {
    this.#nt = nt;
    const out = new Uint8Array(8);
    check("NtCreateDebugObject", nt.NtCreateDebugObject(out, DEBUG_ALL_ACCESS, null, DEBUG_KILL_ON_CLOSE));
    this.handle = u64big.read(new DataView(out.buffer), 0);
  }

  /** No break-in thread and no loader events: the process is parked already. */
  attach(process: Handle): void {
    check("NtDebugActiveProcess", this.#nt.NtDebugActiveProcess(process, this.handle));
  }

  /**
   * Reads the next event, waiting at most `timeout` milliseconds (Infinity: for ever) with the JS thread blocked.
   * Returns its DBG_STATE, or 0 when there was none.
   */
  next(timeout: number): number {
    u64.write(this.#timeoutView, 0, timeout === Infinity ? LONGEST : -Math.ceil(timeout * 10_000));
    const status = this.#nt.NtWaitForDebugEvent(this.handle, 0, this.#timeout, this.#event);
    check("NtWaitForDebugEvent", status);
    if (status === STATUS_TIMEOUT) return 0;
    return this.#view.getUint32(DBGUI_WAIT_STATE_CHANGE.offset.NewState, true);
  }

  get processId(): number {
    return this.#view.getUint32(DBGUI_WAIT_STATE_CHANGE.offset.AppClientId, true);
  }

  get threadId(): number {
    const at = DBGUI_WAIT_STATE_CHANGE.offset.AppClientId + CLIENT_ID.offset.UniqueThread;
    return this.#view.getUint32(at, true);
  }

  /** Lets the process of the last event go on. */
  continue(): void {
    check("NtDebugContinue", this.#nt.NtDebugContinue(this.handle, this.#clientId, DBG_CONTINUE));
  }
}

/** 100 ns units; about 28 years, which a double holds exactly. */
const LONGEST = -(2 ** 53);
