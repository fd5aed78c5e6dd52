/** The one instruction at a trapped site, done by the kernel. */
import type { Site } from "../../loader/x86/mod.ts";
import { R11, RCX, RFLAGS, RIP } from "../abi/registers.ts";
import type { Task } from "../task/task.ts";
import { emulateSelector } from "./selectors.ts";

/** RF, which a fault sets in the flags it saves (Intel SDM 3A, 18.3.1.1). */
const RESUME_FLAG = 0x1_0000;

/** As FaultOutcome; "fault": the instruction is refused, as by general protection. */
export type Emulated = "syscall" | "compat-syscall" | "retry" | "fault";

/** Moves the task past the site, or where it is done properly. */
export function emulateSite(task: Task, site: Site): Emulated {
  const { registers } = task.thread;
  const next = site.address + site.length;
  switch (site.kind) {
    case "syscall":
      if (task.abi.bits === 32) return "fault";
      registers.set(RIP, next);
      // The instruction leaves them so (Intel SDM, SYSCALL), and Linux returns them so.
      registers.set(RCX, next);
      registers.set(R11, registers.lo(RFLAGS) & ~RESUME_FLAG);
      return "syscall";
    case "int80":
      registers.set(RIP, next);
      return task.abi.bits === 64 ? "compat-syscall" : "syscall";
    case "tls":
    case "host-segment":
      if (site.trampoline === undefined) return "fault";
      registers.set(RIP, site.trampoline);
      return "retry";
    case "segment-register":
      if (site.trampoline !== undefined) {
        registers.set(RIP, site.trampoline);
        return "retry";
      }
      if (!emulateSelector(task, site.original)) return "fault";
      registers.set(RIP, next);
      return "retry";
    default:
      return "fault";
  }
}
