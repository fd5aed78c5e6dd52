/** How `--trace` shows a signal that reaches a task: `{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}`. */
import * as abi from "../abi/signal.ts";
import { signalName } from "../signal/numbers.ts";
import { SENDER_CODES, type SigFields, type SigInfo } from "../signal/sig_info.ts";
import { hex } from "./format.ts";

/** si_code's names begin with this for a signal of the kernel's own. */
const PREFIXES: ReadonlyMap<number, string> = new Map([
  [abi.SIGILL, "ILL_"],
  [abi.SIGFPE, "FPE_"],
  [abi.SIGSEGV, "SEGV_"],
  [abi.SIGBUS, "BUS_"],
  [abi.SIGTRAP, "TRAP_"],
  [abi.SIGCHLD, "CLD_"],
  [abi.SIGIO, "POLL_"],
]);

/** As strace prints it. */
export function formatSigInfo({ signal, code, errno, fields }: SigInfo): string {
  const parts = [`si_signo=${signalName(signal)}`];
  if (errno !== 0) parts.push(`si_errno=${errno}`);
  parts.push(`si_code=${codeName(signal, code)}`);
  return `{${[...parts, ...fieldTexts(code, fields)].join(", ")}}`;
}

function codeName(signal: number, code: number): string {
  const prefix = code > 0 && code < abi.SI_KERNEL ? PREFIXES.get(signal) : undefined;
  const names: Readonly<Record<string, unknown>> = prefix === undefined ? SENDER_CODES : abi;
  const found = Object.entries(names).find(([name, value]) =>
    value === code && name.startsWith(prefix ?? "")
  );
  return found?.[0] ?? String(code);
}

function fieldTexts(code: number, fields: SigFields): string[] {
  switch (fields.kind) {
    case "kill":
      return code === abi.SI_KERNEL ? [] : [`si_pid=${fields.pid}`, `si_uid=${fields.uid}`];
    case "rt":
      return [`si_pid=${fields.pid}`, `si_uid=${fields.uid}`, valueText(fields.value)];
    case "timer":
      return [`si_timerid=${hex(fields.id)}`, `si_overrun=${fields.overrun}`, valueText(fields.value)];
    case "child":
      return [
        `si_pid=${fields.pid}`,
        `si_uid=${fields.uid}`,
        `si_status=${code === abi.CLD_EXITED ? fields.status : signalName(fields.status)}`,
        `si_utime=${fields.utime}`,
        `si_stime=${fields.stime}`,
      ];
    case "fault":
      return [`si_addr=${pointer(fields.address)}`];
    case "poll":
      return [`si_band=${fields.band}`, `si_fd=${fields.fd}`];
  }
}

function valueText(value: number): string {
  return `si_value={sival_int=${value | 0}, sival_ptr=${pointer(value)}}`;
}

function pointer(value: number): string {
  return value === 0 ? "NULL" : hex(value);
}
