/**
 * The job object around every container: when its last handle goes, with the kernel, so do they. The kernel is in it
 * too, so that its children are from their first moment.
 */
import { u64big } from "../kernel/abi/layout.ts";
import {
  JOB_OBJECT_ALL_ACCESS,
  JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
  JobObjectExtendedLimitInformation,
  NtCurrentProcess,
  STATUS_PROCESS_IN_JOB,
} from "./constants.ts";
import { JOBOBJECT_EXTENDED_LIMIT_INFORMATION } from "./layouts.ts";
import type { Handle } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";

export class Job {
  readonly #nt: Ntdll;
  readonly #handle: Handle;

  constructor(nt: Ntdll) {
    this.#nt = nt;
    const out = new Uint8Array(8);
    check("NtCreateJobObject", nt.NtCreateJobObject(out, JOB_OBJECT_ALL_ACCESS, null));
    this.#handle = u64big.read(new DataView(out.buffer), 0);
    const limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION.encode({
      LimitFlags: JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    });
    check(
      "NtSetInformationJobObject",
      nt.NtSetInformationJobObject(this.#handle, JobObjectExtendedLimitInformation, limits, limits.length),
    );
    this.assign(NtCurrentProcess);
  }

  /** Unless it is in the job already. */
  assign(process: Handle): void {
    if (this.#nt.NtIsProcessInJob(process, this.#handle) === STATUS_PROCESS_IN_JOB) return;
    check("NtAssignProcessToJobObject", this.#nt.NtAssignProcessToJobObject(this.#handle, process));
  }
}
