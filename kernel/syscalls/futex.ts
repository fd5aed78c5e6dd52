/** futex(2), without priority inheritance. */
import { EAGAIN, EINVAL, ENOSYS, ERESTARTSYS, Errno, ETIMEDOUT } from "../abi/errno.ts";
import {
  FUTEX_BITSET_MATCH_ANY,
  FUTEX_CLOCK_REALTIME,
  FUTEX_CMP_REQUEUE,
  FUTEX_PRIVATE_FLAG,
  FUTEX_REQUEUE,
  FUTEX_WAIT,
  FUTEX_WAIT_BITSET,
  FUTEX_WAKE,
  FUTEX_WAKE_BITSET,
  FUTEX_WAKE_OP,
} from "../abi/futex.ts";
import { u32 } from "../abi/layout.ts";
import { CLOCK_MONOTONIC, CLOCK_REALTIME, type Timespec, timespec, timespec64 } from "../abi/time.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyIn, copyInStruct, copyOut, type StructCodec } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { isValid, toMilliseconds } from "../time/clock.ts";
import type { Outcome, SyscallResult } from "./result.ts";
import { intBytes } from "./words.ts";

type Layout = StructCodec<Timespec>;

/**
 * futex(2); `timeout` is a count for some operations. Errors: EINVAL, EFAULT, EAGAIN, ETIMEDOUT, EINTR, ENOSYS.
 */
export function sysFutex(
  task: Task,
  address: UserPtr,
  op: number,
  value: number,
  timeout: number,
  address2: UserPtr,
  value3: number,
): SyscallResult {
  return futex(task, timespec[task.abi.name], address, op, value, timeout, address2, value3);
}

/** futex_time64 of i386. */
export function sysFutex64(
  task: Task,
  address: UserPtr,
  op: number,
  value: number,
  timeout: number,
  address2: UserPtr,
  value3: number,
): SyscallResult {
  return futex(task, timespec64, address, op, value, timeout, address2, value3);
}

function futex(
  task: Task,
  layout: Layout,
  address: UserPtr,
  op: number,
  value: number,
  timeout: number,
  address2: UserPtr,
  value3: number,
): SyscallResult {
  const { futexes } = task.kernel;
  const command = op & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
  const realtime = (op & FUTEX_CLOCK_REALTIME) !== 0;
  if (realtime && command !== FUTEX_WAIT_BITSET && command !== FUTEX_WAIT) return ENOSYS;
  if (address % 4 !== 0) return EINVAL;
  switch (command) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET: {
      const bitset = command === FUTEX_WAIT ? FUTEX_BITSET_MATCH_ANY : value3;
      if (bitset === 0) return EINVAL;
      const deadline = deadlineOf(task, layout, timeout, command === FUTEX_WAIT, realtime);
      return deadline instanceof Errno ? deadline : wait(task, address, value, bitset, deadline);
    }
    case FUTEX_WAKE:
      return futexes.wake(task.mm, address, atLeastOne(value));
    case FUTEX_WAKE_BITSET:
      return value3 === 0 ? EINVAL : futexes.wake(task.mm, address, atLeastOne(value), value3);
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
      return requeue(task, address, command, value | 0, timeout | 0, address2, value3);
    case FUTEX_WAKE_OP:
      return wakeOp(task, address, value | 0, timeout | 0, address2, value3 >>> 0);
    default:
      return ENOSYS;
  }
}

/** Linux wakes one even when asked for none. */
function atLeastOne(count: number): number {
  return Math.max(1, count | 0);
}

/** Milliseconds of the kernel's clock; Infinity without a timeout. */
function deadlineOf(
  task: Task,
  layout: Layout,
  from: UserPtr,
  relative: boolean,
  realtime: boolean,
): number | Errno {
  if (from === 0) return Infinity;
  const time = copyInStruct(task, layout, from);
  if (time instanceof Errno) return time;
  if (!isValid(time)) return EINVAL;
  const { clock } = task.kernel;
  if (relative) return clock.now() + toMilliseconds(time);
  return clock.deadline(realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC, time, task);
}

function wait(task: Task, address: UserPtr, value: number, bitset: number, deadline: number): SyscallResult {
  // A wake that follows the guest's change of the word is a later system call: looking first loses none.
  const now = load(task, address);
  if (now instanceof Errno) return now;
  if (now !== value >>> 0) return EAGAIN;
  return sleep();

  async function sleep(): Promise<Outcome> {
    using waiter = task.kernel.futexes.join(task.mm, address, bitset);
    using pending = task.beginWait([waiter.queue], deadline);
    const reason = await pending.reason;
    if (waiter.woken) return 0;
    if (reason === "timeout") return ETIMEDOUT;
    if (deadline === Infinity) return ERESTARTSYS;
    return task.signals.restartWith(() => wait(task, address, value, bitset, deadline));
  }
}

function requeue(
  task: Task,
  from: UserPtr,
  command: number,
  wakeCount: number,
  moveCount: number,
  to: UserPtr,
  expected: number,
): number | Errno {
  if (wakeCount < 0 || moveCount < 0 || to % 4 !== 0) return EINVAL;
  if (command === FUTEX_CMP_REQUEUE) {
    const now = load(task, from);
    if (now instanceof Errno) return now;
    if (now !== expected >>> 0) return EAGAIN;
  }
  const { futexes } = task.kernel;
  const woken = futexes.wake(task.mm, from, wakeCount);
  return woken + futexes.requeue(task.mm, from, to, moveCount);
}

/** FUTEX_WAKE_OP: changes the second word, wakes the first, and the second too if its old value compares. */
function wakeOp(
  task: Task,
  address: UserPtr,
  count: number,
  count2: number,
  address2: UserPtr,
  encoded: number,
): number | Errno {
  if (address2 % 4 !== 0) return EINVAL;
  const old = load(task, address2);
  if (old instanceof Errno) return old;
  const op = encoded >>> 28 & 7;
  const compare = encoded >>> 24 & 15;
  const raw = encoded << 8 >> 20;
  const operand = encoded >>> 31 === 1 ? 1 << (raw & 31) : raw;
  const compared = encoded << 20 >> 20;
  const changed = applyOp(op, old, operand);
  const matches = compareOp(compare, old | 0, compared);
  if (changed === undefined || matches === undefined) return ENOSYS;
  const stored = copyOut(task, address2, intBytes(changed));
  if (stored instanceof Errno) return stored;
  const { futexes } = task.kernel;
  const woken = futexes.wake(task.mm, address, atLeastOne(count));
  return matches ? woken + futexes.wake(task.mm, address2, atLeastOne(count2)) : woken;
}

/** FUTEX_OP_SET, ADD, OR, ANDN, XOR. */
function applyOp(op: number, old: number, operand: number): number | undefined {
  return [operand, old + operand, old | operand, old & ~operand, old ^ operand][op];
}

/** FUTEX_OP_CMP_EQ, NE, LT, LE, GT, GE. */
function compareOp(op: number, old: number, to: number): boolean | undefined {
  return [old === to, old !== to, old < to, old <= to, old > to, old >= to][op];
}

/** The word as the guest's other threads see it. */
function load(task: Task, address: UserPtr): number | Errno {
  const raw = copyIn(task, address, 4);
  return raw instanceof Errno ? raw : u32.read(new DataView(raw.buffer, raw.byteOffset, 4), 0);
}
