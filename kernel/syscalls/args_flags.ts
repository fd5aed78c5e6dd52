/** Argument types whose values have names: sets of flags and enumerations. */
import * as mman from "../abi/mman.ts";
import { PER_LINUX, PER_LINUX32 } from "../abi/personality.ts";
import * as random from "../abi/random.ts";
import * as resource from "../abi/resource.ts";
import * as sched from "../abi/sched.ts";
import * as signals from "../abi/signal.ts";
import * as time from "../abi/time.ts";
import { PROT_EXEC, PROT_NONE, PROT_READ, PROT_WRITE } from "../host.ts";
import { signalName } from "../signal/numbers.ts";
import { address, type ArgType, argument, type ResultFormat, valueAt } from "./args.ts";
import { enumText, flagsText, hex, Names, namesOf } from "./format.ts";

/** The constants of a module whose names begin with `prefix`, as names. */
export function namesWith(constants: Readonly<Record<string, unknown>>, prefix: string): Names {
  return new Names(() => {
    const found: Record<string, number> = {};
    for (const [name, value] of Object.entries(constants)) {
      if (name.startsWith(prefix) && typeof value === "number") found[name] = value;
    }
    return [...namesOf(found)].sort(([a], [b]) => (a >>> 0) - (b >>> 0));
  });
}

/** An enumeration: one name a value. */
export function enumOf(names: Names, prefix: string, type = "int"): ArgType {
  return argument(type, "int", (call, i) => enumText(names, valueAt(call, i), prefix));
}

/** A set of flags. */
export function flagsOf(names: Names, prefix: string): ArgType {
  return argument("int", "uint", (call, i) => flagsText(names, valueAt(call, i), prefix));
}

export const prot = flagsOf(
  namesOf({
    PROT_NONE,
    PROT_READ,
    PROT_WRITE,
    PROT_EXEC,
    PROT_SEM: mman.PROT_SEM,
    PROT_GROWSDOWN: mman.PROT_GROWSDOWN,
    PROT_GROWSUP: mman.PROT_GROWSUP,
  }),
  "PROT",
);

const mapBits = new Names(() =>
  [...namesWith(mman, "MAP_")].filter(([bits, name]) => bits > mman.MAP_TYPE && name !== "MAP_TYPE")
);
const mapTypes = namesOf({
  MAP_FILE: 0,
  MAP_SHARED: mman.MAP_SHARED,
  MAP_PRIVATE: mman.MAP_PRIVATE,
  MAP_SHARED_VALIDATE: mman.MAP_SHARED_VALIDATE,
});
export const mapFlags = argument("int", "uint", (call, i) => {
  const value = valueAt(call, i);
  const type = enumText(mapTypes, value & mman.MAP_TYPE, "MAP");
  const rest = value & ~mman.MAP_TYPE;
  return rest === 0 ? type : `${type}|${flagsText(mapBits, rest, "MAP")}`;
});

export const mremapFlags = flagsOf(namesWith(mman, "MREMAP_"), "MREMAP");
export const msyncFlags = flagsOf(
  namesOf({ MS_SYNC: mman.MS_SYNC, MS_ASYNC: mman.MS_ASYNC, MS_INVALIDATE: mman.MS_INVALIDATE }),
  "MS",
);
export const mlockallFlags = flagsOf(namesWith(mman, "MCL_"), "MCL");
export const madvice = enumOf(namesWith(mman, "MADV_"), "MADV");

const cloneNames = namesWith(sched, "CLONE_");
/** Flags of clone(2), its exit signal in the low byte. */
export const cloneFlags = argument("unsigned long", "ulong", (call, i) => {
  const value = valueAt(call, i);
  const signal = value & sched.CSIGNAL;
  const flags = (value & ~sched.CSIGNAL) >>> 0;
  if (flags === 0) return signal === 0 ? "0" : signalName(signal);
  const text = flagsText(cloneNames, flags, "CLONE");
  return signal === 0 ? text : `${text}|${signalName(signal)}`;
});

/** CLOCK_SGI_CYCLE is gone from Linux; its number is not used again. */
const clocks = new Names(() => [...namesWith(time, "CLOCK_"), [10, "CLOCK_SGI_CYCLE"]]);
export const clockId = enumOf(clocks, "CLOCK", "clockid_t");
export const timerFlags = flagsOf(namesOf({ TIMER_ABSTIME: time.TIMER_ABSTIME }), "TIMER");
export const itimerWhich = enumOf(namesWith(time, "ITIMER_"), "ITIMER");

export const signal = argument("int", "int", (call, i) => signalName(valueAt(call, i)));
export const sigHow = enumOf(
  namesOf({
    SIG_BLOCK: signals.SIG_BLOCK,
    SIG_UNBLOCK: signals.SIG_UNBLOCK,
    SIG_SETMASK: signals.SIG_SETMASK,
  }),
  "SIG",
);
export const saFlags = new Names(() => [
  [signals.SA_RESTORER, "SA_RESTORER"],
  [signals.SA_ONSTACK, "SA_ONSTACK"],
  [signals.SA_RESTART, "SA_RESTART"],
  [signals.SA_NODEFER, "SA_NODEFER"],
  [signals.SA_RESETHAND, "SA_RESETHAND"],
  [signals.SA_SIGINFO, "SA_SIGINFO"],
  [signals.SA_NOCLDSTOP, "SA_NOCLDSTOP"],
  [signals.SA_NOCLDWAIT, "SA_NOCLDWAIT"],
  [signals.SA_UNSUPPORTED, "SA_UNSUPPORTED"],
  [signals.SA_EXPOSE_TAGBITS, "SA_EXPOSE_TAGBITS"],
]);

export const rlimitResource = enumOf(namesWith(resource, "RLIMIT_"), "RLIMIT");
export const rusageWho = enumOf(namesWith(resource, "RUSAGE_"), "RUSAGE");
export const prioWhich = enumOf(namesWith(resource, "PRIO_"), "PRIO");
export const randomFlags = flagsOf(namesWith(random, "GRND_"), "GRND");
export const memfdFlags = flagsOf(namesWith(mman, "MFD_"), "MFD");

const policies = new Names(() =>
  [...namesWith(sched, "SCHED_")].filter(([value]) => value !== sched.SCHED_RESET_ON_FORK)
);
export const schedPolicy = enumOf(policies, "SCHED");

const personalities = namesOf({ PER_LINUX, PER_LINUX32 });
/** personality(2); 0xffffffff only asks. */
export const personality = argument("unsigned int", "uint", (call, i) => {
  const value = valueAt(call, i);
  return personalities.get(value) ?? hex(value);
});
export const personalityResult: ResultFormat = (_call, value) =>
  `${hex(value)} (${personalities.get(value) ?? "PER_???"})`;
export const policyResult: ResultFormat = (_call, value) =>
  `${value} (${enumText(policies, value, "SCHED")})`;

export const fadvice = enumOf(
  namesOf({
    POSIX_FADV_NORMAL: 0,
    POSIX_FADV_RANDOM: 1,
    POSIX_FADV_SEQUENTIAL: 2,
    POSIX_FADV_WILLNEED: 3,
    POSIX_FADV_DONTNEED: 4,
    POSIX_FADV_NOREUSE: 5,
  }),
  "POSIX_FADV",
);
export const membarrierCommand = enumOf(namesOf({ MEMBARRIER_CMD_QUERY: 0 }), "MEMBARRIER_CMD");

/** New address of mremap(2), after its flags. */
export const remapAddress = argument(
  "void *",
  "ulong",
  (call, i) => (valueAt(call, i - 1) & mman.MREMAP_FIXED) === 0 ? "" : address(call, i),
);
