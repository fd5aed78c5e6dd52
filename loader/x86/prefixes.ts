/** The prefix bytes (Intel SDM vol. 2, 2.1.1 and 2.2.1). */
import type { Mode } from "./encoding.ts";

export const PrefixClass = {
  segment: 1,
  operandSize: 2,
  addressSize: 3,
  lock: 4,
  /** F3; F2 is the next number. */
  repeat: 5,
  /** 64-bit mode only. */
  rex: 7,
} as const;

/** The class of each byte, 0 for those that are no prefix. */
export function prefixClasses(mode: Mode): Uint8Array {
  const classes = new Uint8Array(256);
  for (const byte of [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65]) classes[byte] = PrefixClass.segment;
  classes[0x66] = PrefixClass.operandSize;
  classes[0x67] = PrefixClass.addressSize;
  classes[0xf0] = PrefixClass.lock;
  classes[0xf3] = PrefixClass.repeat;
  classes[0xf2] = PrefixClass.repeat + 1;
  if (mode === 64) classes.fill(PrefixClass.rex, 0x40, 0x50);
  return classes;
}
