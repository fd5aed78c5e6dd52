/** Names of signals, and what each does to a process that has no handler for it (signal(7)). */
import * as abi from "../abi/signal.ts";

export type DefaultAction = "terminate" | "core" | "ignore" | "stop" | "continue";

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(abi).flatMap(([name, value]) =>
    /^SIG[A-Z0-9]+$/.test(name) && typeof value === "number" && !name.startsWith("SIGRT")
      ? [[value, name]]
      : []
  ),
);

/** `SIGSEGV`, `SIGRT_3` (counted from the kernel's SIGRTMIN, as strace), or the number. */
export function signalName(signal: number): string {
  if (signal >= abi.SIGRTMIN && signal <= abi.SIGRTMAX) {
    return signal === abi.SIGRTMIN ? "SIGRTMIN" : `SIGRT_${signal - abi.SIGRTMIN}`;
  }
  return NAMES.get(signal) ?? String(signal);
}

export function isSignal(signal: number): boolean {
  return signal >= 1 && signal <= abi.SIGRTMAX;
}

/** Linux: sig_kernel_coredump, sig_kernel_ignore, sig_kernel_stop. */
export function defaultAction(signal: number): DefaultAction {
  switch (signal) {
    case abi.SIGQUIT:
    case abi.SIGILL:
    case abi.SIGTRAP:
    case abi.SIGABRT:
    case abi.SIGBUS:
    case abi.SIGFPE:
    case abi.SIGSEGV:
    case abi.SIGXCPU:
    case abi.SIGXFSZ:
    case abi.SIGSYS:
      return "core";
    case abi.SIGCHLD:
    case abi.SIGURG:
    case abi.SIGWINCH:
      return "ignore";
    case abi.SIGCONT:
      return "continue";
    case abi.SIGSTOP:
    case abi.SIGTSTP:
    case abi.SIGTTIN:
    case abi.SIGTTOU:
      return "stop";
    default:
      return "terminate";
  }
}
