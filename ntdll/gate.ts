/**
 * The kernel's side of the gate (loader/x86/gate): the page that all guest threads share with it, and which thread
 * has which channel. A system call that comes this way costs no call of Windows on either side.
 */
import { u64big } from "../kernel/abi/layout.ts";
import { MAX_CHANNELS, Shared } from "../loader/x86/gate/channel.ts";
import { EVENT_ALL_ACCESS, SynchronizationEvent } from "./constants.ts";
import type { HostEvents } from "../kernel/host.ts";
import type { GuestNtThread } from "./guest_thread.ts";
import type { Handle, MemoryCalls } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import { NtSection } from "./section.ts";
import type { Ntdll } from "./symbols.ts";

const SUMMARY = Shared.offset.summary / 4;
const KERNEL_SLEEPS = Shared.offset.kernelSleeps / 4;
const STRETCHES = Shared.offset.stretch / 4;
const PENDING_WORD = Shared.offset.pending / 4;

/**
 * How long each side looks before it sleeps. To wake a sleeper costs some 70 us under Wine, so looking for a few times
 * as long pays. A side spins for as long as a short system call takes, then lets other threads run between its looks:
 * with more threads than processors the one it waits for may need this very processor. With one processor there is no
 * point in spinning at all.
 *
 * After its spins the kernel pauses before each look: two processors may be one core, and the guest that computes on
 * the other is slowed by a third while this one does what it can.
 */
const BOUNDS = {
  one: {
    kernelSpins: 1,
    kernelYields: 200,
    kernelPauses: 1,
    guestSpins: 1,
    guestYields: 200,
    guestPauses: 1,
  },
  more: {
    kernelSpins: 200,
    kernelYields: 200,
    kernelPauses: 40,
    guestSpins: 160,
    guestYields: 200,
    guestPauses: 40,
  },
} as const;

/**
 * How long the kernel goes on looking while posts come this soon, and a processor is left over for it: a program that
 * computes a little between its calls would have to wake it each time.
 */
const PATIENCE_MS = 1.5;

/** Every so many looks at the favourite's channel the kernel looks at the shared page too; one less than a power of 2. */
const TURNS_PER_SCAN = 31;
/** And after so many calls of the favourite's in a row. */
const FAVOURITE_TURNS = 16;

/** Who handles posts. */
export interface PostServer {
  servePost(thread: GuestNtThread, events: HostEvents): void;
}

export class Gate {
  /** Rung by a guest that posts while the kernel sleeps. */
  readonly doorbell: Handle;
  readonly shared: NtSection;
  /** Which stretch it is, for guests to see: two words. */
  readonly stretchWords: Int32Array<ArrayBuffer>;
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #pending: Uint8Array;
  readonly #threads: (GuestNtThread | undefined)[] = [];
  readonly #nt: Ntdll;
  /**
   * The thread that was served last is likely to post next. The kernel looks at its channel itself: one cache line
   * less has to change hands than by way of the shared page.
   */
  #favourite: GuestNtThread | undefined;
  #turnsOfFavourite = 0;
  readonly #kernelSpins: number;
  readonly #kernelYields: number;
  readonly #kernelPauses: number;
  readonly #processors: number;
  /** The last wait was shorter than PATIENCE_MS: so the next one is likely to be. */
  #isPatient = false;
  /** It has looked for that long in vain: the wait is a long one, however short the sleep that follows. */
  #waitsLong = false;
  #sleepBegan = 0;

  constructor(nt: Ntdll, memory: MemoryCalls, processors: number) {
    const section = NtSection.create(nt, memory, Shared.size);
    if (!(section instanceof NtSection)) throw new Error("Cannot start: out of memory");
    this.shared = section;
    this.#words = new Int32Array(section.bytes.buffer);
    this.stretchWords = this.#words.subarray(STRETCHES, STRETCHES + 2);
    this.#pending = section.bytes.subarray(Shared.offset.pending);
    const bounds = processors > 1 ? BOUNDS.more : BOUNDS.one;
    this.#nt = nt;
    this.#processors = processors;
    this.#kernelSpins = bounds.kernelSpins;
    this.#kernelYields = bounds.kernelYields;
    this.#kernelPauses = bounds.kernelPauses;
    this.#words[Shared.offset.guestSpins / 4] = bounds.guestSpins;
    this.#words[Shared.offset.guestYields / 4] = bounds.guestYields;
    this.#words[Shared.offset.guestPauses / 4] = bounds.guestPauses;
    const out = new Uint8Array(8);
    check("NtCreateEvent", nt.NtCreateEvent(out, EVENT_ALL_ACCESS, null, SynchronizationEvent, 0));
    this.doorbell = u64big.read(new DataView(out.buffer), 0);
  }

  /** Gives the thread a number; throws when there are too many threads. */
  enlist(thread: GuestNtThread): number {
    let index = this.#threads.indexOf(undefined);
    if (index < 0) index = this.#threads.length;
    if (index >= MAX_CHANNELS) throw new Error("Cannot start a thread: all channels are in use");
    this.#threads[index] = thread;
    this.#pending[index] = 0;
    return index;
  }

  dismiss(index: number): void {
    if (this.#threads[index] === this.#favourite) this.#favourite = undefined;
    this.#threads[index] = undefined;
    this.#pending[index] = 0;
  }

  /** Whether some thread has posted. */
  get ringing(): boolean {
    return Atomics.load(this.#words, SUMMARY) !== 0;
  }

  /** Looks for posts for a while; true when there may be one. */
  spin(): boolean {
    const favourite = this.#favourite;
    for (let turn = this.#kernelSpins; turn > 0; turn--) {
      if (favourite !== undefined && favourite.hasPost) return true;
      if ((turn & TURNS_PER_SCAN) === 0 && this.ringing) return true;
    }
    for (let round = this.#kernelYields; round > 0; round--) {
      this.#nt.NtYieldExecution();
      for (let turn = this.#kernelPauses; turn > 0; turn--) {
        Atomics.pause();
        if (favourite !== undefined && favourite.hasPost) return true;
        if ((turn & TURNS_PER_SCAN) === 0 && this.ringing) return true;
      }
    }
    return false;
  }

  /** Milliseconds to go on looking after `spin` has seen nothing. */
  get patience(): number {
    if (!this.#isPatient) return 0;
    const running = this.#runningThreads();
    return running > 0 && running < this.#processors ? PATIENCE_MS : 0;
  }

  /** To be called when looking for that long was in vain. */
  losePatience(): void {
    this.#isPatient = false;
    this.#waitsLong = true;
  }

  /** Guest threads that may be using a processor. */
  #runningThreads(): number {
    return this.#threads.reduce((count, thread) => thread?.running ? count + 1 : count, 0);
  }

  /** Announces that the kernel is going to sleep; false when somebody has posted meanwhile. */
  beginSleep(): boolean {
    this.#sleepBegan = performance.now();
    Atomics.store(this.#words, KERNEL_SLEEPS, 1);
    if (!this.ringing) return true;
    Atomics.store(this.#words, KERNEL_SLEEPS, 0);
    return false;
  }

  /** `rung`: by a guest, and not for another reason. */
  endSleep(rung: boolean): void {
    this.#isPatient = rung && !this.#waitsLong && performance.now() - this.#sleepBegan < PATIENCE_MS;
    this.#waitsLong = false;
    Atomics.store(this.#words, KERNEL_SLEEPS, 0);
  }

  /** Serves threads that have posted; false when there were none. */
  serve(server: PostServer, events: HostEvents): boolean {
    const favourite = this.#favourite;
    if (favourite !== undefined && this.#turnsOfFavourite < FAVOURITE_TURNS && favourite.hasPost) {
      this.#turnsOfFavourite++;
      server.servePost(favourite, events);
      return true;
    }
    this.#turnsOfFavourite = 0;
    return this.ringing && this.#scan(server, events);
  }

  #scan(server: PostServer, events: HostEvents): boolean {
    Atomics.exchange(this.#words, SUMMARY, 0);
    const pending = this.#pending;
    const end = this.#threads.length;
    let served = false;
    for (let index = 0; index < end; index++) {
      if ((index & 3) === 0 && Atomics.load(this.#words, PENDING_WORD + (index >> 2)) === 0) {
        index += 3;
        continue;
      }
      if (Atomics.load(pending, index) === 0) continue;
      Atomics.store(pending, index, 0);
      const thread = this.#threads[index];
      if (thread === undefined || !thread.hasPost) continue; // or it was served as the favourite
      this.#favourite = thread;
      server.servePost(thread, events);
      served = true;
    }
    return served;
  }
}
