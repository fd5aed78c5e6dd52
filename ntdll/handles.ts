/** Handles of events, and of other processes. */
import { u64big } from "../kernel/abi/layout.ts";
import {
  DUPLICATE_SAME_ACCESS,
  EVENT_ALL_ACCESS,
  NtCurrentProcess,
  SynchronizationEvent,
} from "./constants.ts";
import type { Handle } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";

/** An event that lets one waiter through each time it is set. */
export function createEvent(nt: Ntdll): Handle {
  const out = new Uint8Array(8);
  check("NtCreateEvent", nt.NtCreateEvent(out, EVENT_ALL_ACCESS, null, SynchronizationEvent, 0));
  return u64big.read(new DataView(out.buffer), 0);
}

/** A handle of ours, for another process to use; for less than we may, if `access` is given. */
export function duplicateHandle(nt: Ntdll, source: Handle, process: Handle, access?: number): Handle {
  const out = new Uint8Array(8);
  const options = access === undefined ? DUPLICATE_SAME_ACCESS : 0;
  const status = nt.NtDuplicateObject(NtCurrentProcess, source, process, out, access ?? 0, 0, options);
  check("NtDuplicateObject", status);
  return u64big.read(new DataView(out.buffer), 0);
}
