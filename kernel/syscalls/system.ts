/** The system as a whole: uname(2), sysinfo(2), personality(2), syslog(2), getcpu(2), membarrier(2). */
import { I386, X86_64 } from "../abi/abi.ts";
import { EINVAL, EPERM, Errno } from "../abi/errno.ts";
import { PER_LINUX32, PER_MASK } from "../abi/personality.ts";
import { sysinfo } from "../abi/sysinfo.ts";
import type { UserPtr } from "../abi/types.ts";
import { newUtsname, oldoldUtsname, oldUtsname } from "../abi/utsname.ts";
import { PAGE_SIZE } from "../host.ts";
import { copyOut, copyOutStruct } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";
import { intBytes } from "./words.ts";

/** What uname(2) says the kernel is: glibc refuses to start under a release that is too old for it. */
export const UTS_RELEASE = "6.1.0-atratus";
export const UTS_VERSION = "#1 SMP PREEMPT_DYNAMIC";

interface Utsname {
  readonly sysname: string;
  readonly nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
}

/** The machine is a 64-bit one for 32-bit programs, too, unless they ask for PER_LINUX32 (override_architecture). */
function utsname(task: Task): Utsname {
  const compat = (task.settings.personality & PER_MASK) === PER_LINUX32;
  return {
    sysname: "Linux",
    nodename: task.kernel.system.hostname,
    release: UTS_RELEASE,
    version: UTS_VERSION,
    machine: compat ? I386.machine : X86_64.machine,
  };
}

/** uname(2), newuname. Errors: EFAULT. */
export function sysNewuname(task: Task, out: UserPtr): SyscallResult {
  return copyOutStruct(task, newUtsname, out, { ...utsname(task), domainname: "(none)" });
}

/** uname of i386 (oldolduname's successor): without a domain name. Errors: EFAULT. */
export function sysUname(task: Task, out: UserPtr): SyscallResult {
  return copyOutStruct(task, oldUtsname, out, utsname(task));
}

/** olduname of i386: names of 8 bytes. Errors: EFAULT. */
export function sysOlduname(task: Task, out: UserPtr): SyscallResult {
  return copyOutStruct(task, oldoldUtsname, out, utsname(task));
}

/** sethostname(2), setdomainname(2): the names are the host's. EPERM. */
export function sysSethostname(_task: Task): SyscallResult {
  return EPERM;
}

/** sysinfo(2). Errors: EFAULT. */
export function sysSysinfo(task: Task, out: UserPtr): SyscallResult {
  const { kernel, abi } = task;
  const memory = kernel.system.memory();
  const unit = memoryUnit(abi.bits, memory.total, memory.swapTotal);
  const inUnits = (bytes: number) => Math.floor(bytes / unit);
  return copyOutStruct(task, sysinfo[abi.name], out, {
    uptime: Math.floor(kernel.clock.now() / 1000),
    loads: [0, 0, 0],
    totalram: inUnits(memory.total),
    freeram: inUnits(memory.free),
    totalswap: inUnits(memory.swapTotal),
    freeswap: inUnits(memory.swapFree),
    procs: kernel.tasks.size,
    mem_unit: unit,
  });
}

/** Bytes, 1 or more so that 32-bit fields hold the sizes. Linux: COMPAT_SYSCALL_DEFINE1(sysinfo). */
function memoryUnit(bits: 32 | 64, ...sizes: readonly number[]): number {
  if (bits === 64 || sizes.every((size) => size < 2 ** 32)) return 1;
  return PAGE_SIZE;
}

/** personality(2): the one before; 0xffffffff only asks. */
export function sysPersonality(task: Task, personality: number): SyscallResult {
  const before = task.settings.personality;
  if (personality !== 0xffff_ffff) task.settings.personality = personality;
  return before;
}

/** getcpu(2): one node, and processor 0, since a guest's threads are not ours to place. Errors: EFAULT. */
export function sysGetcpu(task: Task, cpu: UserPtr, node: UserPtr): SyscallResult {
  for (const out of [cpu, node]) {
    if (out === 0) continue;
    const stored = copyOut(task, out, intBytes(0));
    if (stored instanceof Errno) return stored;
  }
  return 0;
}

/** syslog(2): no kernel log. EPERM, as for a user without CAP_SYSLOG. */
export function sysSyslog(_task: Task): SyscallResult {
  return EPERM;
}

/** membarrier(2): MEMBARRIER_CMD_QUERY says that there is no command. Errors: EINVAL. */
export function sysMembarrier(_task: Task, command: number): SyscallResult {
  return command === 0 ? 0 : EINVAL;
}
