/** Windows exception codes as the faults the kernel knows. */
import { DBGKM_EXCEPTION } from "./layouts.ts";
import type { Bits, Fault, FaultKind } from "../kernel/host.ts";
import * as codes from "./constants.ts";

const KINDS: ReadonlyMap<number, FaultKind> = new Map<number, FaultKind>([
  [codes.STATUS_ACCESS_VIOLATION, "access-violation"],
  [codes.STATUS_GUARD_PAGE_VIOLATION, "access-violation"],
  [codes.STATUS_STACK_OVERFLOW, "access-violation"],
  [codes.STATUS_IN_PAGE_ERROR, "in-page-error"],
  [codes.STATUS_ILLEGAL_INSTRUCTION, "illegal-instruction"],
  [codes.STATUS_PRIVILEGED_INSTRUCTION, "privileged-instruction"],
  [codes.STATUS_INTEGER_DIVIDE_BY_ZERO, "divide"],
  [codes.STATUS_INTEGER_OVERFLOW, "integer-overflow"],
  [codes.STATUS_FLOAT_MULTIPLE_FAULTS, "float"],
  [codes.STATUS_FLOAT_MULTIPLE_TRAPS, "float"],
  [codes.STATUS_BREAKPOINT, "breakpoint"],
  [codes.STATUS_WX86_BREAKPOINT, "breakpoint"],
  [codes.STATUS_SINGLE_STEP, "single-step"],
  [codes.STATUS_WX86_SINGLE_STEP, "single-step"],
  [codes.STATUS_ARRAY_BOUNDS_EXCEEDED, "bounds"],
  [codes.STATUS_DATATYPE_MISALIGNMENT, "misaligned"],
]);

const MEMORY_KINDS: ReadonlySet<FaultKind> = new Set(["access-violation", "in-page-error"]);

/** What Windows tells instead of an address after a general-protection fault: the processor names none. */
const NO_ADDRESS = -1;

/** Reads the exception part of a debug event. */
export function faultOf(info: Uint8Array, bits: Bits): Fault {
  const event = DBGKM_EXCEPTION.decode(info);
  const code = event.ExceptionCode;
  const kind = isFloat(code) ? "float" : KINDS.get(code) ?? "other";
  if (!MEMORY_KINDS.has(kind) || event.NumberParameters < 2) {
    return { kind, address: event.ExceptionAddress, access: undefined, hostCode: code };
  }
  const access = event.ExceptionInformation0 === 0
    ? "read"
    : event.ExceptionInformation0 === 1
    ? "write"
    : "execute";
  const address = event.ExceptionInformation1;
  if (address === NO_ADDRESS) {
    return { kind: "general-protection", address: event.ExceptionAddress, access: undefined, hostCode: code };
  }
  return { kind, address: bits === 32 ? address >>> 0 : address, access, hostCode: code };
}

function isFloat(code: number): boolean {
  return code >= codes.STATUS_FLOAT_DENORMAL_OPERAND && code <= codes.STATUS_FLOAT_STACK_CHECK + 1;
}
