/** Processor faults as signals: si_code, si_addr, and what sigcontext says. Linux: arch/x86/kernel/traps.c, mm/fault.c. */
import * as abi from "../abi/signal.ts";
import { RIP } from "../abi/registers.ts";
import type { Fault } from "../host.ts";
import type { Task } from "../task/task.ts";
import { floatExceptions } from "./float_frame.ts";
import { faultInfo, type SigInfo } from "./sig_info.ts";

/** Trap numbers (asm/trapnr.h). */
const TRAP_DE = 0;
const TRAP_DB = 1;
const TRAP_BP = 3;
const TRAP_BR = 5;
const TRAP_UD = 6;
const TRAP_GP = 13;
const TRAP_PF = 14;
const TRAP_MF = 16;
const TRAP_AC = 17;
const TRAP_XF = 19;
/** Bits of a page fault's error code (asm/trap_pf.h). */
const PF_PROT = 1;
const PF_WRITE = 2;
const PF_USER = 4;
const PF_INSTR = 16;
/** STATUS_FLOAT_MULTIPLE_FAULTS, STATUS_FLOAT_MULTIPLE_TRAPS: Windows' names for SSE's exception. */
const VECTOR_CODES: readonly number[] = [0xc000_02b4, 0xc000_02b5];

/** The signal a fault becomes; notes the trap for the frame. */
export function signalOfFault(task: Task, fault: Fault): SigInfo {
  const rip = task.thread.registers.get(RIP);
  const trap = (trapno: number, error = 0, cr2 = task.signals.trap.cr2) => {
    task.signals.trap = { trapno, error, cr2 };
  };
  switch (fault.kind) {
    case "access-violation":
      return pageFault(task, fault);
    case "in-page-error":
      trap(TRAP_PF, PF_USER, fault.address);
      return faultInfo(abi.SIGBUS, abi.BUS_ADRERR, fault.address, fault);
    case "illegal-instruction":
      trap(TRAP_UD);
      return faultInfo(abi.SIGILL, abi.ILL_ILLOPN, rip, fault);
    case "divide":
    case "integer-overflow":
      trap(TRAP_DE);
      return faultInfo(abi.SIGFPE, abi.FPE_INTDIV, rip, fault);
    case "float":
      trap(TRAP_MF); // or TRAP_XF: settleFault
      return faultInfo(abi.SIGFPE, abi.FPE_FLTINV, rip, fault);
    case "breakpoint":
      trap(TRAP_BP);
      return { ...faultInfo(abi.SIGTRAP, abi.SI_KERNEL, 0, fault), fields: { kind: "kill", pid: 0, uid: 0 } };
    case "single-step":
      trap(TRAP_DB);
      return faultInfo(abi.SIGTRAP, abi.TRAP_TRACE, rip, fault);
    case "misaligned":
      trap(TRAP_AC);
      return faultInfo(abi.SIGBUS, abi.BUS_ADRALN, 0, fault);
    case "bounds":
      trap(TRAP_BR);
      return faultInfo(abi.SIGSEGV, abi.SI_KERNEL, 0, fault);
    case "privileged-instruction":
    case "general-protection":
    case "other":
  }
  trap(TRAP_GP);
  return faultInfo(abi.SIGSEGV, abi.SI_KERNEL, 0, fault);
}

function pageFault(task: Task, fault: Fault): SigInfo {
  const mapped = task.mm.vmas.find(fault.address) !== undefined;
  const how = fault.access === "write" ? PF_WRITE : fault.access === "execute" ? PF_INSTR : 0;
  const error = PF_USER | how | (mapped ? PF_PROT : 0);
  task.signals.trap = { trapno: TRAP_PF, error, cr2: fault.address };
  return faultInfo(abi.SIGSEGV, mapped ? abi.SEGV_ACCERR : abi.SEGV_MAPERR, fault.address, fault);
}

/**
 * Once the thread is halted its float state tells which exception it was, and which unit's: Windows has one name for
 * SSE's in 32-bit code, and x87's names in 64-bit code. Linux: fpu__exception_code.
 */
export function settleFault(task: Task, info: SigInfo): SigInfo {
  if (info.fault?.kind !== "float" || !task.thread.halted) return info;
  const state = task.thread.readFloatState();
  const x87 = VECTOR_CODES.includes(info.fault.hostCode) ? 0 : floatExceptions(state, false);
  const raised = x87 || floatExceptions(state, true);
  task.signals.trap = { ...task.signals.trap, trapno: x87 === 0 ? TRAP_XF : TRAP_MF };
  const code = raised & 1
    ? abi.FPE_FLTINV
    : raised & 4
    ? abi.FPE_FLTDIV
    : raised & 8
    ? abi.FPE_FLTOVF
    : raised & 0x12
    ? abi.FPE_FLTUND
    : raised & 0x20
    ? abi.FPE_FLTRES
    : info.code;
  return { ...info, code };
}
