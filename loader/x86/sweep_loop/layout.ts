/** The memory that the sweep and its loop share; loop.as.ts has the same numbers. memory.ts tells what is behind the code. */
export const FAST_AT = 0;
export const PREFIXES_AT = 0x1000;
export const FORMS_AT = 0x1200;
/** Before it, from 0x7400 on, are the loop's own tables of plain instructions. */
export const LAYOUT_AT = 0x7c00;
export const WIDTHS_AT = 0x7d00;
export const LOCKABLE_AT = 0x7e00;
export const VECTOR_AT = 0x8000;
export const EVENTS_AT = 0x10000;
export const CODE_AT = 0x18000;

/** Bytes for the instructions that forms.as.ts remembers: 1024 buckets, and 4096 entries of 12 bytes. */
export const FORMS_ROOM = 4 * 1024 + 12 * 4096;

/** What the loop has seen, 12 bytes each: one of these, where, and a value. */
export const LoopEvent = {
  /** A site; the value is the length << 8 and the byte that makes it one: 64, 65, 05 (syscall), 80 (int 80h). */
  site: 0,
  /** The value may be a table's or a label's offset from the GOT. */
  gotOffset: 1,
  indirectJump: 2,
  /** A constant has been added to a program counter that was read; the value is the sum. */
  pcRelative: 3,
} as const;
export const EVENT_SIZE = 12;
