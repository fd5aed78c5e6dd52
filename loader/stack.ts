/**
 * The initial stack of a process, as the psABIs define it and Linux lays it out (fs/exec.c:copy_strings,
 * fs/binfmt_elf.c:create_elf_tables). From the stack pointer up:
 *
 *   argc, argv pointers, NULL, envp pointers, NULL, auxiliary vector, (alignment), 16 random bytes, platform,
 *   (alignment), argv strings, envp strings, path of the program, 8 zero bytes, top of the stack
 */
import * as at from "../kernel/abi/elf.ts";
import { E2BIG, type Errno } from "../kernel/abi/errno.ts";
import { u32, u64 } from "../kernel/abi/layout.ts";
import { type Bits, PAGE_SIZE } from "../kernel/host.ts";

/** Longest single string, its NUL included (MAX_ARG_STRLEN). */
const MAX_STRING = 32 * PAGE_SIZE;
/** What strings and pointers may always have together, and the most they ever may (fs/exec.c:bprm_stack_limits). */
const MIN_LIMIT = 128 * 1024;
const MAX_LIMIT = 6 * 1024 * 1024;
/** Linux counts pointers of its own size, for i386 programs too. */
const KERNEL_POINTER = 8;
const USER_HZ = 100;
const RANDOM_SIZE = 16;

/** Values of the auxiliary vector, getauxval(3). Addresses include the bias of a "dyn" image. */
export interface AuxValues {
  /** i386: address of __kernel_vsyscall. */
  readonly sysinfo?: number | undefined;
  /** Address of the vDSO's ELF header. */
  readonly sysinfoEhdr?: number | undefined;
  /** Bytes of the largest signal frame. */
  readonly minSigStackSize?: number | undefined;
  /** CPUID(1).edx. */
  readonly hwcap: number;
  /** Bit 1 (FSGSBASE) must stay clear: the guest does not own its segment bases. */
  readonly hwcap2?: number | undefined;
  readonly phdr: number;
  readonly phent: number;
  readonly phnum: number;
  /** Where the dynamic linker is loaded; 0 without one. */
  readonly base: number;
  readonly flags?: number | undefined;
  /** Entry of the program, even when the dynamic linker runs first. */
  readonly entry: number;
  readonly uid: number;
  readonly euid: number;
  readonly gid: number;
  readonly egid: number;
  readonly secure: boolean;
  readonly rseq?: { readonly featureSize: number; readonly alignment: number } | undefined;
}

export interface StackRequest {
  readonly bits: Bits;
  /** End of the stack's mapping, page-aligned. */
  readonly top: number;
  /** Strings without their NUL. An empty argv is the caller's to replace by one empty string, as execve does. */
  readonly argv: readonly Uint8Array[];
  readonly envp: readonly Uint8Array[];
  /** Path of the program as it was given to execve. */
  readonly execfn: Uint8Array;
  /** 16 bytes for AT_RANDOM. */
  readonly random: Uint8Array;
  readonly aux: AuxValues;
  /** AT_PLATFORM; by default Linux's name of the ABI. */
  readonly platform?: string | undefined;
  /** RLIMIT_STACK's soft limit in bytes, or Infinity. */
  readonly stackLimit: number;
}

export interface InitialStack {
  /** The stack pointer at entry, a multiple of 16. */
  readonly sp: number;
  /** What memory holds from `sp` to the top. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Ends are exclusive; arguments and environment are each contiguous, for /proc/pid/cmdline and environ. */
  readonly argStart: number;
  readonly argEnd: number;
  readonly envStart: number;
  readonly envEnd: number;
  /** The auxiliary vector, for /proc/pid/auxv; part of `bytes`. */
  readonly auxv: Uint8Array<ArrayBuffer>;
}

/** Errors: E2BIG, as execve(2) "Limits on size of arguments and environment". */
export function buildStack(request: StackRequest): InitialStack | Errno {
  const { bits, top, argv, envp, execfn, random } = request;
  if (random.length !== RANDOM_SIZE) throw new TypeError(`${random.length} random bytes, not ${RANDOM_SIZE}`);
  if (isTooBig(request)) return E2BIG;

  const platform = new TextEncoder().encode(request.platform ?? (bits === 64 ? "x86_64" : "i686"));
  const execfnAt = top - 8 - (execfn.length + 1);
  const envStart = execfnAt - sizeOf(envp);
  const argStart = envStart - sizeOf(argv);
  const platformAt = alignDown(argStart) - (platform.length + 1);
  const randomAt = platformAt - RANDOM_SIZE;

  const word = bits === 64 ? u64 : u32;
  const aux = auxiliaryVector(request.aux, { random: randomAt, execfn: execfnAt, platform: platformAt });
  const pointerCount = 1 + argv.length + 1 + envp.length + 1;
  const sp = alignDown(randomAt - (aux.length + pointerCount) * word.size);

  const bytes = new Uint8Array(top - sp);
  const view = new DataView(bytes.buffer);
  const words = [
    argv.length,
    ...addresses(argv, argStart),
    0,
    ...addresses(envp, envStart),
    0,
    ...aux,
  ];
  words.forEach((value, i) => word.write(view, i * word.size, value));
  bytes.set(random, randomAt - sp);
  bytes.set(platform, platformAt - sp);
  putStrings(bytes, argv, argStart - sp);
  putStrings(bytes, envp, envStart - sp);
  bytes.set(execfn, execfnAt - sp);
  return {
    sp,
    bytes,
    argStart,
    argEnd: envStart,
    envStart,
    envEnd: execfnAt,
    auxv: bytes.subarray(pointerCount * word.size, words.length * word.size),
  };
}

/** Pairs of type and value in Linux's order; the last one is AT_NULL. */
function auxiliaryVector(
  aux: AuxValues,
  on: { random: number; execfn: number; platform: number },
): number[] {
  const entries: [type: number, value: number | undefined][] = [
    [at.AT_SYSINFO, aux.sysinfo],
    [at.AT_SYSINFO_EHDR, aux.sysinfoEhdr],
    [at.AT_MINSIGSTKSZ, aux.minSigStackSize],
    [at.AT_HWCAP, aux.hwcap],
    [at.AT_PAGESZ, PAGE_SIZE],
    [at.AT_CLKTCK, USER_HZ],
    [at.AT_PHDR, aux.phdr],
    [at.AT_PHENT, aux.phent],
    [at.AT_PHNUM, aux.phnum],
    [at.AT_BASE, aux.base],
    [at.AT_FLAGS, aux.flags ?? 0],
    [at.AT_ENTRY, aux.entry],
    [at.AT_UID, aux.uid],
    [at.AT_EUID, aux.euid],
    [at.AT_GID, aux.gid],
    [at.AT_EGID, aux.egid],
    [at.AT_SECURE, aux.secure ? 1 : 0],
    [at.AT_RANDOM, on.random],
    [at.AT_HWCAP2, aux.hwcap2 ?? 0],
    [at.AT_EXECFN, on.execfn],
    [at.AT_PLATFORM, on.platform],
    [at.AT_RSEQ_FEATURE_SIZE, aux.rseq?.featureSize],
    [at.AT_RSEQ_ALIGN, aux.rseq?.alignment],
    [at.AT_NULL, 0],
  ];
  return entries.flatMap(([type, value]) => value === undefined ? [] : [type, value]);
}

export function isTooBig(
  { argv, envp, execfn, stackLimit }: Pick<StackRequest, "argv" | "envp" | "execfn" | "stackLimit">,
): boolean {
  const limit = Math.max(Math.min(MAX_LIMIT, Math.floor(stackLimit / 4)), MIN_LIMIT);
  const pointers = (Math.max(argv.length, 1) + envp.length) * KERNEL_POINTER;
  if (pointers >= limit) return true;
  const isTooLong = (string: Uint8Array) => string.length + 1 > MAX_STRING;
  if (isTooLong(execfn) || argv.some(isTooLong) || envp.some(isTooLong)) return true;
  return sizeOf(argv) + sizeOf(envp) + execfn.length + 1 > limit - pointers;
}

function alignDown(address: number): number {
  return address - address % 16;
}

/** Bytes of all strings with their NULs. */
function sizeOf(strings: readonly Uint8Array[]): number {
  return strings.reduce((sum, string) => sum + string.length + 1, 0);
}

function addresses(strings: readonly Uint8Array[], start: number): number[] {
  let next = start;
  return strings.map((string) => {
    const address = next;
    next += string.length + 1;
    return address;
  });
}

function putStrings(bytes: Uint8Array, strings: readonly Uint8Array[], start: number): void {
  let next = start;
  for (const string of strings) {
    bytes.set(string, next);
    next += string.length + 1;
  }
}
