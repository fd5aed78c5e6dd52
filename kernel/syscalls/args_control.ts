/** Argument types of fcntl(2) and ioctl(2), whose third argument depends on the second. */
import * as fcntl from "../abi/fcntl.ts";
import * as ioctl from "../abi/ioctl.ts";
import type { TypeOf } from "../abi/layout.ts";
import { termios, winsize } from "../abi/termios.ts";
import {
  address,
  type ArgType,
  argument,
  hexResult,
  type ResultFormat,
  succeeded,
  type TracedCall,
  valueAt,
} from "./args.ts";
import { openText, seekNames } from "./args_files.ts";
import { enumOf, namesWith } from "./args_flags.ts";
import { enumText, hex, Names, namesOf, signed } from "./format.ts";
import { type LayoutFor, peek, structText } from "./format_struct.ts";

/** The F_OK and lock types share values with commands: the commands are put first. */
const fcntlCommands = new Names(() => [
  ...[...namesWith(fcntl, "F_")].filter(([, name]) => !/^F_(OK|RDLCK|WRLCK|UNLCK)$/.test(name)),
  ...namesOf({
    F_DUPFD: fcntl.F_DUPFD,
    F_GETFD: fcntl.F_GETFD,
    F_SETFD: fcntl.F_SETFD,
  }),
]);
export const fcntlCommand = enumOf(fcntlCommands, "F");

const NO_ARGUMENT = new Set([
  fcntl.F_GETFD,
  fcntl.F_GETFL,
  fcntl.F_GETOWN,
  fcntl.F_GETSIG,
  fcntl.F_GETPIPE_SZ,
  fcntl.F_GET_SEALS,
]);
const LOCKS = new Set([
  fcntl.F_GETLK,
  fcntl.F_SETLK,
  fcntl.F_SETLKW,
  fcntl.F_GETLK64,
  fcntl.F_SETLK64,
  fcntl.F_SETLKW64,
  fcntl.F_OFD_GETLK,
  fcntl.F_OFD_SETLK,
  fcntl.F_OFD_SETLKW,
]);
/** The third argument of fcntl(2), after its command. */
export const fcntlArgument: ArgType = {
  name: "unsigned long",
  decode: "ulong",
  out: true,
  format: fcntlArgumentText,
};

function fcntlArgumentText(call: TracedCall, i: number): string {
  const command = valueAt(call, i - 1);
  const value = valueAt(call, i);
  if (NO_ARGUMENT.has(command)) return "";
  if (command === fcntl.F_SETFD) return value === 1 ? "FD_CLOEXEC" : hex(value);
  if (command === fcntl.F_SETFL) return openText(value);
  if (LOCKS.has(command)) return flockText(call, i, command);
  return fcntlCommands.has(command) ? String(value) : hex(value);
}

const lockTypes = namesOf({ F_RDLCK: fcntl.F_RDLCK, F_WRLCK: fcntl.F_WRLCK, F_UNLCK: fcntl.F_UNLCK });
/** F_GETLK shows the lock in the way after the call, the others the lock that is asked for. */
function flockText(call: TracedCall, i: number, command: number): string {
  const asks = [fcntl.F_GETLK, fcntl.F_GETLK64, fcntl.F_OFD_GETLK].includes(command);
  const narrow = call.task.abi.bits === 32 && command >= fcntl.F_GETLK && command <= fcntl.F_SETLKW;
  const layout: LayoutFor<Flock> = (task) =>
    task.abi.bits === 64 ? fcntl.flock64Bit : narrow ? fcntl.flock32 : fcntl.flock64;
  const lock = asks && !succeeded(call) ? undefined : peek(call.task, layout(call.task), valueAt(call, i));
  if (lock === undefined) return address(call, i);
  const { l_type, l_whence, l_start, l_len, l_pid } = lock;
  return structText({ l_type, l_whence, l_start, l_len, ...(asks ? { l_pid } : {}) }, {
    l_type: (value) => enumText(lockTypes, value, "F"),
    l_whence: (value) => enumText(seekNames, value, "SEEK"),
  });
}
type Flock = TypeOf<typeof fcntl.flock64>;
export const fcntlResult: ResultFormat = (call, value) => {
  switch (valueAt(call, 1)) {
    case fcntl.F_GETFD:
      return value === 0 ? "0" : `${hex(value)} (flags FD_CLOEXEC)`;
    case fcntl.F_GETFL:
      return `${value === 0 ? "0" : hexResult(call, value)} (flags ${openText(value)})`;
    default:
      return signed(value);
  }
};

const ioctlNames = new Names(() =>
  namesOf(Object.fromEntries(Object.entries(ioctl).filter(([name]) => /^(T|F)/.test(name))))
);
export const ioctlCommand = argument(
  "unsigned int",
  "uint",
  (call, i) => ioctlNames.get(valueAt(call, i)) ?? ioctlCode(valueAt(call, i)),
);

/** `_IOC(_IOC_READ, 0x12, 0x34, 4)` of a request without a name. */
function ioctlCode(request: number): string {
  const directions = ["_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"];
  const direction = directions[request >>> 30];
  const size = hex(request >>> 16 & 0x3fff);
  return `_IOC(${direction}, ${hex(request >>> 8 & 0xff)}, ${hex(request & 0xff)}, ${size})`;
}
/** The third argument of ioctl(2), after its command. */
export const ioctlArgument: ArgType = {
  name: "unsigned long",
  decode: "ulong",
  out: true,
  format(call, i) {
    const command = valueAt(call, i - 1);
    const at = valueAt(call, i);
    if (command === ioctl.TIOCGWINSZ && succeeded(call)) {
      const size = peek(call.task, winsize, at);
      if (size !== undefined) return structText(size);
    }
    if (command === ioctl.TCGETS && succeeded(call)) {
      const value = peek(call.task, termios, at);
      if (value !== undefined) {
        const { c_iflag, c_oflag, c_cflag, c_lflag } = value;
        const flags = { c_iflag: hex, c_oflag: hex, c_cflag: hex, c_lflag: hex };
        return structText({ c_iflag, c_oflag, c_cflag, c_lflag }, flags, true);
      }
    }
    return address(call, i);
  },
};
