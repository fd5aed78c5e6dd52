/** Argument types of calls that are many calls in one: futex(2), prctl(2), arch_prctl(2). */
import * as futex from "../abi/futex.ts";
import * as prctl from "../abi/prctl.ts";
import { type ArgType, argument, type ResultFormat, succeeded, type TracedCall, valueAt } from "./args.ts";
import { enumOf, namesWith } from "./args_flags.ts";
import { inTimespec, inTimespec64, outWord } from "./args_structs.ts";
import { formatString, hex, Names, namesOf, signed } from "./format.ts";

const futexOps = new Names(() =>
  [...namesWith(futex, "FUTEX_")].filter(([value]) => value <= futex.FUTEX_LOCK_PI2)
);
export const futexOp = argument("int", "int", (call, i) => {
  const value = valueAt(call, i);
  const flags = futex.FUTEX_PRIVATE_FLAG | futex.FUTEX_CLOCK_REALTIME;
  const name = futexOps.get(value & ~flags);
  if (name === undefined) return `${hex(value >>> 0)} /* FUTEX_??? */`;
  const shared = (value & futex.FUTEX_PRIVATE_FLAG) === 0 ? name : `${name}_PRIVATE`;
  return (value & futex.FUTEX_CLOCK_REALTIME) === 0 ? shared : `${shared}|FUTEX_CLOCK_REALTIME`;
});

function futexCommand(call: TracedCall): number {
  return valueAt(call, 1) & ~(futex.FUTEX_PRIVATE_FLAG | futex.FUTEX_CLOCK_REALTIME);
}

function futexWaits(command: number): boolean {
  return command === futex.FUTEX_WAIT || command === futex.FUTEX_WAIT_BITSET;
}

/** From here on the arguments of futex(2) differ by operation: those that it does not use are left out. */
function futexWakes(command: number): boolean {
  return command === futex.FUTEX_WAKE || command === futex.FUTEX_WAKE_BITSET;
}

function futexTimeoutOf(timeout: ArgType): ArgType {
  return argument("unsigned long", "ulong", (call, i) => {
    const command = futexCommand(call);
    if (futexWaits(command)) return timeout.format(call, i);
    return futexWakes(command) ? "" : signed(valueAt(call, i));
  });
}
/** Argument 3: a timeout, or a count. */
export const futexTimeout = futexTimeoutOf(inTimespec);
export const futexTimeout64 = futexTimeoutOf(inTimespec64);
/** Argument 4: the second futex. */
export const futexAddress2 = argument("uint32_t *", "ulong", (call, i) => {
  const command = futexCommand(call);
  return futexWaits(command) || futexWakes(command) ? "" : hex(valueAt(call, i));
});
/** Argument 5: a bitset, the expected value, or an operation. */
export const futexValue3 = argument("uint32_t", "uint", (call, i) => {
  const value = valueAt(call, i);
  switch (futexCommand(call)) {
    case futex.FUTEX_WAIT:
    case futex.FUTEX_WAKE:
    case futex.FUTEX_REQUEUE:
      return "";
    case futex.FUTEX_WAIT_BITSET:
    case futex.FUTEX_WAKE_BITSET:
      return value === futex.FUTEX_BITSET_MATCH_ANY ? "FUTEX_BITSET_MATCH_ANY" : hex(value);
    case futex.FUTEX_CMP_REQUEUE:
      return String(value);
    default:
      return hex(value);
  }
});

export const prctlOption = enumOf(namesWith(prctl, "PR_"), "PR");
/** Options that take nothing. */
const PRCTL_ASKS = new Set([
  prctl.PR_GET_DUMPABLE,
  prctl.PR_GET_KEEPCAPS,
  prctl.PR_GET_SECCOMP,
  prctl.PR_GET_SECUREBITS,
  prctl.PR_GET_TIMERSLACK,
  prctl.PR_GET_TIMING,
]);
/** Options of which strace prints all five arguments. */
const PRCTL_FULL = new Set([
  prctl.PR_SET_NO_NEW_PRIVS,
  prctl.PR_GET_NO_NEW_PRIVS,
  prctl.PR_SET_THP_DISABLE,
  prctl.PR_GET_THP_DISABLE,
  prctl.PR_CAP_AMBIENT,
  prctl.PR_SET_VMA,
  prctl.PR_SET_MM,
]);
const dumpable = namesOf({ SUID_DUMP_DISABLE: 0, SUID_DUMP_USER: 1, SUID_DUMP_ROOT: 2 });

/** Argument 1 of prctl(2). */
export const prctlArgument: ArgType = {
  name: "unsigned long",
  decode: "ulong",
  out: true,
  format(call, i) {
    const option = valueAt(call, 0);
    const value = valueAt(call, i);
    if (PRCTL_ASKS.has(option)) return "";
    if (option === prctl.PR_SET_DUMPABLE) return dumpable.get(value) ?? hex(value);
    if (option === prctl.PR_SET_NAME) return formatString(call.task, value);
    if (option === prctl.PR_GET_NAME && succeeded(call)) return formatString(call.task, value);
    return option === prctl.PR_SET_NO_NEW_PRIVS ? String(value) : hex(value);
  },
};
/** Arguments 2 to 4 of prctl(2). */
export const prctlRest = argument("unsigned long", "ulong", (call, i) => {
  const option = valueAt(call, 0);
  const known = prctlNames.has(option) && !PRCTL_FULL.has(option);
  return known ? "" : hex(valueAt(call, i));
});
const prctlNames = namesWith(prctl, "PR_");
export const prctlResult: ResultFormat = (call, value) =>
  valueAt(call, 0) === prctl.PR_GET_DUMPABLE ? `${value} (${dumpable.get(value)})` : signed(value);

export const archPrctlCode = enumOf(namesWith(prctl, "ARCH_"), "ARCH");
/** The base that arch_prctl(2) sets, or where it puts it. */
export const archPrctlAddress: ArgType = {
  ...outWord,
  format(call, i) {
    const code = valueAt(call, 0);
    const asks = code === prctl.ARCH_GET_FS || code === prctl.ARCH_GET_GS;
    return asks ? outWord.format(call, i) : hex(valueAt(call, i));
  },
};
