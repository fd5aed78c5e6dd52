/** What a system-call handler may return. */
import type { Errno } from "../abi/errno.ts";

/** A plain result: a number for the guest, or the errno that dispatch negates. */
export type Result = number | Errno;

/** The task does not come back from this call: it ended, or another image replaced it and runs already. */
export const NO_RETURN = Symbol("no return");
/** The handler set every register itself (rt_sigreturn, execve). */
export const REGISTERS_SET = Symbol("registers set");

export type Outcome = Result | typeof NO_RETURN | typeof REGISTERS_SET;

/** A promise only when the call has to wait. */
export type SyscallResult = Outcome | Promise<Outcome>;
