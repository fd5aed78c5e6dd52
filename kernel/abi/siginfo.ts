/** siginfo_t (uapi/asm-generic/siginfo.h): 128 bytes; what follows the head depends on who sent the signal. */
import { type Abi, perAbi } from "./abi.ts";
import { i16, i32, pad, struct, u32 } from "./layout.ts";

export const SIGINFO_SIZE = 128;

const head = { si_signo: i32, si_errno: i32, si_code: i32 };

/** Where the union begins: it is aligned as a pointer. */
const union = (abi: Abi) => ({ ...head, _pad0: pad(abi.word === 8 ? 4 : 0) });
const rest = (abi: Abi, used: number) => pad(SIGINFO_SIZE - (abi.word === 8 ? 16 : 12) - used);

/** kill(2): `_kill`; also the common start of the others. */
export const siginfoKill = perAbi((abi: Abi) =>
  struct("siginfo kill", SIGINFO_SIZE, { ...union(abi), si_pid: i32, si_uid: u32, _rest: rest(abi, 8) })
);

/** Timers of timer_create(2): `_timer`. */
export const siginfoTimer = perAbi((abi: Abi) =>
  struct("siginfo timer", SIGINFO_SIZE, {
    ...union(abi),
    si_timerid: i32,
    si_overrun: i32,
    si_value: abi.ulong,
    _rest: rest(abi, 8 + abi.word),
  })
);

/** sigqueue(3): `_rt`. */
export const siginfoRt = perAbi((abi: Abi) =>
  struct("siginfo rt", SIGINFO_SIZE, {
    ...union(abi),
    si_pid: i32,
    si_uid: u32,
    si_value: abi.ulong,
    _rest: rest(abi, 8 + abi.word),
  })
);

/** SIGCHLD: `_sigchld`. */
export const siginfoChild = perAbi((abi: Abi) =>
  struct("siginfo sigchld", SIGINFO_SIZE, {
    ...union(abi),
    si_pid: i32,
    si_uid: u32,
    si_status: i32,
    _pad1: pad(abi.word - 4),
    si_utime: abi.long,
    si_stime: abi.long,
    _rest: rest(abi, 8 + 3 * abi.word),
  })
);

/** SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP: `_sigfault`. */
export const siginfoFault = perAbi((abi: Abi) =>
  struct("siginfo sigfault", SIGINFO_SIZE, {
    ...union(abi),
    si_addr: abi.ulong,
    si_addr_lsb: i16,
    _rest: rest(abi, abi.word + 2),
  })
);

/** SIGIO: `_sigpoll`. */
export const siginfoPoll = perAbi((abi: Abi) =>
  struct("siginfo sigpoll", SIGINFO_SIZE, {
    ...union(abi),
    si_band: abi.long,
    si_fd: i32,
    _rest: rest(abi, abi.word + 4),
  })
);
