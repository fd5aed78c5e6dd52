/** What is known of a signal that has come, and siginfo_t of both ABIs made from it (sigaction(2)). */
import type { Abi } from "../abi/abi.ts";
import { i32 } from "../abi/layout.ts";
import {
  SI_ASYNCIO,
  SI_KERNEL,
  SI_MESGQ,
  SI_QUEUE,
  SI_SIGIO,
  SI_TIMER,
  SI_TKILL,
  SI_USER,
  SIGBUS,
  SIGCHLD,
  SIGFPE,
  SIGILL,
  SIGIO,
  SIGSEGV,
  SIGTRAP,
} from "../abi/signal.ts";
import {
  SIGINFO_SIZE,
  siginfoChild,
  siginfoFault,
  siginfoKill,
  siginfoPoll,
  siginfoRt,
  siginfoTimer,
} from "../abi/siginfo.ts";
import type { Pid, UserPtr } from "../abi/types.ts";
import type { Fault } from "../host.ts";

/** The member of siginfo's union (enum siginfo_layout). Times are clock ticks. */
export type SigFields =
  | { readonly kind: "kill"; readonly pid: Pid; readonly uid: number }
  | { readonly kind: "rt"; readonly pid: Pid; readonly uid: number; readonly value: number }
  | { readonly kind: "timer"; readonly id: number; readonly overrun: number; readonly value: number }
  | {
    readonly kind: "child";
    readonly pid: Pid;
    readonly uid: number;
    readonly status: number;
    readonly utime: number;
    readonly stime: number;
  }
  | { readonly kind: "fault"; readonly address: UserPtr }
  | { readonly kind: "poll"; readonly band: number; readonly fd: number };

export interface SigInfo {
  readonly signal: number;
  /** si_code. */
  readonly code: number;
  readonly errno: number;
  readonly fields: SigFields;
  /** The processor's fault behind it, for the frame and the crash report. */
  readonly fault?: Fault;
  /** Called when the signal is about to be delivered: gives what it is by then (timers count their overruns). */
  readonly refresh?: () => SigInfo;
}

export function killInfo(signal: number, code: number, pid: Pid, uid: number): SigInfo {
  return { signal, code, errno: 0, fields: { kind: "kill", pid, uid } };
}

/** From the kernel itself (SEND_SIG_PRIV). */
export function kernelInfo(signal: number): SigInfo {
  return killInfo(signal, SI_KERNEL, 0, 0);
}

export function faultInfo(signal: number, code: number, address: UserPtr, fault?: Fault): SigInfo {
  return { signal, code, errno: 0, fields: { kind: "fault", address }, ...(fault && { fault }) };
}

/** siginfo_t as the guest sees it. */
export function encodeSigInfo(info: SigInfo, abi: Abi): Uint8Array<ArrayBuffer> {
  const head = { si_signo: info.signal, si_errno: info.errno, si_code: info.code };
  const { fields } = info;
  switch (fields.kind) {
    case "kill":
      return siginfoKill[abi.name].encode({ ...head, si_pid: fields.pid, si_uid: fields.uid });
    case "rt":
      return siginfoRt[abi.name].encode({
        ...head,
        si_pid: fields.pid,
        si_uid: fields.uid,
        si_value: fields.value,
      });
    case "timer":
      return siginfoTimer[abi.name].encode({
        ...head,
        si_timerid: fields.id,
        si_overrun: fields.overrun,
        si_value: fields.value,
      });
    case "child":
      return siginfoChild[abi.name].encode({
        ...head,
        si_pid: fields.pid,
        si_uid: fields.uid,
        si_status: fields.status,
        si_utime: fields.utime,
        si_stime: fields.stime,
      });
    case "fault":
      return siginfoFault[abi.name].encode({ ...head, si_addr: fields.address });
    case "poll":
      return siginfoPoll[abi.name].encode({ ...head, si_band: fields.band, si_fd: fields.fd });
  }
}

/** A siginfo_t that a guest has made up (rt_sigqueueinfo(2)). Linux: siginfo_layout. */
export function decodeSigInfo(signal: number, raw: Uint8Array, abi: Abi): SigInfo {
  const at = (offset: number) => i32.read(new DataView(raw.buffer, raw.byteOffset, SIGINFO_SIZE), offset);
  const code = at(8);
  return { signal, code, errno: at(4), fields: decodeFields(signal, code, raw, abi) };
}

function decodeFields(signal: number, code: number, raw: Uint8Array, { name }: Abi): SigFields {
  switch (layoutOf(signal, code)) {
    case "kill": {
      const { si_pid, si_uid } = siginfoKill[name].decode(raw);
      return { kind: "kill", pid: si_pid, uid: si_uid };
    }
    case "rt": {
      const { si_pid, si_uid, si_value } = siginfoRt[name].decode(raw);
      return { kind: "rt", pid: si_pid, uid: si_uid, value: si_value };
    }
    case "timer": {
      const { si_timerid, si_overrun, si_value } = siginfoTimer[name].decode(raw);
      return { kind: "timer", id: si_timerid, overrun: si_overrun, value: si_value };
    }
    case "child": {
      const { si_pid, si_uid, si_status, si_utime, si_stime } = siginfoChild[name].decode(raw);
      return { kind: "child", pid: si_pid, uid: si_uid, status: si_status, utime: si_utime, stime: si_stime };
    }
    case "fault":
      return { kind: "fault", address: siginfoFault[name].decode(raw).si_addr };
    case "poll": {
      const { si_band, si_fd } = siginfoPoll[name].decode(raw);
      return { kind: "poll", band: si_band, fd: si_fd };
    }
  }
}

function layoutOf(signal: number, code: number): SigFields["kind"] {
  if (code > SI_USER && code < SI_KERNEL) {
    if (FAULTS.has(signal)) return "fault";
    if (signal === SIGCHLD) return "child";
    if (signal === SIGIO || code <= 6) return "poll";
    return "kill";
  }
  switch (code) {
    case SI_TIMER:
      return "timer";
    case SI_SIGIO:
      return "poll";
    case SI_USER:
    case SI_KERNEL:
    case SI_TKILL:
      return "kill";
    default:
      return "rt";
  }
}

const FAULTS: ReadonlySet<number> = new Set([SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP]);

/** Codes below zero, as names for the trace. */
export const SENDER_CODES = {
  SI_USER,
  SI_KERNEL,
  SI_QUEUE,
  SI_TIMER,
  SI_MESGQ,
  SI_ASYNCIO,
  SI_SIGIO,
  SI_TKILL,
};
