/**
 * The page that a guest thread shares with the kernel, and the page that all threads share: what the gate
 * (gate64.s, gate32.s) and the kernel agree on. Slots are 8 bytes in both modes.
 *
 * What a system call needs lies in one cache line, which goes to the kernel and back.
 */
import { array, bytes, pad, struct, u32, u64 } from "../../../kernel/abi/layout.ts";
import { GATE_STATE, REGISTER_SLOTS } from "../../../kernel/abi/registers.ts";

/** Values of `state`. */
export const STATE_IDLE = 0;
/** The guest waits for an answer. */
export const STATE_POSTED = 1;
/** Answer: go on, only the result register changed. */
export const STATE_RESULT = 2;
/** Answer: go on with every register as it is in the channel. */
export const STATE_ALL = 3;
/** Answer: call the functions of the call records, then take `afterCalls` for the state. */
export const STATE_CALLS = 4;
/** Answer: put the vector and x87 state into `xsaveArea` and post again, halted. */
export const STATE_SAVE = 5;
/** Answer: as STATE_RESULT, and the guest will read `fetchLines` cache lines from `fetchStart` on. */
export const STATE_FETCH = 6;

export const MAX_CALLS = 6;
export const CALL_ARGUMENTS = 10;

/** One Windows function for the guest's thread to call. */
export const CallRecord = struct("call record", 96, {
  function: u64,
  arguments: array(u64, CALL_ARGUMENTS),
  /** NTSTATUS, written by the guest. */
  status: u64,
});

/** Files that a thread may have at once to read and write by itself. */
export const MAX_LENT = 4;

/** Bits of `lends`. */
export const LENDS_FILES = 1;
export const LENDS_HEAP = 2;

/** Rights to a lent file, as bits. DROPS is alone: write(2) takes everything, and nobody looks at it. */
export const MAY_READ = 1;
export const MAY_WRITE = 2;
export const DROPS = 4;
/** No other guest sees what is in the file, and it has no name: several pieces may be written at once. */
export const MAY_PUT_OFF = 8;

/** A file that the kernel has lent to a thread, by one of its descriptors. */
export const LentFile = struct("lent file", 24, {
  fd: u32,
  rights: u32,
  /** The container's handle; 0: none. */
  handle: u64,
  /** The guest moves it. */
  position: u64,
});

/** Bytes that a thread reads ahead of a lent file at most, else 16 pieces, and the largest piece that is worth it. */
export const AHEAD_SIZE = 0x4_0000;
export const MOST_AHEAD = AHEAD_SIZE / 4;
/** Reads without reading ahead after all of it but a piece was in vain. */
export const VAIN_SKIPS = 16;

/** Bytes of writes that are put off at most, and the largest piece that is worth it. */
export const PUT_OFF_SIZE = 0x1_0000;
export const MOST_PUT_OFF = PUT_OFF_SIZE / 4;
/** Added to `aheadFile`: the last call was a write. */
export const WRITTEN = 1;

/** What the calls' pointers lead to: three words for each. */
export const CALL_DATA_SIZE = 24;

export const CACHE_LINE = 64;

/** Where in its page a channel begins: so that the slots that system calls need share a cache line. */
export const CHANNEL_START = { 64: 0, 32: CACHE_LINE - GATE_STATE * 8 } as const;

/** Where in a channel the vector and x87 state lies: at a multiple of 64 in memory (Intel SDM 1, 13.4). */
export const XSAVE_AREA = { 64: 1280, 32: 1280 + CACHE_LINE - CHANNEL_START[32] } as const;

export const Channel = struct("channel", 4096 - CACHE_LINE, {
  /** In the order of kernel/abi/registers.ts, with these two words in the slot GATE_STATE. */
  registers: bytes(GATE_STATE * 8),
  state: u32,
  /** Set by the guest before it sleeps. */
  guestSleeps: u32,
  _registers: bytes((REGISTER_SLOTS - GATE_STATE - 1) * 8),
  _pad0: pad(192 - REGISTER_SLOTS * 8),
  /** Constants, set by the kernel before the thread runs. Addresses are the container's. */
  shared: u64,
  index: u32,
  /**
   * Not 0: the guest's vector and x87 state is in `xsaveArea`, and the kernel's to change. Set by the guest, or by the
   * kernel while the guest sleeps; cleared by the guest when it goes on.
   */
  halted: u32,
  event: u64,
  doorbell: u64,
  hostStack: u64,
  ntSetEvent: u64,
  ntWaitForSingleObject: u64,
  /** With STATE_ALL the guest puts it into its slot. */
  threadPointer: u64,
  ntYieldExecution: u64,
  /** Stored when the thread halts or waits in a function of Windows. */
  canary: u64,
  newCanary: u64,
  /** Not 0: with STATE_ALL the guest puts `newCanary` into its slot, and clears this. */
  setsCanary: u32,
  /** Not 0: the answer will not come soon, and the guest need not look for it. Set and cleared by the kernel. */
  rests: u32,
  callCount: u32,
  afterCalls: u32,
  fetchStart: u64,
  fetchLines: u32,
  /** What the kernel has lent the thread: LENDS_FILES, LENDS_HEAP. */
  lends: u32,
  callRecords: bytes(MAX_CALLS * CallRecord.size),
  callData: bytes(MAX_CALLS * CALL_DATA_SIZE),
  /** The thread's slots as `xsaveArea`: valid and the kernel's to change while `halted` is not 0. */
  savedSpill: u64,
  /** i386 only, as the next one. */
  savedFs: u32,
  savedGs: u32,
  /** Not 0: the thread is reading or writing this lent file. This and the next two are the guest's own. */
  lentFile: u64,
  lentOffset: u64,
  /** IO_STATUS_BLOCK. */
  lentStatus: bytes(16),
  ntReadFile: u64,
  /** After ntReadFile. */
  ntWriteFile: u64,
  lentFiles: bytes(MAX_LENT * LentFile.size),
  /** Constant: where the thread may read ahead to, or keep what it writes; 0: nowhere. */
  aheadArea: u64,
  /**
   * The guest's own: the lent file, the buffer and the size of its last read, or of its last write, if it has called
   * nothing else since. Of what was read ahead then the next byte's address, and how many are left; and what tells
   * that it is still right: Windows' clock, and the stretch.
   */
  aheadFile: u64,
  aheadBuffer: u64,
  aheadPiece: u64,
  aheadNext: u64,
  aheadLeft: u64,
  aheadTick: u32,
  aheadStretch: u32,
  /** For so many reads more nothing is read ahead. */
  aheadSkips: u32,
  /** With as many left it was in vain. */
  aheadVain: u32,
  /** The file's byte that was to be read or written next. */
  aheadOffset: u64,
  /** Where the thread sees which stretch it is: in the shared page. */
  aheadWord: u64,
  /** So many bytes before `aheadOffset` lie in `aheadArea` still, and are to be written to the lent file at `putOffFile`. */
  putOff: u32,
  /** An offset in the channel. */
  putOffFile: u32,
  _pad3: pad(
    XSAVE_AREA[64] - 464 - MAX_LENT * LentFile.size - MAX_CALLS * (CallRecord.size + CALL_DATA_SIZE),
  ),
  xsaveArea: bytes(4096 - CACHE_LINE - XSAVE_AREA[64] - 4 * 8),
  /** The heap's end, which the guest moves, while it stays below the limit; and that of its accessible pages. */
  heapEnd: u64,
  heapLimit: u64,
  heapPages: u64,
  ntProtectVirtualMemory: u64,
});

/** How many threads can have a channel at once. */
export const MAX_CHANNELS = 3968;

/** One page for all containers. */
export const Shared = struct("shared page", 4096, {
  /** Not 0: some thread has posted since the kernel last looked. */
  summary: u32,
  /** Not 0: the kernel sleeps, or is about to, and wants the doorbell rung. */
  kernelSleeps: u32,
  /** How often a guest looks before it sleeps. */
  guestSpins: u32,
  /** How often a guest lets others run and looks again before it sleeps; at least 1. */
  guestYields: u32,
  /** A byte for each channel: it has posted. */
  pending: bytes(MAX_CHANNELS),
  /** Which stretch it is (ntdll/stretch.ts): another number once a guest may have learnt of news; 0: there are none. */
  stretch: u32,
  /** The same for the one thread that writes to files by itself; 0 when there are more. */
  writerStretch: u32,
  /** How often a 64-bit guest looks after it has let others run; at least 1. A 32-bit one looks once. */
  guestPauses: u32,
  _rest: pad(4096 - 28 - MAX_CHANNELS),
});
