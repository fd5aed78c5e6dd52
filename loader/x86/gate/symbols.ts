/** The names the gates' sources leave open: offsets of the channel's words and of the thread's slots. */
import * as registers from "../../../kernel/abi/registers.ts";
import type { Bits, ThreadSlots } from "../../../kernel/host.ts";
import { LEAST_LENT } from "../../../kernel/host_files.ts";
import { MAX_RW_COUNT } from "../../../kernel/abi/uio.ts";
import {
  AHEAD_SIZE,
  CallRecord,
  Channel,
  DROPS,
  LentFile,
  MAX_LENT,
  MAY_PUT_OFF,
  MAY_READ,
  MAY_WRITE,
  MOST_AHEAD,
  MOST_PUT_OFF,
  PUT_OFF_SIZE,
  Shared,
  STATE_CALLS,
  STATE_FETCH,
  STATE_POSTED,
  STATE_RESULT,
  STATE_SAVE,
  VAIN_SKIPS,
  WRITTEN,
  XSAVE_AREA,
} from "./channel.ts";

/** Features XSAVE puts aside: x87, SSE, AVX and AVX-512 (Intel SDM 1, 13.1). */
export const XSAVE_MASK = 0xe7;

/**
 * Windows' clock, which every process sees: another number every 16 ms or so (ntddk.h, KUSER_SHARED_DATA:
 * InterruptTime; under Wine 10 never more than 21 ms were seen).
 */
const INTERRUPT_TIME = 0x7ffe_0008;

/** Windows' constant of that name (winnt.h). */
const PAGE_READWRITE = 4;

/** What the x86-64 gate sees to by itself (Linux: arch/x86/entry/syscalls/syscall_64.tbl). */
const SYSTEM_CALLS = { SYS_READ: 0, SYS_WRITE: 1, SYS_BRK: 12, SYS_PREAD64: 17 };

const REGISTER_NAMES = [
  "RAX",
  "RDI",
  "RSI",
  "RDX",
  "R10",
  "R8",
  "R9",
  "RBX",
  "RCX",
  "RBP",
  "RSP",
  "R11",
  "R12",
  "R13",
  "R14",
  "R15",
  "RIP",
  "RFLAGS",
] as const;

/** Assembler symbols for the gate of one mode. */
export function gateSymbols(bits: Bits, slots: ThreadSlots): Readonly<Record<string, number>> {
  const symbols: Record<string, number> = {
    STATE: Channel.offset.state,
    RESTS: Channel.offset.rests,
    GUEST_SLEEPS: Channel.offset.guestSleeps,
    SHARED: Channel.offset.shared,
    INDEX: Channel.offset.index,
    EVENT: Channel.offset.event,
    DOORBELL: Channel.offset.doorbell,
    HOST_STACK: Channel.offset.hostStack,
    NT_SET_EVENT: Channel.offset.ntSetEvent,
    NT_WAIT_FOR_SINGLE_OBJECT: Channel.offset.ntWaitForSingleObject,
    NT_YIELD_EXECUTION: Channel.offset.ntYieldExecution,
    THREAD_POINTER: Channel.offset.threadPointer,
    CANARY: Channel.offset.canary,
    NEW_CANARY: Channel.offset.newCanary,
    SETS_CANARY: Channel.offset.setsCanary,
    CALL_COUNT: Channel.offset.callCount,
    AFTER_CALLS: Channel.offset.afterCalls,
    FETCH_START: Channel.offset.fetchStart,
    FETCH_LINES: Channel.offset.fetchLines,
    LENDS: Channel.offset.lends,
    LENT_FILES: Channel.offset.lentFiles,
    LENT_END: Channel.offset.lentFiles + MAX_LENT * LentFile.size,
    LENT_SIZE: LentFile.size,
    LENT_FD: LentFile.offset.fd,
    LENT_RIGHTS: LentFile.offset.rights,
    LENT_HANDLE: LentFile.offset.handle,
    LENT_POSITION: LentFile.offset.position,
    LEAST_LENT,
    MOST_LENT: MAX_RW_COUNT,
    LENT_FILE: Channel.offset.lentFile,
    LENT_OFFSET: Channel.offset.lentOffset,
    LENT_STATUS: Channel.offset.lentStatus,
    NT_READ_FILE: Channel.offset.ntReadFile,
    NT_WRITE_FILE: Channel.offset.ntWriteFile,
    MAY_READ,
    MAY_WRITE,
    DROPS,
    MAY_PUT_OFF,
    PUT_OFF: Channel.offset.putOff,
    PUT_OFF_FILE: Channel.offset.putOffFile,
    PUT_OFF_SIZE,
    MOST_PUT_OFF,
    WRITTEN,
    AHEAD_AREA: Channel.offset.aheadArea,
    AHEAD_FILE: Channel.offset.aheadFile,
    AHEAD_BUFFER: Channel.offset.aheadBuffer,
    AHEAD_PIECE: Channel.offset.aheadPiece,
    AHEAD_NEXT: Channel.offset.aheadNext,
    AHEAD_LEFT: Channel.offset.aheadLeft,
    AHEAD_TICK: Channel.offset.aheadTick,
    AHEAD_STRETCH: Channel.offset.aheadStretch,
    AHEAD_SKIPS: Channel.offset.aheadSkips,
    AHEAD_VAIN: Channel.offset.aheadVain,
    AHEAD_OFFSET: Channel.offset.aheadOffset,
    AHEAD_WORD: Channel.offset.aheadWord,
    VAIN_SKIPS,
    AHEAD_SIZE,
    MOST_AHEAD,
    INTERRUPT_TIME,
    HEAP_END: Channel.offset.heapEnd,
    HEAP_LIMIT: Channel.offset.heapLimit,
    HEAP_PAGES: Channel.offset.heapPages,
    NT_PROTECT_VIRTUAL_MEMORY: Channel.offset.ntProtectVirtualMemory,
    PAGE_READWRITE,
    ...SYSTEM_CALLS,
    CALL_DATA: Channel.offset.callData,
    CALL_RECORDS: Channel.offset.callRecords,
    CALL_SIZE: CallRecord.size,
    XSAVE_AREA: XSAVE_AREA[bits],
    XSAVE_MASK,
    SUMMARY: Shared.offset.summary,
    KERNEL_SLEEPS: Shared.offset.kernelSleeps,
    GUEST_SPINS: Shared.offset.guestSpins,
    GUEST_YIELDS: Shared.offset.guestYields,
    GUEST_PAUSES: Shared.offset.guestPauses,
    PENDING: Shared.offset.pending,
    POSTED: STATE_POSTED,
    RESULT: STATE_RESULT,
    CALLS: STATE_CALLS,
    FETCH: STATE_FETCH,
    SAVE: STATE_SAVE,
    HALTED: Channel.offset.halted,
    SAVED_SPILL: Channel.offset.savedSpill,
    SAVED_FS: Channel.offset.savedFs,
    SAVED_GS: Channel.offset.savedGs,
    CHANNEL_SLOT: slots.channel,
    SPILL_SLOT: slots.spill,
    THREAD_POINTER_SLOT: slots.threadPointer,
    CANARY_SLOT: slots.canary,
  };
  if (bits === 32) {
    symbols["RETURN_SLOT"] = slots.gateReturn;
    symbols["FS_SELECTOR_SLOT"] = slots.fsSelector;
    symbols["GS_SELECTOR_SLOT"] = slots.gsSelector;
  }
  for (const name of REGISTER_NAMES) symbols[`C_${name}`] = Channel.offset.registers + registers[name] * 8;
  return symbols;
}
