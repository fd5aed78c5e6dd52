/** Signals that have come and are not delivered (signal(7)): of a process or of one task. */
import { SIGBUS, SIGFPE, SIGILL, SIGRTMIN, SIGSEGV, SIGSYS, SIGTRAP } from "../abi/signal.ts";
import type { SigInfo } from "./sig_info.ts";
import { signalBit } from "./sets.ts";

/** What the processor causes goes first. Linux: SYNCHRONOUS_MASK. */
const SYNCHRONOUS = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGSYS].reduce(
  (set, signal) => set | signalBit(signal),
  0n,
);

export class SignalQueue {
  #infos: SigInfo[] = [];
  #set = 0n;

  get set(): bigint {
    return this.#set;
  }

  /** How many are queued (RLIMIT_SIGPENDING). */
  get length(): number {
    return this.#infos.length;
  }

  /** False when a signal that is not queued is there already. */
  add(info: SigInfo): boolean {
    const bit = signalBit(info.signal);
    if (info.signal < SIGRTMIN && (this.#set & bit) !== 0n) return false;
    this.#set |= bit;
    this.#infos.push(info);
    return true;
  }

  /** The next one outside of `blocked`: what the processor caused, then by number, then the oldest. */
  next(blocked: bigint): SigInfo | undefined {
    const open = this.#set & ~blocked;
    if (open === 0n) return undefined;
    const signal = lowest((open & SYNCHRONOUS) !== 0n ? open & SYNCHRONOUS : open);
    return this.#infos.find((info) => info.signal === signal);
  }

  /** Takes out what `next` gave. */
  remove(info: SigInfo): boolean {
    const at = this.#infos.indexOf(info);
    if (at < 0) return false;
    this.#infos.splice(at, 1);
    if (!this.#infos.some((other) => other.signal === info.signal)) this.#set &= ~signalBit(info.signal);
    return true;
  }

  /** Forgets all signals of a set. Linux: flush_sigqueue_mask. */
  discard(set: bigint): void {
    if ((this.#set & set) === 0n) return;
    this.#infos = this.#infos.filter((info) => (signalBit(info.signal) & set) === 0n);
    this.#set &= ~set;
  }

  /** Whether exactly this one waits. */
  has(info: SigInfo): boolean {
    return this.#infos.includes(info);
  }
}

function lowest(set: bigint): number {
  const low = Number(set & 0xffff_ffffn);
  if (low !== 0) return 32 - Math.clz32(low & -low);
  const high = Number(set >> 32n);
  return 64 - Math.clz32(high & -high);
}
