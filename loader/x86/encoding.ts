/** Numbers that describe how an instruction is encoded. */
export type Mode = 32 | 64;

/** How the opcode is encoded. */
export const Encoding = { legacy: 0, vex2: 1, vex3: 2, xop: 3, evex: 4 } as const;
export type Encoding = typeof Encoding[keyof typeof Encoding];

/** Segment numbers as in ModRM.reg of mov; `none` when no override applies. */
export const Segment = { es: 0, cs: 1, ss: 2, ds: 3, fs: 4, gs: 5, none: 7 } as const;
