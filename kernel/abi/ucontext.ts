/** What a signal handler finds on its stack (uapi/asm/sigcontext.h, uapi/asm/ucontext.h, asm/sigframe.h). */
import { sigaltstack } from "./signal.ts";
import { SIGINFO_SIZE } from "./siginfo.ts";
import { array, bytes, i32, pad, struct, u16, u32, u64, u64big } from "./layout.ts";

export const UC_FP_XSTATE = 1;
export const UC_SIGCONTEXT_SS = 2;
export const UC_STRICT_RESTORE_SS = 4;

/** struct sigcontext of x86-64, 256 bytes. */
export const sigcontext64 = struct("sigcontext_64", 256, {
  r8: u64big,
  r9: u64big,
  r10: u64big,
  r11: u64big,
  r12: u64big,
  r13: u64big,
  r14: u64big,
  r15: u64big,
  rdi: u64big,
  rsi: u64big,
  rbp: u64big,
  rbx: u64big,
  rdx: u64big,
  rax: u64big,
  rcx: u64big,
  rsp: u64big,
  rip: u64big,
  eflags: u64big,
  cs: u16,
  gs: u16,
  fs: u16,
  ss: u16,
  err: u64,
  trapno: u64,
  oldmask: u64big,
  cr2: u64big,
  fpstate: u64,
  _reserved1: pad(64),
});

/** struct ucontext of x86-64, 304 bytes. */
export const ucontext64 = struct("ucontext", 304, {
  uc_flags: u64,
  uc_link: u64,
  uc_stack: sigaltstack.x86_64,
  uc_mcontext: sigcontext64,
  uc_sigmask: u64big,
});

/** struct rt_sigframe of x86-64, 440 bytes. */
export const rtSigframe64 = struct("rt_sigframe", 440, {
  pretcode: u64,
  uc: ucontext64,
  info: bytes(SIGINFO_SIZE),
});

/** struct sigcontext of i386, 88 bytes; the upper halves of the segments' words are zero. */
export const sigcontext32 = struct("sigcontext_32", 88, {
  gs: u32,
  fs: u32,
  es: u32,
  ds: u32,
  edi: u32,
  esi: u32,
  ebp: u32,
  esp: u32,
  ebx: u32,
  edx: u32,
  ecx: u32,
  eax: u32,
  trapno: u32,
  err: u32,
  eip: u32,
  cs: u32,
  eflags: u32,
  esp_at_signal: u32,
  ss: u32,
  fpstate: u32,
  oldmask: u32,
  cr2: u32,
});

/** struct ucontext of i386, 116 bytes. */
export const ucontext32 = struct("ucontext_ia32", 116, {
  uc_flags: u32,
  uc_link: u32,
  uc_stack: sigaltstack.i386,
  uc_mcontext: sigcontext32,
  uc_sigmask: u64big,
});

/** struct _fpstate_32, 624 bytes: the frame of sigaction without SA_SIGINFO keeps room for one. */
const FPSTATE32_SIZE = 624;

/** struct sigframe_ia32, 732 bytes. */
export const sigframe32 = struct("sigframe_ia32", 732, {
  pretcode: u32,
  sig: i32,
  sc: sigcontext32,
  _fpstate_unused: pad(FPSTATE32_SIZE),
  extramask: u32,
  retcode: bytes(8),
});

/** struct rt_sigframe_ia32, 268 bytes. */
export const rtSigframe32 = struct("rt_sigframe_ia32", 268, {
  pretcode: u32,
  sig: i32,
  pinfo: u32,
  puc: u32,
  info: bytes(SIGINFO_SIZE),
  uc: ucontext32,
  retcode: bytes(8),
});

export const FP_XSTATE_MAGIC1 = 0x4650_5853;
export const FP_XSTATE_MAGIC2 = 0x4650_5845;
export const FP_XSTATE_MAGIC2_SIZE = 4;

/** struct _fpx_sw_bytes, 48 bytes: in the part of the FXSAVE area that the processor leaves alone. */
export const fpxSwBytes = struct("_fpx_sw_bytes", 48, {
  magic1: u32,
  extended_size: u32,
  xfeatures: u64,
  xstate_size: u32,
  _pad: pad(28),
});

/** struct _xstate up to its extended part, 576 bytes: FXSAVE's area (Intel SDM 1, 10.5.1) and XSAVE's header. */
export const xstate = struct("_xstate", 576, {
  cwd: u16,
  swd: u16,
  twd: u16,
  fop: u16,
  rip: u64big,
  rdp: u64big,
  mxcsr: u32,
  mxcsr_mask: u32,
  /** Eight registers of 10 bytes, 16 apart. */
  st_space: bytes(128),
  xmm_space: bytes(256),
  _reserved: pad(48),
  sw_reserved: fpxSwBytes,
  xfeatures: u64big,
  xcomp_bv: u64big,
  _header: bytes(48),
});

/** struct user_i387_ia32_struct with its status and magic, 112 bytes: the head of i386's fpstate. */
export const fregs32 = struct("_fpstate_32 head", 112, {
  cw: u32,
  sw: u32,
  tag: u32,
  ipoff: u32,
  cssel: u32,
  dataoff: u32,
  datasel: u32,
  st: array(bytes(10), 8),
  status: u16,
  magic: u16,
});
