/** What an instruction does to the flow of control or to segments: all that the rewriter asks. */
export const Kind = {
  other: 0,
  syscall: 1,
  int80: 2,
  sysenter: 3,
  /** Direct near jmp. */
  jump: 4,
  /** Direct jcc. */
  branch: 5,
  /** loop, loope, loopne, jcxz, jecxz, jrcxz. */
  loop: 6,
  /** Direct near call. */
  call: 7,
  jumpIndirect: 8,
  callIndirect: 9,
  /** Far jmp and call, direct or through memory. */
  far: 10,
  /** ret, retf, iret, sysret, sysexit, rsm. */
  ret: 11,
  /** int3, int1, int n, into, hlt, ud0, ud1, ud2. */
  stop: 12,
  /** Reads or writes the selector in %fs or %gs: mov, push, pop, lfs, lgs. */
  selector: 13,
  /** rdfsbase, wrfsbase, rdgsbase, wrgsbase. */
  segmentBase: 14,
  /** xbegin: a branch on abort. */
  transaction: 15,
  /** Reads or writes memory which no ModRM or moffs names, in a segment that can be overridden: movs, lods,
   * cmps, outs, xlat, maskmovq, maskmovdqu, vmaskmovdqu, umonitor. (iced-x86 does not
   * count monitor, clzero and vmload, and no user program gives them a segment.) */
  implicitMemory: 16,
  /** Has a memory operand in its encoding but does not access it: lea, nop, prefetch, invlpg. */
  addressOnly: 17,
  invalid: 18,
} as const;
export type Kind = typeof Kind[keyof typeof Kind];
