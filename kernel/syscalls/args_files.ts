/** Argument types of the file calls. */
import * as fcntl from "../abi/fcntl.ts";
import { i64, u8 } from "../abi/layout.ts";
import { iovec } from "../abi/uio.ts";
import type { UserPtr } from "../abi/types.ts";
import {
  address,
  type ArgType,
  argument,
  type Formatter,
  octal,
  output,
  succeeded,
  type TracedCall,
  valueAt,
} from "./args.ts";
import { enumOf, flagsOf, namesWith } from "./args_flags.ts";
import { enumText, flagsText, hex, MAX_STRING, namesOf, quoteMemory, signed } from "./format.ts";
import { fixed, inStruct, outStruct, peek } from "./format_struct.ts";

const accessModes = namesOf({
  O_RDONLY: fcntl.O_RDONLY,
  O_WRONLY: fcntl.O_WRONLY,
  O_RDWR: fcntl.O_RDWR,
  O_ACCMODE: fcntl.O_ACCMODE,
});
/** In strace's order; of several bits before their parts. */
const openBits = namesOf({
  O_CREAT: fcntl.O_CREAT,
  O_EXCL: fcntl.O_EXCL,
  O_NOCTTY: fcntl.O_NOCTTY,
  O_TRUNC: fcntl.O_TRUNC,
  O_APPEND: fcntl.O_APPEND,
  O_NONBLOCK: fcntl.O_NONBLOCK,
  O_SYNC: fcntl.O_SYNC,
  O_DSYNC: fcntl.O_DSYNC,
  O_DIRECT: fcntl.O_DIRECT,
  O_LARGEFILE: fcntl.O_LARGEFILE,
  O_NOFOLLOW: fcntl.O_NOFOLLOW,
  O_NOATIME: fcntl.O_NOATIME,
  O_CLOEXEC: fcntl.O_CLOEXEC,
  O_PATH: fcntl.O_PATH,
  O_TMPFILE: fcntl.O_TMPFILE,
  O_DIRECTORY: fcntl.O_DIRECTORY,
  FASYNC: fcntl.O_ASYNC,
});

export function openText(value: number): string {
  const mode = enumText(accessModes, value & fcntl.O_ACCMODE, "O");
  const rest = value & ~fcntl.O_ACCMODE;
  return rest === 0 ? mode : `${mode}|${flagsText(openBits, rest, "O")}`;
}

export const openFlags = argument("int", "int", (call, i) => openText(valueAt(call, i)));

/** The mode of open(2), printed when the flags in argument `flags` create a file. */
export function openMode(flags: number): ArgType {
  return argument("umode_t", "uint16", (call, i) => {
    const value = valueAt(call, flags);
    const creates = (value & fcntl.O_CREAT) !== 0 || (value & fcntl.O_TMPFILE) === fcntl.O_TMPFILE;
    return creates ? octal(valueAt(call, i)) : "";
  });
}

/** O_CLOEXEC, O_NONBLOCK... of dup3(2) and pipe2(2). */
export const fdFlags = flagsOf(openBits, "O");

export const seekNames = namesWith(fcntl, "SEEK_");
export const whence = enumOf(seekNames, "SEEK");
/** Upper half of the offset of _llseek, which prints all of it; the lower half follows. */
export const llseekHigh = argument(
  "unsigned long",
  "ulong",
  (call, i) => signed((valueAt(call, i) | 0) * 2 ** 32 + valueAt(call, i + 1)),
);
export const llseekLow = argument("unsigned long", "ulong", () => "");
const accessBits = namesOf({ F_OK: fcntl.F_OK, R_OK: fcntl.R_OK, W_OK: fcntl.W_OK, X_OK: fcntl.X_OK });
export const accessMode = flagsOf(accessBits, "?_OK");
export const atBits = (last: Readonly<Record<string, number>>) =>
  namesOf({
    AT_SYMLINK_NOFOLLOW: fcntl.AT_SYMLINK_NOFOLLOW,
    ...last,
    AT_SYMLINK_FOLLOW: fcntl.AT_SYMLINK_FOLLOW,
    AT_NO_AUTOMOUNT: fcntl.AT_NO_AUTOMOUNT,
    AT_EMPTY_PATH: fcntl.AT_EMPTY_PATH,
  });
export const atFlags = flagsOf(atBits({ AT_REMOVEDIR: fcntl.AT_REMOVEDIR }), "AT");
export const accessFlags = flagsOf(atBits({ AT_EACCESS: fcntl.AT_EACCESS }), "AT");
export const renameFlags = flagsOf(namesWith(fcntl, "RENAME_"), "RENAME");
export const lockOperation = flagsOf(namesWith(fcntl, "LOCK_"), "LOCK");
export const closeRangeFlags = flagsOf(namesWith(fcntl, "CLOSE_RANGE_"), "CLOSE_RANGE");

/** loff_t the kernel writes: the result of _llseek. */
export const outLoff = outStruct("loff_t", fixed(i64), (value) => `[${value}]`);
/** loff_t read and written: sendfile64, copy_file_range. */
export const inLoff = inStruct("loff_t", fixed(i64), (value) => `[${value}]`);

function iovecText(call: TracedCall, index: number, count: number, written: boolean): string {
  const layout = iovec[call.task.abi.name];
  const parts: string[] = [];
  const fails = written && !succeeded(call);
  let left = written && !fails ? Number(call.outcome) : Infinity;
  for (let i = 0; i < count && i < MAX_STRING; i++) {
    const item = peek(call.task, layout, valueAt(call, index) + i * layout.size);
    if (item === undefined) return i === 0 ? hex(valueAt(call, index)) : `[${parts.join(", ")}, ...]`;
    const shown = Math.min(item.iov_len, left);
    left -= shown;
    const readable = item.iov_base !== 0 && !fails;
    const base = readable
      ? quoteMemory(call.task, item.iov_base, shown, MAX_STRING)
      : item.iov_base === 0
      ? "NULL"
      : hex(item.iov_base);
    parts.push(`{iov_base=${base}, iov_len=${signed(item.iov_len)}}`);
  }
  if (count > MAX_STRING) parts.push("...");
  return `[${parts.join(", ")}]`;
}

/** Buffers the kernel reads; argument `count` counts them. */
export function inIovec(count: number): ArgType<UserPtr> {
  return argument(
    "const struct iovec *",
    "ulong",
    (call, i) => iovecText(call, i, valueAt(call, count), false),
  );
}
/** Buffers the kernel fills with as many bytes as the result says. */
export function outIovec(count: number): ArgType<UserPtr> {
  return {
    ...output("const struct iovec *", address),
    format: (call, i) => {
      if (valueAt(call, i) === 0) return "NULL";
      return iovecText(call, i, valueAt(call, count), true);
    },
  };
}

/** Records of getdents64(2) or getdents(2): the address, and how many there are. */
export const outDirents: ArgType<UserPtr> = output("struct linux_dirent64 *", direntsText(16));
export const outOldDirents: ArgType<UserPtr> = output(
  "struct linux_dirent *",
  (call, i) => direntsText(call.task.abi.word * 2)(call, i),
);

/** `reclen` is the offset of d_reclen. */
function direntsText(reclen: number): Formatter {
  return (call, index) => {
    const start = valueAt(call, index);
    let count = 0;
    for (let at = 0; at < Number(call.outcome); count++) {
      const low = peek(call.task, u8, start + at + reclen);
      const high = peek(call.task, u8, start + at + reclen + 1);
      if (low === undefined || high === undefined || low + high === 0) break;
      at += low + high * 256;
    }
    return `${hex(start)} /* ${count} ${count === 1 ? "entry" : "entries"} */`;
  };
}

/** Both ends of pipe(2). */
export const outFds = output("int *", (call, i) => {
  const word = peek(call.task, i64, valueAt(call, i));
  return word === undefined ? address(call, i) : `[${word % 2 ** 32}, ${Math.floor(word / 2 ** 32)}]`;
});
