/**
 * The vector and x87 state in a signal frame: an XSAVE image with Linux's own words in it, on i386 behind the state as
 * FSAVE would give it. Linux: arch/x86/kernel/fpu/signal.c, regset.c.
 */
import { type Abi } from "../abi/abi.ts";
import { Errno } from "../abi/errno.ts";
import { u32 } from "../abi/layout.ts";
import type { UserPtr } from "../abi/types.ts";
import {
  FP_XSTATE_MAGIC1,
  FP_XSTATE_MAGIC2,
  FP_XSTATE_MAGIC2_SIZE,
  fpxSwBytes,
  fregs32,
  xstate,
} from "../abi/ucontext.ts";
import type { FloatFormat } from "../host.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";

const ALIGNMENT = 64;
const X87_AND_SSE = 3n;
/** XSAVE's header lies behind FXSAVE's area. */
const FXSAVE_SIZE = 512;
/** Bits of MXCSR that exist (Intel SDM 1, 10.2.3). */
const MXCSR_BITS = 0xffff;
const USER_CS_32 = 0x23;
const USER_DS = 0x2b;

export interface FloatPlace {
  /** What sigcontext's fpstate shows. */
  readonly fpstate: UserPtr;
  /** Of the XSAVE image. */
  readonly image: UserPtr;
}

/** Where the state goes on a stack at `sp`. Linux: fpu__alloc_mathframe. */
export function placeFloat(sp: UserPtr, format: FloatFormat, abi: Abi): FloatPlace {
  const top = sp - format.size - FP_XSTATE_MAGIC2_SIZE;
  const image = top - mod(top, ALIGNMENT);
  return { image, fpstate: abi.bits === 32 ? image - fregs32.size : image };
}

/** Linux: copy_fpstate_to_sigframe. */
export function writeFloat(task: Task, place: FloatPlace, abi: Abi): boolean {
  const { size, features } = task.kernel.host.floatFormat;
  const image = new Uint8Array(size + FP_XSTATE_MAGIC2_SIZE);
  image.set(task.thread.readFloatState().subarray(0, size));
  const view = new DataView(image.buffer);
  const head = xstate.decode(image);
  xstate.patch(view, 0, {
    xfeatures: head.xfeatures | X87_AND_SSE,
    sw_reserved: {
      magic1: FP_XSTATE_MAGIC1,
      extended_size: size + FP_XSTATE_MAGIC2_SIZE + (abi.bits === 32 ? fregs32.size : 0),
      xfeatures: features,
      xstate_size: size,
    },
  });
  u32.write(view, size, FP_XSTATE_MAGIC2);
  if (copyOut(task, place.image, image) !== 0) return false;
  return abi.bits === 64 || copyOut(task, place.fpstate, fregs32.encode(toFregs(head))) === 0;
}

type Head = ReturnType<typeof xstate.decode>;

/** Linux: __convert_from_fxsr. */
function toFregs(head: Head): Parameters<typeof fregs32.encode>[0] {
  return {
    cw: head.cwd | 0xffff_0000,
    sw: head.swd | 0xffff_0000,
    tag: tagWord(head),
    ipoff: Number(head.rip & 0xffff_ffffn),
    cssel: USER_CS_32,
    dataoff: Number(head.rdp & 0xffff_ffffn),
    datasel: USER_DS | 0xffff_0000,
    st: Array.from({ length: 8 }, (_, i) => head.st_space.subarray(i * 16, i * 16 + 10)),
    status: head.swd,
    magic: 0,
  };
}

const TAG_VALID = 0;
const TAG_ZERO = 1;
const TAG_SPECIAL = 2;
const TAG_EMPTY = 3;

/** Two bits a register from FXSAVE's one. Linux: twd_fxsr_to_i387. */
function tagWord(head: Head): number {
  const top = head.swd >> 11 & 7;
  let word = 0xffff_0000;
  for (let i = 0; i < 8; i++) {
    const used = (head.twd >> i & 1) !== 0;
    const tag = used ? tagOf(head.st_space.subarray((i - top & 7) * 16)) : TAG_EMPTY;
    word |= tag << 2 * i;
  }
  return word >>> 0;
}

function tagOf(register: Uint8Array): number {
  const exponent = (register[8]! | register[9]! << 8) & 0x7fff;
  if (exponent === 0x7fff) return TAG_SPECIAL;
  if (exponent === 0) return register.subarray(0, 8).every((byte) => byte === 0) ? TAG_ZERO : TAG_SPECIAL;
  return (register[7]! & 0x80) !== 0 ? TAG_VALID : TAG_SPECIAL;
}

/** Linux: twd_i387_to_fxsr. */
function usedBits(tag: number): number {
  let used = 0;
  for (let i = 0; i < 8; i++) if ((tag >> 2 * i & 3) !== TAG_EMPTY) used |= 1 << i;
  return used;
}

/** Takes the state back from a frame; NULL gives the initial one. False: the frame is bad. Linux: fpu__restore_sig. */
export function readFloat(task: Task, fpstate: UserPtr, abi: Abi): boolean {
  if (fpstate === 0) {
    task.thread.writeFloatState(undefined);
    return true;
  }
  const image = abi.bits === 32 ? fpstate + fregs32.size : fpstate;
  const state = readImage(task, image);
  if (state === undefined) return false;
  const view = new DataView(state.buffer);
  if (abi.bits === 32) {
    const raw = copyIn(task, fpstate, fregs32.size);
    if (raw instanceof Errno) return false;
    const { cw, sw, tag, ipoff, cssel, dataoff, st } = fregs32.decode(raw);
    xstate.patch(view, 0, {
      cwd: cw & 0xffff,
      swd: sw & 0xffff,
      twd: usedBits(tag),
      fop: cssel >>> 16,
      rip: BigInt(ipoff),
      rdp: BigInt(dataoff),
      xfeatures: xstate.decode(state).xfeatures | 1n,
    });
    st.forEach((register, i) => state.set(register, xstate.offset.st_space + i * 16));
  }
  task.thread.writeFloatState(state);
  return true;
}

/** An image that XRSTOR takes: nothing reserved, nothing this machine does not have. */
function readImage(task: Task, address: UserPtr): Uint8Array<ArrayBuffer> | undefined {
  const format = task.kernel.host.floatFormat;
  const legacy = copyIn(task, address, FXSAVE_SIZE);
  if (legacy instanceof Errno) return undefined;
  const state = new Uint8Array(format.size);
  state.set(legacy);
  const size = extendedSize(task, address, legacy, format);
  if (size > FXSAVE_SIZE) {
    const whole = copyIn(task, address, size);
    if (whole instanceof Errno) return undefined;
    state.set(whole);
  }
  const head = xstate.decode(state);
  if ((head.mxcsr & ~MXCSR_BITS) !== 0) return undefined;
  const allowed = BigInt(format.features & head.sw_reserved.xfeatures);
  const xfeatures = size > FXSAVE_SIZE ? head.xfeatures & (allowed | X87_AND_SSE) : X87_AND_SSE;
  state.fill(0, FXSAVE_SIZE, xstate.size);
  xstate.patch(new DataView(state.buffer), 0, { xfeatures });
  return state;
}

/** How much of the image is there: FXSAVE's part alone where the magic words are missing. */
function extendedSize(task: Task, address: UserPtr, legacy: Uint8Array, format: FloatFormat): number {
  const sw = fpxSwBytes.decode(legacy.subarray(xstate.offset.sw_reserved));
  if (sw.magic1 !== FP_XSTATE_MAGIC1 || sw.xstate_size < xstate.size || sw.xstate_size > format.size) {
    return FXSAVE_SIZE;
  }
  const magic2 = copyIn(task, address + sw.xstate_size, FP_XSTATE_MAGIC2_SIZE);
  if (magic2 instanceof Errno) return FXSAVE_SIZE;
  const value = u32.read(new DataView(magic2.buffer, magic2.byteOffset, magic2.length), 0);
  return value === FP_XSTATE_MAGIC2 ? sw.xstate_size : FXSAVE_SIZE;
}

/** Which of FPE_* the unmasked exceptions in the state mean; 0 when there is none. Linux: fpu__exception_code. */
export function floatExceptions(state: Uint8Array, isVector: boolean): number {
  const { cwd, swd, mxcsr } = xstate.decode(state);
  return isVector ? mxcsr & ~(mxcsr >> 7) & 0x3f : swd & ~cwd & 0x7f;
}

/** Also for addresses above 2^31. */
function mod(value: number, by: number): number {
  return value - Math.floor(value / by) * by;
}
