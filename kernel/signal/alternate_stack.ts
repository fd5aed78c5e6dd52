/** The stack that handlers with SA_ONSTACK run on (sigaltstack(2)). */
import { SS_AUTODISARM, SS_DISABLE, SS_ONSTACK } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";

export interface AlternateStack {
  readonly sp: UserPtr;
  /** As the guest gave them. */
  readonly flags: number;
  /** 0: there is none. */
  readonly size: number;
}

/** A new process's. */
export const NO_STACK: AlternateStack = { sp: 0, flags: 0, size: 0 };
/** What delivery leaves of one with SS_AUTODISARM. Linux: sas_ss_reset. */
export const DISARMED_STACK: AlternateStack = { sp: 0, flags: SS_DISABLE, size: 0 };

/** Whether `sp` is on the stack, which grows down. Linux: __on_sig_stack. */
export function isWithin(stack: AlternateStack, sp: UserPtr): boolean {
  return sp > stack.sp && sp - stack.sp <= stack.size;
}

/** Linux: on_sig_stack. */
export function isOnStack(stack: AlternateStack, sp: UserPtr): boolean {
  return !disarms(stack) && isWithin(stack, sp);
}

export function disarms(stack: AlternateStack): boolean {
  return (stack.flags & SS_AUTODISARM) !== 0;
}

/** SS_DISABLE, SS_ONSTACK or 0. Linux: sas_ss_flags. */
export function stackMode(stack: AlternateStack, sp: UserPtr): number {
  if (stack.size === 0) return SS_DISABLE;
  return isOnStack(stack, sp) ? SS_ONSTACK : 0;
}
