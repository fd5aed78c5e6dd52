/** Signals (asm/signal.h, asm-generic/siginfo.h). Numbers are the same on both ABIs. */
import { type Abi, perAbi } from "./abi.ts";
import { i32, pad, struct, u32, u64big } from "./layout.ts";

export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGABRT = 6;
export const SIGBUS = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGUSR1 = 10;
export const SIGSEGV = 11;
export const SIGUSR2 = 12;
export const SIGPIPE = 13;
export const SIGALRM = 14;
export const SIGTERM = 15;
export const SIGSTKFLT = 16;
export const SIGCHLD = 17;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGTSTP = 20;
export const SIGTTIN = 21;
export const SIGTTOU = 22;
export const SIGURG = 23;
export const SIGXCPU = 24;
export const SIGXFSZ = 25;
export const SIGVTALRM = 26;
export const SIGPROF = 27;
export const SIGWINCH = 28;
export const SIGIO = 29;
export const SIGPWR = 30;
export const SIGSYS = 31;
/** First real-time signal. */
export const SIGRTMIN = 32;
/** Highest signal (_NSIG, SIGRTMAX). */
export const SIGRTMAX = 64;

export const SIG_DFL = 0;
export const SIG_IGN = 1;

export const SIG_BLOCK = 0;
export const SIG_UNBLOCK = 1;
export const SIG_SETMASK = 2;

export const SA_NOCLDSTOP = 0x0000_0001;
export const SA_NOCLDWAIT = 0x0000_0002;
export const SA_SIGINFO = 0x0000_0004;
export const SA_UNSUPPORTED = 0x0000_0400;
export const SA_EXPOSE_TAGBITS = 0x0000_0800;
export const SA_RESTORER = 0x0400_0000;
export const SA_ONSTACK = 0x0800_0000;
export const SA_RESTART = 0x1000_0000;
export const SA_NODEFER = 0x4000_0000;
export const SA_RESETHAND = 0x8000_0000;

export const SS_ONSTACK = 1;
export const SS_DISABLE = 2;
export const SS_AUTODISARM = 0x8000_0000;
export const MINSIGSTKSZ = 2048;

export const SI_USER = 0;
export const SI_KERNEL = 0x80;
export const SI_QUEUE = -1;
export const SI_TIMER = -2;
export const SI_MESGQ = -3;
export const SI_ASYNCIO = -4;
export const SI_SIGIO = -5;
export const SI_TKILL = -6;
export const ILL_ILLOPC = 1;
export const ILL_ILLOPN = 2;
export const ILL_PRVOPC = 5;
export const FPE_INTDIV = 1;
export const FPE_INTOVF = 2;
export const FPE_FLTDIV = 3;
export const FPE_FLTOVF = 4;
export const FPE_FLTUND = 5;
export const FPE_FLTRES = 6;
export const FPE_FLTINV = 7;
export const SEGV_MAPERR = 1;
export const SEGV_ACCERR = 2;
export const BUS_ADRALN = 1;
export const BUS_ADRERR = 2;
export const TRAP_BRKPT = 1;
export const TRAP_TRACE = 2;
export const CLD_EXITED = 1;
export const CLD_KILLED = 2;
export const CLD_DUMPED = 3;
export const CLD_TRAPPED = 4;
export const CLD_STOPPED = 5;
export const CLD_CONTINUED = 6;
export const POLL_IN = 1;
export const POLL_HUP = 6;

export const SIGEV_SIGNAL = 0;
export const SIGEV_NONE = 1;
export const SIGEV_THREAD = 2;
export const SIGEV_THREAD_ID = 4;

/** struct sigaction as the kernel sees it: 32 bytes, on i386 20. The mask is a set: bit n-1 is signal n. */
export const sigaction = perAbi((abi: Abi) =>
  struct("sigaction", 3 * abi.word + 8, {
    sa_handler: abi.ulong,
    sa_flags: abi.ulong,
    sa_restorer: abi.ulong,
    sa_mask: u64big,
  })
);

/** struct old_sigaction, 16 bytes: sigaction(2) of i386. */
export const oldSigaction = struct("old_sigaction", 16, {
  sa_handler: u32,
  sa_mask: u32,
  sa_flags: u32,
  sa_restorer: u32,
});

/** stack_t: 24 bytes, on i386 12. */
export const sigaltstack = perAbi((abi: Abi) =>
  struct("sigaltstack", 3 * abi.word, {
    ss_sp: abi.ulong,
    ss_flags: i32,
    _pad: pad(abi.word - 4),
    ss_size: abi.ulong,
  })
);

/** struct sigevent, 64 bytes, up to what timer_create(2) reads. */
export const sigevent = perAbi((abi: Abi) =>
  struct("sigevent", 64, {
    sigev_value: abi.ulong,
    sigev_signo: i32,
    sigev_notify: i32,
    sigev_notify_thread_id: i32,
    _pad: pad(64 - abi.word - 12),
  })
);

/** sigset_t of the kernel, 8 bytes. */
export const SIGSET_SIZE = 8;
