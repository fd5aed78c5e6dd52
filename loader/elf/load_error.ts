import { ENOEXEC, type Errno } from "../../kernel/abi/errno.ts";

/** Why a file can't be executed; a value, never thrown. */
export class LoadError {
  /** `reason` is a clause whose subject is the file's name: "is truncated", "has no entry point". */
  constructor(readonly reason: string, readonly errno: Errno = ENOEXEC) {}

  toString(): string {
    return `${this.errno}: ${this.reason}`;
  }
}

/** An address, offset or size in a reason. */
export function hex(value: number): string {
  return "0x" + value.toString(16);
}
