/**
 * The TLS slots of the thread environment block that guest code uses: Windows reserves 64 words there for TlsAlloc,
 * and nothing in a container calls TlsAlloc, so the last ones are free (DESIGN.md, "TLS").
 */
import type { Bits, ThreadSlots } from "../kernel/host.ts";

/** Slot numbers. */
export const CHANNEL_SLOT = 61;
export const THREAD_POINTER_SLOT = 62;
export const SPILL_SLOT = 63;
export const SECOND_SPILL_SLOT = 60;
export const GATE_RETURN_SLOT = 59;
export const OTHER_BASE_SLOT = 58;
export const FS_SELECTOR_SLOT = 57;
export const GS_SELECTOR_SLOT = 56;
export const CANARY_SLOT = 55;

/** Offset of a slot in the 64-bit TEB (`%gs:`) or the 32-bit one (`%fs:`). */
export function tlsSlotOffset(bits: Bits, slot: number): number {
  return bits === 64 ? 0x1480 + 8 * slot : 0xe10 + 4 * slot;
}

export function threadSlots(bits: Bits): ThreadSlots {
  return {
    threadPointer: tlsSlotOffset(bits, THREAD_POINTER_SLOT),
    spill: tlsSlotOffset(bits, SPILL_SLOT),
    secondSpill: tlsSlotOffset(bits, SECOND_SPILL_SLOT),
    channel: tlsSlotOffset(bits, CHANNEL_SLOT),
    gateReturn: tlsSlotOffset(bits, GATE_RETURN_SLOT),
    otherBase: tlsSlotOffset(bits, OTHER_BASE_SLOT),
    fsSelector: tlsSlotOffset(bits, FS_SELECTOR_SLOT),
    gsSelector: tlsSlotOffset(bits, GS_SELECTOR_SLOT),
    canary: tlsSlotOffset(bits, CANARY_SLOT),
  };
}
