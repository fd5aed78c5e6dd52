/** What a processor fault means: a site of ours, memory the kernel gives now, or a signal. */
import { RIP } from "../abi/registers.ts";
import { type Fault, PAGE_SIZE, type Range } from "../host.ts";
import { handleFault, holdsCode, openAround } from "../mm/page_fault.ts";
import type { Task } from "../task/task.ts";
import { emulateSite } from "./emulate.ts";
import { signalOfFault } from "./fault_info.ts";
import { showGuestPosition } from "./position.ts";
import { isHandlerReturn } from "./return_code.ts";
import type { SigInfo } from "./sig_info.ts";
import { endStep } from "./single_step.ts";

/** Bytes. */
const LONGEST_INSTRUCTION = 15;

/**
 * "syscall": the task made a system call, "compat-syscall" one of the i386 table from 64-bit code; "retry": go on with
 * the registers; `alone`: go on with one instruction (single_step.ts); else the signal.
 */
export type FaultOutcome =
  | "syscall"
  | "compat-syscall"
  | "retry"
  | { readonly alone: Range }
  | SigInfo;

/** undefined: it is the guest's to bear. */
function handleMemoryFault(task: Task, { address, access }: Fault): FaultOutcome | undefined {
  const { mm, thread: { registers } } = task;
  const storesInCode = access === "write" && holdsCode(mm, address);
  // The trampoline that it is in may go with the code.
  if (storesInCode) showGuestPosition(task);
  const at = registers.get(RIP);
  const page = address - address % PAGE_SIZE;
  const storesInItself = storesInCode && at < page + PAGE_SIZE && at + LONGEST_INSTRUCTION > page;
  // Such a store cannot run as it is, nor in a trampoline, whose code it takes away.
  if (storesInItself && mm.code.siteAt(at) !== undefined) return undefined;
  if (!handleFault(mm, address, access, at)) return undefined;
  if (!storesInItself) return "retry";
  const alone = openAround(mm, at, LONGEST_INSTRUCTION);
  return alone && { alone };
}

export function resolveFault(task: Task, fault: Fault): FaultOutcome {
  const { registers } = task.thread;
  if (fault.kind === "illegal-instruction") {
    const site = task.mm.code.siteAt(registers.get(RIP));
    const done = site && emulateSite(task, site);
    if (done === "fault") return signalOfFault(task, { ...fault, kind: "privileged-instruction" });
    if (done !== undefined) return done;
  }
  if (endStep(task, fault.kind === "single-step")) return "retry";
  const handled = fault.kind === "access-violation" ? handleMemoryFault(task, fault) : undefined;
  if (handled !== undefined) return handled;
  if (isHandlerReturn(task, fault)) return "syscall";
  showGuestPosition(task);
  return signalOfFault(task, fault);
}
