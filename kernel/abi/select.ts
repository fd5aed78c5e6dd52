/** select(2) (linux/posix_types.h, fs/select.c). An fd_set is an array of longs; bit n is descriptor n. */
import { perAbi } from "./abi.ts";
import { struct, u32 } from "./layout.ts";
import {
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLPRI,
  POLLRDBAND,
  POLLRDNORM,
  POLLWRBAND,
  POLLWRNORM,
} from "./poll.ts";

/** What makes a descriptor readable, writable and exceptional (POLLIN_SET, POLLOUT_SET, POLLEX_SET). */
export const READ_EVENTS = POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR;
export const WRITE_EVENTS = POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR;
export const EXCEPT_EVENTS = POLLPRI;

/** The sixth argument of pselect6: a pointer to the mask, and its size. */
export const sigsetArgpack = perAbi((abi) =>
  struct("sigset_argpack", 2 * abi.word, { p: abi.ulong, size: abi.ulong })
);

/** struct sel_arg_struct, 20 bytes: the only argument of i386's first select. */
export const selArgStruct = struct("sel_arg_struct", 20, { n: u32, inp: u32, outp: u32, exp: u32, tvp: u32 });
