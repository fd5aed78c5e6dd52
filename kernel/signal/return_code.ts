/**
 * The way back from a handler on i386 that named no restorer: Linux writes these instructions into the frame, for
 * debuggers to know it by, and returns to the same ones in its vDSO. Here the handler returns to the frame, whose
 * page is not executable: the fault there is the call.
 */
import { SYSCALL_NUMBER } from "../abi/abi.ts";
import { RIP, RSP } from "../abi/registers.ts";
import type { Fault } from "../host.ts";
import type { Task } from "../task/task.ts";

const SIGRETURN = 119;
const RT_SIGRETURN = 173;

/** pop %eax; mov $119,%eax; int $0x80 */
export const RETURN_CODE = new Uint8Array([0x58, 0xb8, SIGRETURN, 0, 0, 0, 0xcd, 0x80]);
/** mov $173,%eax; int $0x80; nothing */
export const RT_RETURN_CODE = new Uint8Array([0xb8, RT_SIGRETURN, 0, 0, 0, 0xcd, 0x80, 0]);

/** Whether the fault is a handler's return; the registers are then those of the call. */
export function isHandlerReturn(task: Task, fault: Fault): boolean {
  const { registers } = task.thread;
  const at = registers.get(RIP);
  if (task.abi.bits === 64 || fault.kind !== "access-violation" || fault.address !== at) return false;
  const code = task.mm.peek(at, RETURN_CODE.length);
  if (code === undefined) return false;
  const isPlain = equals(code, RETURN_CODE);
  if (!isPlain && !equals(code, RT_RETURN_CODE)) return false;
  registers.set(SYSCALL_NUMBER, isPlain ? SIGRETURN : RT_SIGRETURN);
  if (isPlain) registers.set(RSP, registers.get(RSP) + 4);
  registers.set(RIP, at + RETURN_CODE.length);
  return true;
}

function equals(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
