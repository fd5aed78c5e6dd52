/** Where a handler's frame goes (sigaltstack(2)). Linux: get_sigframe. */
import type { Abi } from "../abi/abi.ts";
import { RSP } from "../abi/registers.ts";
import { SA_ONSTACK } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import type { Task } from "../task/task.ts";
import type { SignalAction } from "./actions.ts";
import { isOnStack, isWithin, stackMode } from "./alternate_stack.ts";
import { type FloatPlace, placeFloat } from "./float_frame.ts";

/** What a function may use below its stack pointer (x86-64 psABI, 3.2.2). */
const RED_ZONE = 128;

export interface FramePlace {
  readonly frame: UserPtr;
  readonly float: FloatPlace;
}

/** Undefined: the frame does not fit on the alternate stack. */
export function placeFrame(task: Task, action: SignalAction, size: number, abi: Abi): FramePlace | undefined {
  const stack = task.signals.alternateStack;
  const before = task.thread.registers.get(RSP);
  const nested = isOnStack(stack, before);
  let sp = abi.bits === 64 ? before - RED_ZONE : before;
  let entering = false;
  if ((action.flags & SA_ONSTACK) !== 0 && stackMode(stack, sp) === 0) {
    sp = stack.sp + stack.size;
    entering = true;
  }
  const float = placeFloat(sp, task.kernel.host.floatFormat, abi);
  const frame = align(float.fpstate - size, abi);
  if ((nested || entering) && !isWithin(stack, frame)) return undefined;
  return { frame, float };
}

/** As a call leaves the stack pointer: 16-aligned before the return address was pushed. Linux: align_sigframe. */
function align(sp: UserPtr, abi: Abi): UserPtr {
  return abi.bits === 64 ? down(sp, 16) - 8 : down(sp + 4, 16) - 4;
}

function down(value: number, to: number): number {
  return Math.floor(value / to) * to;
}
