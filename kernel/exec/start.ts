/** Filling an empty address space with a program, up to the registers of its first instruction. */
import { type Abi, I386, X86_64 } from "../abi/abi.ts";
import { Errno } from "../abi/errno.ts";
import { type RegisterFile, RFLAGS, RIP, RSP } from "../abi/registers.ts";
import { ADDR_NO_RANDOMIZE } from "../abi/personality.ts";
import { RLIMIT_STACK } from "../abi/resource.ts";
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "../host.ts";
import { copyOut } from "../mm/user_memory.ts";
import type { AddressSpace } from "../mm/address_space.ts";
import { type AuxValues, buildStack, type InitialStack } from "../../loader/stack.ts";
import type { ElfImage } from "../../loader/elf/mod.ts";
import type { Credentials } from "../task/credentials.ts";
import type { MemoryLayout } from "../mm/layout.ts";
import type { ResourceLimits } from "../task/rlimits.ts";
import type { Task } from "../task/task.ts";
import { type LoadedImage, loadInterpreter, loadProgram } from "./load_image.ts";
import { mapVdso } from "./map_vdso.ts";
import type { VdsoSource } from "../host_vdso.ts";
import type { ModuleCache } from "./module_cache.ts";
import type { ImageFile, ProgramFile } from "./program_file.ts";

export interface StartRequest {
  readonly modules: ModuleCache;
  /** Who keeps the vDSO's clocks; without one programs get none. */
  readonly vdso: VdsoSource | undefined;
  readonly program: ProgramFile;
  readonly envp: readonly Uint8Array[];
  /** The path as it was given to execve. */
  readonly execfn: Uint8Array;
  readonly credentials: Credentials;
  readonly limits: ResourceLimits;
}

export interface Started {
  readonly entry: number;
  readonly stack: InitialStack;
  /** Address of envp. */
  readonly environment: number;
}

/** CPUID(1).edx as every processor that runs 64-bit Windows has it: FPU to SSE2, CMOV, FXSR. */
const HWCAP = 0x178bfbff;
/** Interrupts on, and the bit that is always one. */
const INITIAL_FLAGS = 0x202;

export function abiOf(image: ElfImage): Abi {
  return image.bits === 64 ? X86_64 : I386;
}

/** ENOMEM: the image or its stack does not fit; E2BIG: arguments and environment are too large. */
export function startProgram(mm: AddressSpace, request: StartRequest): Started | Errno {
  const { program, modules } = request;
  const { image, interpreter } = program;
  const module = modules.get(program, image);
  const loaded = module instanceof Errno ? module : loadProgram(mm, module, program);
  if (loaded instanceof Errno) return loaded;
  mm.startBrk = mm.brk = loaded.end + mm.layout.heapGap;
  const linker = interpreter && startInterpreter(mm, modules, interpreter);
  if (linker instanceof Errno) return linker;

  const stackLimit = request.limits.current(RLIMIT_STACK);
  const executable = image.executableStack === true || image.readImpliesExec;
  const prot = PROT_READ | PROT_WRITE | (executable ? PROT_EXEC : 0);
  const failure = mm.stack.create(stackLimit, prot);
  if (failure !== undefined) return failure;
  const vdso = request.vdso && mapVdso(mm, modules);
  if (vdso instanceof Errno) return vdso;
  if (vdso !== undefined && request.vdso !== undefined) mm.vdso.attach(vdso, request.vdso);
  const stack = buildStack({
    bits: image.bits,
    top: mm.layout.stackTop,
    argv: program.argv.length === 0 ? [new Uint8Array(0)] : program.argv,
    envp: request.envp,
    execfn: request.execfn,
    random: crypto.getRandomValues(new Uint8Array(16)),
    stackLimit,
    aux: {
      ...auxiliaryValues(image, loaded, request.credentials),
      base: linker?.bias ?? 0,
      sysinfo: vdso?.sysinfo,
      sysinfoEhdr: vdso?.image,
    },
  });
  if (stack instanceof Errno) return stack;
  const copied = copyOut({ mm }, stack.sp, stack.bytes);
  if (copied !== 0) return copied;
  mm.arguments = stack;
  const environment = stack.sp + (1 + Math.max(1, program.argv.length) + 1) * mm.abi.word;
  return { entry: linker?.entry ?? loaded.entry, stack, environment };
}

function startInterpreter(
  mm: AddressSpace,
  modules: ModuleCache,
  file: ImageFile,
): LoadedImage | Errno {
  const module = modules.get(file, file.image);
  return module instanceof Errno ? module : loadInterpreter(mm, module, file);
}

/** The layout for a program that the task executes (personality(2)). */
export function layoutFor({ kernel, settings }: Task, { image }: ProgramFile): MemoryLayout {
  return kernel.layouts.get(abiOf(image).name, (settings.personality & ADDR_NO_RANDOMIZE) !== 0);
}

/** The registers of a program's first instruction: all zero but two (both psABIs, "Process Initialization"). */
export function setEntryRegisters(registers: RegisterFile, started: Started): void {
  registers.clear();
  registers.set(RIP, started.entry);
  registers.set(RSP, started.stack.sp);
  registers.set(RFLAGS, INITIAL_FLAGS);
}

function auxiliaryValues(
  image: ElfImage,
  loaded: LoadedImage,
  credentials: Credentials,
): Omit<AuxValues, "base"> {
  return {
    hwcap: HWCAP,
    phdr: loaded.programHeaders,
    phent: image.programHeaders.entrySize,
    phnum: image.programHeaders.count,
    entry: loaded.entry,
    uid: credentials.uid,
    euid: credentials.euid,
    gid: credentials.gid,
    egid: credentials.egid,
    secure: false,
  };
}
