import { STATUS_PROCESS_IS_TERMINATING, STATUS_THREAD_IS_TERMINATING } from "./constants.ts";

/**
 * A Windows call failed that should not have: an error of ours or of the machine, never of the guest. Or somebody has
 * ended the container that it was for.
 */
export class NtError extends Error {
  override readonly name = "NtError";

  constructor(readonly call: string, readonly status: number) {
    super(`Cannot go on: ${call} answered 0x${status.toString(16).padStart(8, "0")}`);
  }
}

/** Throws unless the NTSTATUS is a success or information (the top bit is clear). */
export function check(call: string, status: number): void {
  if (status >= 0x80000000) throw new NtError(call, status);
}

/** Whether an error only tells that a container is ending: a debug event will tell of that, too. */
export function isLoss(error: unknown): boolean {
  if (!(error instanceof NtError)) return false;
  return error.status === STATUS_PROCESS_IS_TERMINATING || error.status === STATUS_THREAD_IS_TERMINATING;
}
