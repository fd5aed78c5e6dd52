/** Addresses in trampolines and the guest's own: what it sees, and where it can go on. */
import { BY_ENCODING, RIP } from "../abi/registers.ts";
import { PROT_EXEC } from "../host.ts";
import type { UserPtr } from "../abi/types.ts";
import { TRAMPOLINES } from "../mm/vma.ts";
import type { Task } from "../task/task.ts";

/** In a trampoline the guest must see the instruction it thinks it runs, and its own scratch register. */
export function showGuestPosition(task: Task): void {
  const { registers } = task.thread;
  const position = task.mm.code.positionOf(registers.get(RIP));
  if (position === undefined) return;
  registers.set(RIP, position.address);
  if (position.scratch !== undefined) {
    registers.setBig(BY_ENCODING[position.scratch]!, task.thread.spilledRegister());
  }
}

/** Where a guest at `address` goes on: an instruction that was moved away may be overwritten where it was. */
export function entryOf(task: Task, address: UserPtr): UserPtr {
  return task.mm.code.entryOf(address) ?? address;
}

/** Whether a thread at `address` is in guest code, and not in a gate or halfway through a call. */
export function isInterruptible(task: Task, address: UserPtr): boolean {
  const position = task.mm.code.positionOf(address);
  if (position !== undefined) return !position.runOn;
  const area = task.mm.vmas.find(address);
  return area !== undefined && (area.prot & PROT_EXEC) !== 0 && area.name !== TRAMPOLINES;
}
