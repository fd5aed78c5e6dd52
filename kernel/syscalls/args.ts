/**
 * Argument types of system calls, as data. One declaration says how the argument is read from registers, what the
 * handler gets, and how `--trace` prints it. Sign extension is decided here and nowhere else.
 */
import { AT_FDCWD } from "../abi/fcntl.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { PAGE_SIZE } from "../host.ts";
import type { Task } from "../task/task.ts";
import type { Outcome } from "./result.ts";
import { formatPath, hex, MAX_STRING, quoteHex, quoteMemory, signed } from "./format.ts";

/**
 * How an argument is taken from the registers, in C's terms; `long` is the ABI's.
 * skip: takes a register and gives the handler nothing (the upper half of a 64-bit pair on x86-64).
 * int, uint: 32 bits, whatever the upper half holds.
 * long, ulong: a word; an offset; a size, an address, a mask.
 * uint16: umode_t.
 * id16: old 16-bit user and group ids, 0xffff means -1 (low2highuid).
 * loff: signed 64 bits: one register on x86-64; on i386 two arguments, low word first.
 */
export type Decode = "skip" | "int" | "uint" | "long" | "ulong" | "uint16" | "id16" | "loff";

/** One traced call. `values` are the handler's arguments. */
export interface TracedCall {
  readonly task: Task;
  readonly values: readonly number[];
  /** undefined until the call has returned. */
  readonly outcome: Outcome | undefined;
}

/** Text of the argument at `index` of `call.values`; "" leaves it out (the mode of an open that creates nothing). */
export type Formatter = (call: TracedCall, index: number) => string;

export interface ArgType<T = number> {
  /** The C type, for documentation. */
  readonly name: string;
  readonly decode: Decode;
  readonly format: Formatter;
  /** The kernel writes what it points to: printed after the call; an address when the call failed. */
  readonly out: boolean;
  /** What the handler gets; never set. */
  readonly value?: T;
}

export type AnyArg = ArgType<number | undefined>;

/** Parameters of a handler for a list of argument types. */
export type Values<A extends readonly AnyArg[]> = A extends
  readonly [infer First, ...infer Rest extends readonly AnyArg[]]
  ? First extends ArgType<infer T> ? undefined extends T ? Values<Rest> : [T, ...Values<Rest>]
  : never
  : [];

/** Declares a type whose text does not depend on what the call does. */
export function argument<T extends number = number>(
  name: string,
  decode: Decode,
  format: Formatter,
): ArgType<T> {
  return { name, decode, format, out: false };
}

/** Declares a pointer the kernel writes through. */
export function output<T extends number = UserPtr>(name: string, format: Formatter): ArgType<T> {
  return {
    name,
    decode: "ulong",
    out: true,
    format: (call, index) =>
      call.values[index] === 0 || !succeeded(call) ? address(call, index) : format(call, index),
  };
}

/** Declares a pointer the kernel reads through. NULL prints as NULL. */
export function input<T extends number = UserPtr>(name: string, format: Formatter): ArgType<T> {
  return argument<T>(
    name,
    "ulong",
    (call, index) => call.values[index] === 0 ? "NULL" : format(call, index),
  );
}

export function succeeded(call: TracedCall): boolean {
  return typeof call.outcome === "number";
}

export function valueAt(call: TracedCall, index: number): number {
  return call.values[index] ?? 0;
}

export function address(call: TracedCall, index: number): string {
  const value = valueAt(call, index);
  return value === 0 ? "NULL" : hex(value);
}

export function decimal(call: TracedCall, index: number): string {
  return signed(valueAt(call, index));
}

export const unused: ArgType<undefined> = {
  name: "unused",
  decode: "skip",
  format: () => "",
  out: false,
};

export const int = argument("int", "int", decimal);
export const uint = argument("unsigned int", "uint", decimal);
export const long = argument("long", "long", decimal);
export const ulong = argument("unsigned long", "ulong", decimal);
export const hexUint = argument("unsigned int", "uint", (c, i) => hex(valueAt(c, i)));
export const hexUlong = argument("unsigned long", "ulong", (c, i) => hex(valueAt(c, i)));
export const size = argument("size_t", "ulong", decimal);
/** off_t: the word of the ABI. */
export const offset = argument("off_t", "long", decimal);
/** loff_t. */
export const loff = argument("loff_t", "loff", decimal);
/** Offset of mmap(2), in hexadecimal as strace prints it. */
export const hexOffset = argument("unsigned long", "ulong", (c, i) => hex(valueAt(c, i)));
/** Offset of mmap2 in pages, printed in bytes. */
export const pageOffset = argument("unsigned long", "ulong", (c, i) => hex(valueAt(c, i) * PAGE_SIZE));
export const pid = argument("pid_t", "int", decimal);
/** uid_t or gid_t; -1 ("leave it") is 0xffffffff. */
export const id = argument("uid_t", "uint", formatId);
export const id16 = argument("__kernel_old_uid_t", "id16", formatId);
export const mode = argument("umode_t", "uint16", (c, i) => octal(valueAt(c, i)));
export const fd = argument<Fd>("int fd", "int", decimal);
export const dirfd = argument<Fd>(
  "int dirfd",
  "int",
  (c, i) => valueAt(c, i) === AT_FDCWD ? "AT_FDCWD" : decimal(c, i),
);

/** An address that is printed as such. */
export const ptr = argument<UserPtr>("void *", "ulong", address);
/** Bytes the kernel makes up: all in hexadecimal. */
export const outRandom: ArgType<UserPtr> = output(
  "void *",
  (call, index) => quoteHex(call.task, valueAt(call, index), Number(call.outcome)),
);

/** A path, read before the call. */
export const path = input(
  "const char *",
  (call, index) => formatPath(call.task, valueAt(call, index)),
);

/** Bytes the kernel reads; argument `length` counts them. */
export function inBuffer(length: number): ArgType<UserPtr> {
  return input(
    "const void *",
    (call, index) => quoteMemory(call.task, valueAt(call, index), valueAt(call, length), MAX_STRING),
  );
}

/** Bytes the kernel writes; the result counts them. */
export const outBuffer: ArgType<UserPtr> = output(
  "void *",
  (call, index) => quoteMemory(call.task, valueAt(call, index), Number(call.outcome), MAX_STRING),
);

function formatId(call: TracedCall, index: number): string {
  const value = valueAt(call, index);
  return value === 0xffff_ffff ? "-1" : String(value);
}

/** At least three digits, the leading zero among them: `022`, `0755`. */
export function octal(value: number): string {
  return value === 0 ? "000" : `0${value.toString(8)}`.padStart(3, "0");
}

/** How `--trace` prints a result that is no error. */
export type ResultFormat = (call: TracedCall, value: number) => string;

export const decimalResult: ResultFormat = (_call, value) => signed(value);
export const hexResult: ResultFormat = (_call, value) => hex(value);
export const octalResult: ResultFormat = (_call, value) => octal(value);
/** The call does not return. */
export const noResult: ResultFormat = () => "?";
