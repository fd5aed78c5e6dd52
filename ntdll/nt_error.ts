/** A Windows call failed that should not have: an error of ours or of the machine, never of the guest. */
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
