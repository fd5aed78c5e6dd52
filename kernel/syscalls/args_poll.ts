/** Argument types of pipes, polling and splicing. */
import * as eventfd from "../abi/eventfd.ts";
import * as poll from "../abi/poll.ts";
import { selArgStruct, sigsetArgpack } from "../abi/select.ts";
import * as splice from "../abi/splice.ts";
import { u64big } from "../abi/layout.ts";
import { timespec, timespec64, timeval } from "../abi/time.ts";
import { copyIn } from "../mm/user_memory.ts";
import { Errno } from "../abi/errno.ts";
import { type ArgType, input, type ResultFormat, type TracedCall, valueAt } from "./args.ts";
import { flagsOf, namesWith } from "./args_flags.ts";
import { flagsText, hex } from "./format.ts";
import { fixed, inStruct, type LayoutFor, ofAbi, peek, sigsetText, structText } from "./format_struct.ts";

export const eventfdFlags = flagsOf(namesWith(eventfd, "EFD_"), "EFD");
export const spliceFlags = flagsOf(namesWith(splice, "SPLICE_F_"), "SPLICE_F");

/** Elements that are printed. */
const MAX_ELEMENTS = 32;
const pollNames = namesWith(poll, "POLL");
const events = (value: number) => flagsText(pollNames, value & 0xffff, "POLL");

type PollText = (item: poll.PollFd) => string | undefined;

function pollfds(call: TracedCall, index: number, text: PollText): string {
  const parts: string[] = [];
  const count = valueAt(call, index + 1);
  for (let i = 0; i < count && i < MAX_ELEMENTS; i++) {
    const item = peek(call.task, poll.pollfd, valueAt(call, index) + i * poll.pollfd.size);
    if (item === undefined) return i === 0 ? hex(valueAt(call, index)) : `[${parts.join(", ")}, ...]`;
    const shown = text(item);
    if (shown !== undefined) parts.push(shown);
  }
  if (count > MAX_ELEMENTS) parts.push("...");
  return `[${parts.join(", ")}]`;
}

/** `[{fd=3, events=POLLIN}]`; the next argument counts them. */
export const inPollfds = input(
  "struct pollfd *",
  (call, i) =>
    pollfds(
      call,
      i,
      ({ fd, events: wanted }) => fd < 0 ? `{fd=${fd}}` : `{fd=${fd}, events=${events(wanted)}}`,
    ),
);

/** `1 ([{fd=3, revents=POLLIN}])`, and what is left of the timeout that has this layout. */
function pollResultWith(layout: LayoutFor<object> | undefined): ResultFormat {
  return (call, value) => {
    if (value === 0) return "0 (Timeout)";
    const shown = pollfds(
      call,
      0,
      ({ fd, revents }) => revents === 0 ? undefined : `{fd=${fd}, revents=${events(revents)}}`,
    );
    return `${value} (${shown}${layout ? leftText(call, 2, layout) : ""})`;
  };
}
export const pollResult = pollResultWith(undefined);
export const ppollResult = pollResultWith(ofAbi<object>(timespec));
export const ppollResult64 = pollResultWith(fixed<object>(timespec64));

function setText(call: TracedCall, address: number, count: number): string {
  const raw = copyIn(call.task, address, Math.ceil(Math.min(Math.max(count, 0), 1024) / 8));
  if (raw instanceof Errno) return hex(address);
  const fds: number[] = [];
  for (let fd = 0; fd < count && fd < raw.length * 8; fd++) {
    if ((raw[fd >> 3]! >> (fd & 7) & 1) !== 0) fds.push(fd);
  }
  return `[${fds.join(" ")}]`;
}

/** `[3 5]`: the descriptors of a set; argument 0 bounds them. */
export const inFdSet = input("fd_set *", (call, i) => setText(call, valueAt(call, i), valueAt(call, 0)));

/** `2 (in [3], out [4], left {tv_sec=1, tv_usec=0})`. */
function selectResultWith(layout: LayoutFor<object>): ResultFormat {
  return (call, value) => {
    if (value === 0) return "0 (Timeout)";
    const sets = ["in", "out", "except"].flatMap((name, i) => {
      const address = valueAt(call, i + 1);
      const text = address === 0 ? "[]" : setText(call, address, valueAt(call, 0));
      return text === "[]" ? [] : [`${name} ${text}`];
    });
    return `${value} (${sets.join(", ")}${leftText(call, 4, layout)})`;
  };
}
export const selectResult = selectResultWith(ofAbi<object>(timeval));
export const pselectResult = selectResultWith(ofAbi<object>(timespec));
export const pselectResult64 = selectResultWith(fixed<object>(timespec64));

/** What is left of the timeout that argument `index` points to. */
function leftText(call: TracedCall, index: number, layout: LayoutFor<object>): string {
  const address = valueAt(call, index);
  const left = address === 0 ? undefined : peek(call.task, layout(call.task), address);
  return left === undefined ? "" : `, left ${structText(left)}`;
}

const mask: LayoutFor<bigint> = fixed(u64big);
/** pselect6's `{sigmask=[INT], sigsetsize=8}`. */
export const inMaskPack: ArgType = inStruct("void *", ofAbi(sigsetArgpack), ({ p, size }, call) => {
  const set = p === 0 ? undefined : peek(call.task, mask(call.task), p);
  const text = p === 0 ? "NULL" : set === undefined ? hex(p) : sigsetText(set);
  return `{sigmask=${text}, sigsetsize=${size}}`;
});

/** The argument of i386's first select. */
export const inSelectArgs = inStruct(
  "struct sel_arg_struct *",
  fixed(selArgStruct),
  (value) => structText({ ...value, n: value.n | 0 }, { inp: hex, outp: hex, exp: hex, tvp: hex }),
);
