/** personality(2) (uapi/linux/personality.h). */
export const PER_LINUX = 0;
export const PER_LINUX32 = 8;
export const PER_MASK = 0xff;
export const UNAME26 = 0x002_0000;
export const ADDR_NO_RANDOMIZE = 0x004_0000;
export const READ_IMPLIES_EXEC = 0x040_0000;
