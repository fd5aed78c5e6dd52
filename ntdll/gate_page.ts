/**
 * The gate's code in a container: one copy, in the last page of the control section. Rewritten images jump to it, so
 * that a thread which waits in the gate stands on none of its guest's memory, and that memory can be taken away.
 */
import { u32, u64 } from "../kernel/abi/layout.ts";
import { type Bits, PAGE_SIZE } from "../kernel/host.ts";
import { GATE32, GATE32_HALT, GATE64, GATE64_HALT } from "../loader/x86/gate/gate_bytes.ts";
import { PAGE_EXECUTE_READ } from "./constants.ts";
import type { Machine } from "./machine.ts";
import type { Handle } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import type { NtSection } from "./section.ts";
import { CONTROL_ADDRESS, controlPages, STUB_CONTROL } from "./stub_pe.ts";

/** Where in the control section it is. */
export function gateStart(bits: Bits): number {
  return (controlPages(bits) - 1) * PAGE_SIZE;
}

export function gateAddress(bits: Bits): number {
  return CONTROL_ADDRESS[bits] + gateStart(bits);
}

/** Where a thread is sent to halt. */
export function haltAddress(bits: Bits): number {
  return gateAddress(bits) + (bits === 64 ? GATE64_HALT : GATE32_HALT);
}

/** Puts the gate into a control section that is mapped in the process, and makes its page executable. */
export function placeGate(machine: Machine, process: Handle, bits: Bits, control: NtSection): void {
  control.bytes.set(bits === 64 ? GATE64 : GATE32, gateStart(bits));
  STUB_CONTROL.patch(new DataView(control.bytes.buffer), 0, { gate: gateAddress(bits) });
  const status = machine.memory.protect(process, gateAddress(bits), PAGE_SIZE, PAGE_EXECUTE_READ);
  check("NtProtectVirtualMemory", status);
}

/** `jmp *8(%rip)`-like: through a word behind the instruction, or for 32-bit code through the control page. */
export function gateJump(bits: Bits): Uint8Array {
  const code = new Uint8Array(bits === 64 ? 14 : 6);
  const view = new DataView(code.buffer);
  code.set([0xff, 0x25]);
  if (bits === 64) u64.write(view, 6, gateAddress(64));
  else u32.write(view, 2, CONTROL_ADDRESS[32] + STUB_CONTROL.offset.gate);
  return code;
}
