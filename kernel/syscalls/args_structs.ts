/** Argument types that point to structs; `in` is read by the kernel, `out` written. */
import { array, i32, u16, u32, u64big } from "../abi/layout.ts";
import { rlimit, rlimit64, rusage } from "../abi/resource.ts";
import { schedParam } from "../abi/sched.ts";
import {
  oldSigaction,
  SIG_DFL,
  SIG_IGN,
  sigaction,
  sigaltstack,
  SS_DISABLE,
  SS_ONSTACK,
} from "../abi/signal.ts";
import { sysinfo } from "../abi/sysinfo.ts";
import { itimerval, timespec, timespec64, timeT, timeval, timezone, tms } from "../abi/time.ts";
import { newUtsname, oldoldUtsname, oldUtsname } from "../abi/utsname.ts";
import { perAbi } from "../abi/abi.ts";
import {
  type ArgType,
  input,
  output,
  type ResultFormat,
  succeeded,
  type TracedCall,
  valueAt,
} from "./args.ts";
import { saFlags } from "./args_flags.ts";
import { flagsText, formatString, hex, namesOf, signed } from "./format.ts";
import {
  fixed,
  inArray,
  inStruct,
  ofAbi,
  outArray,
  outStruct,
  peek,
  sigsetText,
  structText,
} from "./format_struct.ts";

const plain = (value: object) => structText(value);

/** Nanoseconds below zero show as the unsigned word they are. */
const timespecText = (value: object, { task }: TracedCall) =>
  structText(value, { tv_nsec: (nsec) => signed(nsec < 0 ? nsec + 2 ** task.abi.bits : nsec) });
export const outTimespec = outStruct("struct timespec", ofAbi(timespec), timespecText);
export const inTimespec = inStruct("struct timespec", ofAbi(timespec), timespecText);
export const outTimespec64 = outStruct("struct __kernel_timespec", fixed(timespec64), timespecText);
export const inTimespec64 = inStruct("struct __kernel_timespec", fixed(timespec64), timespecText);
export const outTimeval = outStruct("struct timeval", ofAbi(timeval), plain);
export const inTimeval = inStruct("struct timeval", ofAbi(timeval), plain);
export const outTimezone = outStruct("struct timezone", fixed(timezone), plain);
export const inTimezone = inStruct("struct timezone", fixed(timezone), plain);
export const outItimerval = outStruct("struct itimerval", ofAbi(itimerval), plain);
export const inItimerval = inStruct("struct itimerval", ofAbi(itimerval), plain);
export const outTms = outStruct("struct tms", ofAbi(tms), plain);
export const outTime = outStruct("time_t", ofAbi(timeT), (value) => `[${value} /* ${dateText(value)} */]`);
export const timeResult: ResultFormat = (_call, value) => `${value} (${dateText(value)})`;

/** `2026-11-22T15:19:43+0000`: strace shows local time, and ours is UTC. */
function dateText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace(/\.\d+Z$/, "+0000");
}

/** Time left of an interrupted sleep: an address when the sleep was not interrupted, as strace. */
export const outRemaining: ArgType = remaining(outTimespec);
export const outRemaining64: ArgType = remaining(outTimespec64);

function remaining(type: ArgType): ArgType {
  return {
    ...type,
    format: (call, index) => {
      const address = valueAt(call, index);
      if (address === 0) return "NULL";
      return succeeded(call) ? hex(address) : type.format({ ...call, outcome: 0 }, index);
    },
  };
}

/** 8192*1024 as strace prints multiples of a kilobyte. */
function limitText(infinity: string): (value: number) => string {
  return (value) => {
    if (value === Infinity) return infinity;
    return value > 1024 && value % 1024 === 0 ? `${value / 1024}*1024` : String(value);
  };
}
const limit = limitText("RLIM_INFINITY");
const limit64 = limitText("RLIM64_INFINITY");
const rlimit64Text = (value: object) => structText(value, { rlim_cur: limit64, rlim_max: limit64 });
const rlimitText = (value: object, { task }: TracedCall) =>
  task.abi.bits === 64 ? rlimit64Text(value) : structText(value, { rlim_cur: limit, rlim_max: limit });
export const outRlimit = outStruct("struct rlimit", ofAbi(rlimit), rlimitText);
export const inRlimit = inStruct("struct rlimit", ofAbi(rlimit), rlimitText);
export const outRlimit64 = outStruct("struct rlimit64", fixed(rlimit64), rlimit64Text);
export const inRlimit64 = inStruct("struct rlimit64", fixed(rlimit64), rlimit64Text);

export const outRusage = outStruct(
  "struct rusage",
  ofAbi(rusage),
  ({ ru_utime, ru_stime }) => structText({ ru_utime, ru_stime }, {}, true),
);

const utsnameText = (value: Readonly<Record<string, string>>) => {
  const { sysname, nodename } = value;
  return structText({ sysname, nodename }, {}, true);
};
export const outNewUtsname = outStruct("struct new_utsname", fixed(newUtsname), utsnameText);
export const outOldUtsname = outStruct("struct old_utsname", fixed(oldUtsname), utsnameText);
export const outOldoldUtsname = outStruct("struct oldold_utsname", fixed(oldoldUtsname), utsnameText);

export const outSysinfo = outStruct("struct sysinfo", ofAbi(sysinfo), plain);

/** A string the kernel writes: its NUL ends it. */
export const outString = output("char *", (call, i) => formatString(call.task, valueAt(call, i)));
/** A string the kernel reads. */
export const inString = input("const char *", (call, i) => formatString(call.task, valueAt(call, i)));

export const outSigset = outStruct("sigset_t", fixed(u64big), sigsetText);
export const inSigset = inStruct("const sigset_t", fixed(u64big), sigsetText);
export const outOldSigset = outStruct("old_sigset_t", fixed(u32), (set) => sigsetText(BigInt(set)));
export const inOldSigset = inStruct("old_sigset_t", fixed(u32), (set) => sigsetText(BigInt(set)));

interface ActionFields {
  readonly sa_handler: number;
  readonly sa_flags: number;
  readonly sa_restorer: number;
  readonly sa_mask: number | bigint;
}

function sigactionText(action: ActionFields): string {
  const handlers = new Map([[SIG_DFL, "SIG_DFL"], [SIG_IGN, "SIG_IGN"]]);
  const fields = [
    `sa_handler=${handlers.get(action.sa_handler) ?? hex(action.sa_handler)}`,
    `sa_mask=${sigsetText(BigInt(action.sa_mask))}`,
    `sa_flags=${flagsText(saFlags, action.sa_flags, "SA")}`,
  ];
  if (action.sa_flags & SA_RESTORER_BIT) fields.push(`sa_restorer=${hex(action.sa_restorer)}`);
  return `{${fields.join(", ")}}`;
}
const SA_RESTORER_BIT = 0x0400_0000;
export const inSigaction = inStruct("struct sigaction", ofAbi(sigaction), sigactionText);
export const outSigaction = outStruct("struct sigaction", ofAbi(sigaction), sigactionText);
export const inOldSigaction = inStruct("struct old_sigaction", fixed(oldSigaction), sigactionText);
export const outOldSigaction = outStruct("struct old_sigaction", fixed(oldSigaction), sigactionText);

const stackFlags = namesOf({ SS_ONSTACK, SS_DISABLE });
const stackText = (value: object) =>
  structText(value, {
    ss_sp: (address) => address === 0 ? "NULL" : hex(address),
    ss_flags: (flags) => flagsText(stackFlags, flags, "SS"),
  });
export const inStack = inStruct("stack_t", ofAbi(sigaltstack), stackText);
export const outStack = outStruct("stack_t", ofAbi(sigaltstack), stackText);

export const inSchedParam = inStruct(
  "struct sched_param",
  fixed(schedParam),
  ({ sched_priority }) => `[${sched_priority}]`,
);
export const outSchedParam = outStruct(
  "struct sched_param",
  fixed(schedParam),
  ({ sched_priority }) => `[${sched_priority}]`,
);

/** One int, unsigned or pointer-sized word the kernel writes: `[1]`. */
export const outInt = outStruct("int", fixed(i32), (value) => `[${value}]`);
export const outUint = outStruct("unsigned int", fixed(u32), (value) => `[${value}]`);
export const outWord = outStruct(
  "unsigned long",
  ofAbi(perAbi((abi) => abi.ulong)),
  (value) => `[${hex(value)}]`,
);
export const outSize = outStruct(
  "size_t",
  ofAbi(perAbi((abi) => abi.ulong)),
  (value) => `[${signed(value)}]`,
);
export const outId16 = outStruct("__kernel_old_uid_t", fixed(u16), (value) => `[${value}]`);

/** Supplementary groups; the result, or argument 0, counts them. */
export const outGroups = outArray("gid_t", fixed(u32), resultCount);
export const outGroups16 = outArray("__kernel_old_gid_t", fixed(u16), resultCount);
export const inGroups = inArray("gid_t", fixed(u32), (call) => valueAt(call, 0));
export const inGroups16 = inArray("__kernel_old_gid_t", fixed(u16), (call) => valueAt(call, 0));

/** `[0 1]`: processors of a mask of as many bytes as the result says. */
export const outCpuSet = output(
  "unsigned long *",
  (call, i) => cpuSetText(call, valueAt(call, i), resultCount(call)),
);
export const inCpuSet = input(
  "const unsigned long *",
  (call, i) => cpuSetText(call, valueAt(call, i), valueAt(call, 1)),
);

function cpuSetText(call: TracedCall, address: number, length: number): string {
  const cpus: number[] = [];
  for (let byte = 0; byte < Math.min(length, 128); byte++) {
    const bits = peek(call.task, { ...u16, size: 1, read: (view, at) => view.getUint8(at) }, address + byte);
    if (bits === undefined) return hex(address);
    for (let bit = 0; bit < 8; bit++) if (bits & 1 << bit) cpus.push(byte * 8 + bit);
  }
  return `[${cpus.join(" ")}]`;
}

/** `["a", "b"]`: argv of execve(2). */
export const argv = input("const char *const *", (call, index) => {
  const word = call.task.abi.ulong;
  const texts: string[] = [];
  for (let i = 0; i < 32; i++) {
    const pointer = peek(call.task, word, valueAt(call, index) + i * word.size);
    if (pointer === undefined) return hex(valueAt(call, index));
    if (pointer === 0) return `[${texts.join(", ")}]`;
    texts.push(formatString(call.task, pointer));
  }
  return `[${texts.join(", ")}, ...]`;
});

/** `0x7ffe1000 /* 12 vars *\/`: envp of execve(2). */
export const envp = input("const char *const *", (call, index) => {
  const word = call.task.abi.ulong;
  const address = valueAt(call, index);
  let count = 0;
  for (; count < 100_000; count++) {
    const pointer = peek(call.task, word, address + count * word.size);
    if (pointer === undefined) return hex(address);
    if (pointer === 0) break;
  }
  return `${hex(address)} /* ${count} var${count === 1 ? "" : "s"} */`;
});

function resultCount(call: TracedCall): number {
  return typeof call.outcome === "number" ? call.outcome : 0;
}

/** The argument of old mmap: a pointer to six words. */
export const oldMmapArgs = inStruct(
  "struct mmap_arg_struct32",
  fixed(array(u32, 6)),
  ([at = 0, length = 0, prot = 0, flags = 0, fd = 0, offset = 0]) =>
    `{${hex(at)}, ${length}, ${hex(prot)}, ${hex(flags)}, ${fd | 0}, ${hex(offset)}}`,
);
