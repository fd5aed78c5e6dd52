/** EFLAGS of a handler, and what its frame may change of them. */
const CF = 0x1;
const PF = 0x4;
const AF = 0x10;
const ZF = 0x40;
const SF = 0x80;
/** Trap flag. */
export const TF = 0x100;
const DF = 0x400;
const OF = 0x800;
const RF = 0x1_0000;
const AC = 0x4_0000;

/** Linux: FIX_EFLAGS. */
const CHANGEABLE = AC | OF | DF | TF | SF | ZF | AF | PF | CF | RF;

/** A handler starts with the direction that the psABI wants, and is not stepped. Linux: handle_signal. */
export function handlerFlags(flags: number): number {
  return (flags & ~(DF | RF | TF)) >>> 0;
}

export function restoredFlags(now: number, frame: number): number {
  return (now & ~CHANGEABLE | frame & CHANGEABLE) >>> 0;
}
