/** Handles of events, and of other processes. */
import { u64big } from "../kernel/abi/layout.ts";
import {
  DUPLICATE_SAME_ACCESS,
  EVENT_ALL_ACCESS,
  NtCurrentProcess,
  STATUS_SUCCESS,
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

/** A handle of ours, for another process to use. */
export function duplicateHandle(nt: Ntdll, source: Handle, process: Handle): Handle {
  const out = new Uint8Array(8);
  const status = nt.NtDuplicateObject(NtCurrentProcess, source, process, out, 0, 0, DUPLICATE_SAME_ACCESS);
  check("NtDuplicateObject", status);
  return u64big.read(new DataView(out.buffer), 0);
}

/** The same for no more than `access`; undefined where Windows refuses it. */
export function lendHandle(nt: Ntdll, source: Handle, process: Handle, access: number): Handle | undefined {
  const out = new Uint8Array(8);
  const status = nt.NtDuplicateObject(NtCurrentProcess, source, process, out, access, 0, 0);
  return status === STATUS_SUCCESS ? u64big.read(new DataView(out.buffer), 0) : undefined;
}
