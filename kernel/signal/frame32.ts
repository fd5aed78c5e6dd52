/**
 * The frames of a handler on i386, with and without SA_SIGINFO, and back. Linux: ia32_setup_frame,
 * ia32_setup_rt_frame, ia32_restore_sigcontext (arch/x86/kernel/signal_32.c).
 */
import { I386 } from "../abi/abi.ts";
import { Errno } from "../abi/errno.ts";
import { RAX, RBP, RBX, RCX, RDI, RDX, RFLAGS, RIP, RSI, RSP } from "../abi/registers.ts";
import { SA_RESTORER, SA_SIGINFO } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import { rtSigframe32, sigcontext32, sigframe32, UC_FP_XSTATE } from "../abi/ucontext.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { SignalAction } from "./actions.ts";
import { handlerFlags, restoredFlags } from "./flags.ts";
import { readFloat, writeFloat } from "./float_frame.ts";
import { placeFrame } from "./frame_place.ts";
import { restoreStack, saveStack } from "./frame_stack.ts";
import { RETURN_CODE, RT_RETURN_CODE } from "./return_code.ts";
import { encodeSigInfo, type SigInfo } from "./sig_info.ts";

const FIELDS = [
  ["edi", RDI],
  ["esi", RSI],
  ["ebp", RBP],
  ["esp", RSP],
  ["ebx", RBX],
  ["edx", RDX],
  ["ecx", RCX],
  ["eax", RAX],
  ["eip", RIP],
] as const;

const USER_CS = 0x23;
const USER_DS = 0x2b;

/** Writes the frame and sets the registers of the handler's first instruction. False: it cannot be written. */
export function setUpFrame32(task: Task, action: SignalAction, info: SigInfo, mask: bigint): boolean {
  return (action.flags & SA_SIGINFO) !== 0
    ? setUpRtFrame(task, action, info, mask)
    : setUpPlainFrame(task, action, info, mask);
}

function setUpPlainFrame(task: Task, action: SignalAction, info: SigInfo, mask: bigint): boolean {
  const place = placeFrame(task, action, sigframe32.size, I386);
  if (place === undefined || !writeFloat(task, place.float, I386)) return false;
  const { frame } = place;
  const raw = sigframe32.encode({
    pretcode: restorerOf(action, task.mm.vdso.mapped?.sigreturn ?? frame + sigframe32.offset.retcode),
    sig: info.signal,
    sc: saveContext(task, place.float.fpstate, mask),
    extramask: Number(mask >> 32n),
    retcode: RETURN_CODE,
  });
  if (copyOut(task, frame, raw) !== 0) return false;
  enterHandler(task, action, frame, info.signal, 0, 0);
  return true;
}

function setUpRtFrame(task: Task, action: SignalAction, info: SigInfo, mask: bigint): boolean {
  const place = placeFrame(task, action, rtSigframe32.size, I386);
  if (place === undefined || !writeFloat(task, place.float, I386)) return false;
  const { frame } = place;
  const pinfo = frame + rtSigframe32.offset.info;
  const puc = frame + rtSigframe32.offset.uc;
  const raw = rtSigframe32.encode({
    pretcode: restorerOf(action, task.mm.vdso.mapped?.rtSigreturn ?? frame + rtSigframe32.offset.retcode),
    sig: info.signal,
    pinfo,
    puc,
    info: encodeSigInfo(info, I386),
    uc: {
      uc_flags: UC_FP_XSTATE,
      uc_link: 0,
      uc_stack: saveStack(task),
      uc_mcontext: saveContext(task, place.float.fpstate, mask),
      uc_sigmask: mask,
    },
    retcode: RT_RETURN_CODE,
  });
  if (copyOut(task, frame, raw) !== 0) return false;
  enterHandler(task, action, frame, info.signal, pinfo, puc);
  return true;
}

/** Without a restorer the handler returns to the vDSO or, without one, into its frame (return_code.ts). */
function restorerOf(action: SignalAction, code: UserPtr): UserPtr {
  return (action.flags & SA_RESTORER) !== 0 ? action.restorer : code;
}

/** Handlers of either calling convention find their arguments. */
function enterHandler(
  task: Task,
  action: SignalAction,
  frame: UserPtr,
  signal: number,
  info: UserPtr,
  context: UserPtr,
): void {
  const { registers } = task.thread;
  registers.set(RSP, frame);
  registers.set(RIP, action.handler);
  registers.set(RAX, signal);
  registers.set(RDX, info);
  registers.set(RCX, context);
  registers.set(RFLAGS, handlerFlags(registers.lo(RFLAGS)));
}

type Context = ReturnType<typeof sigcontext32.decode>;

function saveContext(task: Task, fpstate: UserPtr, mask: bigint): Context {
  const { registers } = task.thread;
  const { trapno, error, cr2 } = task.signals.trap;
  const context = sigcontext32.decode(new Uint8Array(sigcontext32.size));
  for (const [field, register] of FIELDS) context[field] = registers.lo(register);
  return {
    ...context,
    gs: task.thread.segments.selector("gs"),
    fs: task.thread.segments.selector("fs"),
    es: USER_DS,
    ds: USER_DS,
    cs: USER_CS,
    ss: USER_DS,
    trapno,
    err: error,
    eflags: registers.lo(RFLAGS),
    esp_at_signal: registers.lo(RSP),
    fpstate,
    oldmask: Number(mask & 0xffff_ffffn),
    cr2,
  };
}

/** sigreturn(2). False: the frame is bad. */
export function returnFromPlainFrame32(task: Task): boolean {
  const frame = task.thread.registers.lo(RSP) - 8; // pretcode, and what the return code popped
  const raw = copyIn(task, frame, sigframe32.size);
  if (raw instanceof Errno) return false;
  const { sc, extramask } = sigframe32.decode(raw.slice());
  task.signals.blocked = BigInt(sc.oldmask) | BigInt(extramask) << 32n;
  return restoreContext(task, sc);
}

/** rt_sigreturn(2). False: the frame is bad. */
export function returnFromRtFrame32(task: Task): boolean {
  const frame = task.thread.registers.lo(RSP) - 4;
  const raw = copyIn(task, frame, rtSigframe32.size);
  if (raw instanceof Errno) return false;
  const { uc } = rtSigframe32.decode(raw.slice());
  task.signals.blocked = uc.uc_sigmask;
  if (!restoreContext(task, uc.uc_mcontext)) return false;
  restoreStack(task, uc.uc_stack);
  return true;
}

function restoreContext(task: Task, context: Context): boolean {
  const { registers } = task.thread;
  for (const [field, register] of FIELDS) registers.set(register, context[field]);
  registers.set(RFLAGS, restoredFlags(registers.lo(RFLAGS), context.eflags));
  for (const segment of ["fs", "gs"] as const) {
    task.thread.segments.setSelector(segment, context[segment] & 0xffff);
  }
  return readFloat(task, context.fpstate, I386);
}
