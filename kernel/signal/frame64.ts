/** The frame of a handler on x86-64, and back. Linux: x64_setup_rt_frame, rt_sigreturn (arch/x86/kernel/signal_64.c). */
import { X86_64 } from "../abi/abi.ts";
import { Errno } from "../abi/errno.ts";
import {
  R10,
  R11,
  R12,
  R13,
  R14,
  R15,
  R8,
  R9,
  RAX,
  RBP,
  RBX,
  RCX,
  RDI,
  RDX,
  RFLAGS,
  RIP,
  RSI,
  RSP,
} from "../abi/registers.ts";
import { SA_RESTORER } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import {
  rtSigframe64,
  sigcontext64,
  UC_FP_XSTATE,
  UC_SIGCONTEXT_SS,
  UC_STRICT_RESTORE_SS,
} from "../abi/ucontext.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { SignalAction } from "./actions.ts";
import { readFloat, writeFloat } from "./float_frame.ts";
import { placeFrame } from "./frame_place.ts";
import { handlerFlags, restoredFlags } from "./flags.ts";
import { restoreStack, saveStack } from "./frame_stack.ts";
import { encodeSigInfo, type SigInfo } from "./sig_info.ts";

/** By the field that holds it. */
const FIELDS = [
  ["r8", R8],
  ["r9", R9],
  ["r10", R10],
  ["r11", R11],
  ["r12", R12],
  ["r13", R13],
  ["r14", R14],
  ["r15", R15],
  ["rdi", RDI],
  ["rsi", RSI],
  ["rbp", RBP],
  ["rbx", RBX],
  ["rdx", RDX],
  ["rax", RAX],
  ["rcx", RCX],
  ["rsp", RSP],
  ["rip", RIP],
] as const;

const USER_CS = 0x33;
const USER_SS = 0x2b;

/** Writes the frame and sets the registers of the handler's first instruction. False: it cannot be written. */
export function setUpFrame64(task: Task, action: SignalAction, info: SigInfo, mask: bigint): boolean {
  if ((action.flags & SA_RESTORER) === 0) return false; // Linux: no vsyscall page to return to
  const place = placeFrame(task, action, rtSigframe64.size, X86_64);
  if (place === undefined || !writeFloat(task, place.float, X86_64)) return false;
  const { frame } = place;
  const raw = rtSigframe64.encode({
    pretcode: action.restorer,
    uc: {
      uc_flags: UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS,
      uc_link: 0,
      uc_stack: saveStack(task),
      uc_mcontext: saveContext(task, place.float.fpstate, mask),
      uc_sigmask: mask,
    },
    info: encodeSigInfo(info, X86_64),
  });
  if (copyOut(task, frame, raw) !== 0) return false;
  const { registers } = task.thread;
  registers.set(RDI, info.signal);
  registers.set(RAX, 0);
  registers.set(RSI, frame + rtSigframe64.offset.info);
  registers.set(RDX, frame + rtSigframe64.offset.uc);
  registers.set(RIP, action.handler);
  registers.set(RSP, frame);
  registers.set(RFLAGS, handlerFlags(registers.lo(RFLAGS)));
  return true;
}

function saveContext(task: Task, fpstate: UserPtr, mask: bigint): ReturnType<typeof sigcontext64.decode> {
  const { registers } = task.thread;
  const { trapno, error, cr2 } = task.signals.trap;
  const context = sigcontext64.decode(new Uint8Array(sigcontext64.size));
  for (const [field, register] of FIELDS) context[field] = registers.getBig(register);
  return {
    ...context,
    eflags: BigInt(registers.lo(RFLAGS)),
    cs: USER_CS,
    ss: USER_SS,
    err: error,
    trapno,
    oldmask: mask,
    cr2: BigInt(cr2),
    fpstate,
  };
}

/** Puts back what the frame on top of the stack says. False: it is bad. */
export function returnFromFrame64(task: Task): boolean {
  const { registers } = task.thread;
  const frame = registers.get(RSP) - 8; // the handler's `ret` has taken pretcode
  const raw = copyIn(task, frame, rtSigframe64.size);
  if (raw instanceof Errno) return false;
  const { uc } = rtSigframe64.decode(raw.slice());
  task.signals.blocked = uc.uc_sigmask;
  const context = uc.uc_mcontext;
  for (const [field, register] of FIELDS) registers.setBig(register, context[field]);
  registers.set(RFLAGS, restoredFlags(registers.lo(RFLAGS), Number(context.eflags & 0xffff_ffffn)));
  if (!readFloat(task, context.fpstate, X86_64)) return false;
  restoreStack(task, uc.uc_stack);
  return true;
}
