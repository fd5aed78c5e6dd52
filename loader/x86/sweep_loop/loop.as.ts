/// <reference path="./assembly.d.ts" />
/**
 * The loop of the sweep: it knows the common instructions itself and asks the decoder for all others.
 *
 * This is AssemblyScript, compiled to loop_bytes.ts by scripts/assemble_wasm.ts. As JavaScript the first sweep of a
 * process is over before V8 has compiled it: three quarters of the time went by in its interpreter. WebAssembly is
 * machine code from the first instruction on. See layout.ts for the memory.
 */
import { branchEnd, plainEnd, preparePlain } from "./plain.as.ts";
import { vector } from "./vector.as.ts";

// As in layout.ts, fast_table.ts, opcode_table.ts, prefixes.ts and sweep.ts, which a test compares.
export const FAST: i32 = 0, PREFIXES: i32 = 0x1000, LAYOUT: i32 = 0x7c00;
const FORMS: i32 = 0x1200;
const LOCKABLE: i32 = 0x7e00, WIDTHS: i32 = 0x7d00;
export const CODE: i32 = 0x18000, EVENTS: i32 = 0x10000;
export const HAS_MODRM: i32 = 1, NOT_COMMON: i32 = 1 << 8;
export const MAX_LENGTH: i32 = 15;
export const IMM_BYTE: i32 = 1;
const IMM_Z: i32 = 3, IMM_V: i32 = 4, IMM_MOFFS: i32 = 7;
const IMM_GROUP3_BYTE: i32 = 10, IMM_GROUP3_Z: i32 = 11;
export const LEA: i32 = 5;
const JUMP: i32 = 2, CALL: i32 = 3, END: i32 = 4;
export const START: i32 = 1, ENTRY: i32 = 2, OPAQUE: i32 = 16, TARGET: i32 = 64;
const UNFOLLOWED: i32 = 32;
const REX_CLASS: i32 = 7;
const EVENT_SITE: i32 = 0, EVENT_GOT: i32 = 1, EVENT_JUMP: i32 = 2, EVENT_PC: i32 = 3;

/** In a ModRM's layout: it has a SIB byte; the bits below are the size of the displacement. */
export const HAS_SIB: i32 = 8;
/** In place of an immediate's width: the decoder has to look. */
const NO_WIDTH: i32 = 255;

/** How far behind the call of a pc thunk the compiler schedules the addition. */
const MAX_THUNK_DISTANCE: i32 = 96;

/** The length of the instruction at `at`, whose effects have been noted; 0 if there is none. */
declare function decode(at: i32, end: i32): i32;
/** Reads the events, which have filled their buffer, and resets them. */
declare function flush(): void;

export let size: i32 = 0, flagsAt: i32 = 0;
export let wide: boolean = false;
let base: f64 = 0;
let events: i32 = EVENTS;
/** x86-64: where every lea x(%rip) stands and the offset it names, up to a limit that only overlapping code can meet. */
export let leasAt: i32 = 0, leasEnd: i32 = 0;
let leasLimit: i32 = 0, lostLeas: boolean = false;
/** i386: the register that a pc thunk has loaded with its return address, and that one. */
let thunkRegister: i32 = -1, thunkReturn: i32 = 0;

/** `length` bytes of code stand at CODE, and their flags behind them, at `flags`; the leas go to [leas, limit). */
export function prepare(
  length: i32,
  flags: i32,
  is64: boolean,
  address: f64,
  leas: i32,
  limit: i32,
): void {
  leasAt = leasEnd = leas;
  leasLimit = limit;
  size = length;
  flagsAt = flags;
  wide = is64;
  base = address;
  preparePlain();
}

/** Forgets the events that have been read. */
export function reset(): void {
  events = EVENTS;
}

/** Whether there was no room for all leas. */
export function hasLostLeas(): boolean {
  return lostLeas;
}

/** Where the next event goes. */
export function eventsEnd(): i32 {
  return events;
}

function event(kind: i32, at: i32, value: i32): void {
  store<i32>(events, kind);
  store<i32>(events + 4, at);
  store<i32>(events + 8, value);
  events += 12;
  if (events > CODE - 12) flush();
}

export function mark(at: i32, flag: i32): void {
  if (<u32> at < <u32> size) store<u8>(flagsAt + at, load<u8>(flagsAt + at) | flag);
}

/** A 32-bit constant may be a code address. */
function markAddress(value: i32): void {
  const offset: f64 = <f64> <u32> value - base;
  if (offset >= 0 && offset < <f64> size) mark(<i32> offset, ENTRY);
}

function markAddress64(at: i32): void {
  const offset: f64 = <f64> <u32> load<i32>(at) + <f64> <u32> load<i32>(at + 4) * 4294967296.0 - base;
  if (offset >= 0 && offset < <f64> size) mark(<i32> offset, ENTRY);
}

/** A call: the return address is an entry, for longjmp, unwinding and plain returns. */
export function noteCall(target: i32, next: i32): void {
  mark(next, ENTRY);
  if (wide || target < 0 || target + 4 > size) return;
  // The callee may load a register with it: `mov (%esp),%reg; ret`, or, for a call of what follows, `pop %reg`.
  const at = CODE + target, first: i32 = load<u8>(at), second: i32 = load<u8>(at, 1);
  if (target == next) {
    if ((first & 0xf8) != 0x58) return;
    thunkRegister = first & 7;
  } else {
    if (first != 0x8b || (second & 0xc7) != 4 || load<u8>(at, 2) != 0x24 || load<u8>(at, 3) != 0xc3) return;
    thunkRegister = second >> 3;
  }
  thunkReturn = next;
}

/** i386: `add $value,%reg` behind a thunk. */
function noteAddition(opcode: i32, modrm: i32, at: i32, value: i32): void {
  const register = opcode == 0x05 ? 0 : opcode == 0x81 && (modrm & 0xf8) == 0xc0 ? modrm & 7 : -2;
  if (register != thunkRegister) return;
  if (at - thunkReturn < MAX_THUNK_DISTANCE) event(EVENT_PC, at, thunkReturn + value);
  thunkRegister = -1;
}

/** lea with a displacement of four bytes, its last: relative to %rip, or in itself a code address. */
export function noteLea(at: i32, next: i32, modrm: i32): void {
  const value: i32 = load<i32>(CODE + next - 4);
  if (wide && (modrm & 0xc7) == 5) {
    if (leasEnd < leasLimit) {
      store<i32>(leasEnd, at);
      store<i32>(leasEnd + 4, next + value);
      leasEnd += 8;
    } else lostLeas = true;
    mark(next + value, ENTRY);
  } else markAddress(value);
}

/** Sweeps each of the ranges at `ranges`, which are pairs of start and end; returns the number of instructions. */
export function sweepRanges(ranges: i32, count: i32): i32 {
  let instructions: i32 = 0;
  for (let i = 0; i < count; i++, ranges += 8) instructions += sweep(load<i32>(ranges), load<i32>(ranges, 4));
  return instructions;
}

/** Keeps those of the ranges that are more than padding; returns how many. */
export function dropPadding(ranges: i32, count: i32): i32 {
  const first = ranges;
  let kept = ranges;
  for (let i = 0; i < count; i++, ranges += 8) {
    const start: i32 = load<i32>(ranges), end: i32 = load<i32>(ranges, 4);
    if (isPadding(start, end)) continue;
    store<i32>(kept, start);
    store<i32>(kept + 4, end);
    kept += 8;
  }
  return (kept - first) >> 3;
}

/** Whether there is nothing but nop and int3, whose starts it marks then. */
function isPadding(start: i32, end: i32): boolean {
  for (let pass: i32 = 0; pass < 2; pass++) {
    for (let at = start; at < end;) {
      const next = paddingEnd(at);
      if (next == 0 || next > end) return false;
      if (pass != 0) mark(at, START);
      at = next;
    }
  }
  return true;
}

/** The end of the nop or int3 at `at`, or 0. */
function paddingEnd(at: i32): i32 {
  let p = CODE + at, byte: i32 = load<u8>(p);
  if (byte == 0xcc) return at + 1;
  while (byte == 0x66 && p - CODE - at < 8) byte = load<u8>(++p);
  if (byte == 0x2e) byte = load<u8>(++p);
  if (byte == 0x90) return p + 1 - CODE;
  if (byte != 0x0f || load<u8>(p, 1) != 0x1f) return 0;
  const modrm: i32 = load<u8>(p, 2);
  if (modrm == 0x00) return p + 3 - CODE;
  if (modrm == 0x40) return p + 4 - CODE;
  if (modrm == 0x44) return p + 5 - CODE;
  if (modrm == 0x80) return p + 7 - CODE;
  return modrm == 0x84 ? p + 8 - CODE : 0;
}

/** Decodes [start, end) and notes what is there; returns the number of instructions. */
function sweep(start: i32, end: i32): i32 {
  let count: i32 = 0;
  thunkRegister = -1;
  for (let at = start; at < end;) {
    let next: i32 = 0;
    if (at + MAX_LENGTH <= size) {
      next = plainEnd(at);
      if (next == 0 || next > end) {
        next = branchEnd(at, end);
        if (next == 0) next = common(at, end);
      }
    }
    if (next != 0) {
      store<u8>(flagsAt + at, load<u8>(flagsAt + at) | START);
      count++;
      at = next;
      continue;
    }
    const length = decode(at, end);
    if (length != 0) count++;
    at += length != 0 ? length : 1;
  }
  return count;
}

/** The end of the instruction at `at`, whose effects have been noted; 0 if it is none of the common ones. */
function common(at: i32, end: i32): i32 {
  let p: i32 = CODE + at, opcode: i32 = load<u8>(p++), pp: i32 = 0, rex: i32 = 0, segment: i32 = 0;
  let lock: boolean = false;
  if (load<u8>(PREFIXES + opcode) != 0) {
    if (opcode == 0x64 || opcode == 0x65) {
      segment = opcode;
      opcode = load<u8>(p++);
    } else if (opcode == 0x66) {
      pp = 1;
      do opcode = load<u8>(p++); while (opcode == 0x66 && p < CODE + end);
    } else if (opcode == 0xf3 || opcode == 0xf2) {
      pp = opcode == 0xf3 ? 2 : 3;
      opcode = load<u8>(p++);
    } else if (opcode == 0xf0) {
      lock = true;
      opcode = load<u8>(p++);
    }
    if (opcode == 0x2e || opcode == 0x3e) {
      if (segment != 0) return 0; // the last one counts, in 32-bit mode
      opcode = load<u8>(p++);
    }
    let prefix: i32 = load<u8>(PREFIXES + opcode);
    if (prefix == REX_CLASS) {
      rex = opcode;
      opcode = load<u8>(p++);
      prefix = load<u8>(PREFIXES + opcode);
    }
    if (prefix != 0) return 0;
  }
  if (opcode == 0x0f) {
    opcode = load<u8>(p++);
    if (opcode == 0x38) opcode = 0x200 | load<u8>(p++);
    else if (opcode == 0x3a) opcode = 0x300 | load<u8>(p++);
    else opcode |= 0x100;
  }
  const entry: i32 = load<i32>(FAST + (opcode << 2));
  if ((entry & NOT_COMMON) != 0) {
    if (p - CODE != at + (opcode < 0x100 ? 1 : 2)) return 0;
    if (opcode == 0x105) return site(at, 2, 5, end);
    if (opcode == 0xcd) return load<u8>(p) == 0x80 ? site(at, 2, 0x80, end) : 0;
    return opcode == 0xc5 || opcode == 0xc4 || opcode == 0x62 ? vector(at, opcode, end) : 0;
  }

  let modrm: i32 = 0xc0, displacement: i32 = 0, scaled: boolean = false;
  if ((entry & HAS_MODRM) != 0) {
    modrm = load<u8>(p++);
    const form = entry >> 9, reg = modrm & 0x38;
    if (form != 0 && ((<i32> load<u8>(FORMS + (form << 8 | modrm)) >> pp) & 1) == 0) return 0;
    // Far transfers and xbegin.
    if (opcode == 0xff ? reg == 0x18 || reg == 0x28 : opcode == 0xc7 && modrm == 0xf8) return 0;
    if (lock) {
      if (modrm >= 0xc0 || opcode >= 0x200) return 0;
      if ((<i32> load<u8>(LOCKABLE + opcode) >> (reg >> 3) & 1) == 0) return 0;
    }
    const layout: i32 = load<u8>(LAYOUT + modrm);
    displacement = layout & 7;
    if ((layout & HAS_SIB) != 0) {
      const sib: i32 = load<u8>(p++);
      if ((sib & 7) == 5 && modrm < 0x40) displacement = 4;
      scaled = sib >> 6 == 2;
    }
    p += displacement;
  } else if (lock) return 0;
  const behindOperand = p;
  let immediate = entry >> 1 & 15;
  if (immediate >= IMM_GROUP3_BYTE) {
    if (immediate > IMM_GROUP3_Z) return 0;
    immediate = (modrm & 0x30) != 0 ? 0 : immediate == IMM_GROUP3_Z ? IMM_Z : IMM_BYTE;
  }
  const width: i32 = load<u8>(WIDTHS + (immediate << 2 | ((rex & 8) != 0 ? 2 : pp == 1 ? 1 : 0)));
  if (width == NO_WIDTH) return 0;
  if (immediate == IMM_MOFFS) modrm = 0;
  p += width;
  const next = p - CODE;
  if (next > end || next - at > MAX_LENGTH) return 0;

  const action = entry >> 5 & 7;
  if (segment != 0) {
    // In the first map, what names memory accesses it, but for lea.
    if (opcode >= 0x100 || modrm >= 0xc0 || action == LEA) return 0;
    event(EVENT_SITE, at, (next - at) << 8 | segment);
  }
  // Constants may be code addresses.
  if (width >= 4 && (immediate == IMM_Z || immediate == IMM_V)) {
    if (width == 8) markAddress64(p - 8);
    else {
      const value: i32 = load<i32>(p - 4);
      markAddress(value);
      if (!wide) noteAddition(opcode, modrm, at, value);
    }
  }
  // A table's or a label's offset from the GOT: an operand with an index times 4, or of lea.
  if (!wide && modrm >= 0x80 && modrm < 0xc0 && (scaled || opcode == 0x8d)) {
    event(EVENT_GOT, at, load<i32>(behindOperand - 4));
  }
  if (action == 0) return next;
  if (action <= CALL) {
    const target = next + (width == 1 ? <i32> load<i8>(p - 1) : load<i32>(p - 4));
    mark(target, ENTRY | TARGET);
    if (action == JUMP) mark(next, UNFOLLOWED);
    else if (action == CALL) noteCall(target, next);
  } else if (action == END) mark(next, UNFOLLOWED);
  else if (action == LEA) {
    if (displacement == 4) noteLea(at, next, modrm);
  } else if ((modrm & 0x38) == 0x10) mark(next, ENTRY);
  else if ((modrm & 0x38) == 0x20) {
    event(EVENT_JUMP, at, 0);
    mark(next, UNFOLLOWED);
  }
  return next;
}

/** The length of an instruction that has been swept; 0 where the decoder has to look. */
export function lengthAt(at: i32): i32 {
  if (at + MAX_LENGTH > size) return 0;
  const leas = leasEnd, next = common(at, size);
  // What it notes has been noted before.
  leasEnd = leas;
  events = EVENTS;
  return next != 0 ? next - at : 0;
}

/** Marks what the words at EVENTS, `bytes` of them, point to in the code. */
export function scanWords(bytes: i32): void {
  const last = EVENTS + bytes;
  if (wide) {
    for (let p = EVENTS; p + 8 <= last; p += 8) markAddress64(p);
  } else {
    for (let p = EVENTS; p + 4 <= last; p += 4) markAddress(load<i32>(p));
  }
}

function site(at: i32, length: i32, kind: i32, end: i32): i32 {
  if (at + length > end) return 0;
  event(EVENT_SITE, at, length << 8 | kind);
  return at + length;
}
