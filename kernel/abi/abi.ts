/** The two binary interfaces a guest can have, and what differs between them everywhere: the width of `long`. */
import { type Field, i32, i64, u32, u64 } from "./layout.ts";
import { R10, R8, R9, RAX, RBP, RBX, RCX, RDI, RDX, RSI } from "./registers.ts";

export type AbiName = "i386" | "x86_64";

export interface Abi {
  readonly name: AbiName;
  readonly bits: 32 | 64;
  /** Bytes of a pointer and of a long. */
  readonly word: 4 | 8;
  readonly long: Field<number>;
  readonly ulong: Field<number>;
  /** Registers that carry the arguments of a system call; number and result are in RAX. */
  readonly argumentRegisters: readonly [number, number, number, number, number, number];
  /** Highest address a task may use plus one (TASK_SIZE). */
  readonly taskSize: number;
  /** AT_PLATFORM and uname's machine. */
  readonly platform: string;
  readonly machine: string;
}

export const SYSCALL_NUMBER = RAX;
export const SYSCALL_RESULT = RAX;

export const X86_64: Abi = {
  name: "x86_64",
  bits: 64,
  word: 8,
  long: i64,
  ulong: u64,
  argumentRegisters: [RDI, RSI, RDX, R10, R8, R9],
  taskSize: 0x7fff_ffff_f000,
  platform: "x86_64",
  machine: "x86_64",
};

export const I386: Abi = {
  name: "i386",
  bits: 32,
  word: 4,
  long: i32,
  ulong: u32,
  argumentRegisters: [RBX, RCX, RDX, RSI, RDI, RBP],
  taskSize: 0xffff_e000,
  platform: "i686",
  machine: "i686",
};

/** Makes one value for each ABI, usually a struct whose fields are `long`s: `timespec[task.abi.name]`. */
export function perAbi<T>(make: (abi: Abi) => T): Readonly<Record<AbiName, T>> {
  return { i386: make(I386), x86_64: make(X86_64) };
}
