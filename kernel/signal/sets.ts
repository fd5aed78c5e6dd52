/** Sets of signals: bit n-1 for signal n. */
import { SIGCONT, SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU } from "../abi/signal.ts";

export function signalBit(signal: number): bigint {
  return 1n << BigInt(signal - 1);
}

/** Signals that cannot be blocked, caught or ignored. */
export const UNBLOCKABLE = signalBit(SIGKILL) | signalBit(SIGSTOP);
/** Linux: SIG_KERNEL_STOP_MASK. */
export const STOP_SIGNALS = signalBit(SIGSTOP) | signalBit(SIGTSTP) | signalBit(SIGTTIN) | signalBit(SIGTTOU);
export const CONTINUE_SIGNAL = signalBit(SIGCONT);
