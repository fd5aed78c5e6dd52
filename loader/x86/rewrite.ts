/**
 * The rewriter: patches every site of a code region in place and writes the trampolines.
 *
 * Tactics, best first (see DESIGN, "Syscall interception"): patch, jump, mov, displace, island, trap. Each keeps instruction
 * boundaries, or displaces a group whose first five bytes nothing can enter but at its start.
 */
import { Decoder } from "./decoder.ts";
import { Emitter } from "./emitter.ts";
import { emitDisplacedCall } from "./displaced_call.ts";
import { markEntries } from "./entries.ts";
import { endsFlow, isPadding } from "./flow.ts";
import { findIsland, JUMP_SIZE } from "./islands.ts";
import { Kind } from "./instruction_kind.ts";
import { NO_SCRATCH, Points } from "./points.ts";
import type { CodeRegion, RewriteTarget } from "./region.ts";
import { emitRelocated, isRelocatable } from "./relocate.ts";
import { Rewritten, Tactic } from "./rewritten.ts";
import { Numbers } from "./numbers.ts";
import { Flag, SiteKind, type Sweep, sweep } from "./sweep.ts";
import type { Loop } from "./sweep_loop/instance.ts";
import { SiteEmitter } from "./site_emitter.ts";

/** At most this many instructions before and behind a site are displaced. */
const MAX_NEIGHBOURS = 5;
const INT3 = 0xcc;

/** Rewrites `region.bytes` in place. */
export function rewrite(region: CodeRegion, target: RewriteTarget): Rewritten {
  return new Rewriter(region, target).run();
}

class Rewriter {
  readonly #region: CodeRegion;
  readonly #target: RewriteTarget;
  readonly #swept: Sweep;
  readonly #loop: Loop;
  readonly #original: Uint8Array;
  readonly #decoder: Decoder;
  readonly #out: Emitter;
  readonly #points = new Points();
  readonly #relocations = new Numbers();
  readonly #emitter: SiteEmitter;
  /** By site index. */
  readonly #tactics: Uint8Array;
  readonly #settled: Uint8Array;
  readonly #trampolines: Int32Array;
  /** Of the groups that #displace tries. */
  readonly #starts = new Int32Array(MAX_NEIGHBOURS + 1);
  readonly #ends = new Int32Array(MAX_NEIGHBOURS + 1);

  constructor(region: CodeRegion, target: RewriteTarget) {
    this.#region = region;
    this.#target = target;
    this.#swept = sweep(region);
    this.#loop = this.#swept.loop;
    this.#original = this.#swept.memory.code;
    this.#decoder = new Decoder(region.mode);
    this.#out = new Emitter(target.trampolines - region.address);
    this.#out.copy(target.gateBytes, 0, target.gateBytes.length);
    this.#emitter = new SiteEmitter(
      region,
      target,
      this.#swept,
      this.#decoder,
      this.#out,
      this.#points,
      this.#relocations,
    );
    const count = this.#swept.sites.length;
    this.#tactics = new Uint8Array(count).fill(Tactic.trap);
    this.#settled = new Uint8Array(count);
    this.#trampolines = new Int32Array(count).fill(-1);
  }

  run(): Rewritten {
    const count = this.#swept.sites.length;
    const entersGate = this.#target.gateBytes.length > 0;
    if (count > 0 && (entersGate || this.#target.tls !== undefined)) {
      markEntries(this.#region, this.#swept);
      for (let i = 0; i < count; i++) this.#inPlace(i);
      for (let i = 0; i < count; i++) if (this.#settled[i] === 0) this.#displace(i);
      for (let i = 0; i < count; i++) if (this.#settled[i] === 0) this.#island(i);
    }
    for (let i = 0; i < count; i++) if (this.#settled[i] === 0) this.#trap(i);
    return this.#result();
  }

  #hasForm(index: number): boolean {
    return this.#emitter.hasForm(this.#swept.siteKinds.values[index]!);
  }

  #emit(index: number, last: boolean): boolean | "ends" {
    const { sites, siteKinds, siteLengths } = this.#swept;
    return this.#emitter.emit(
      siteKinds.values[index]!,
      sites.values[index]!,
      siteLengths.values[index]!,
      last,
    );
  }

  #isSyscall(index: number): boolean {
    return this.#swept.siteKinds.values[index]! <= SiteKind.sysenter;
  }

  /** The tactics patch, jump and mov, which keep all instruction boundaries. */
  #inPlace(index: number): void {
    if (!this.#hasForm(index)) return;
    const { sites, siteLengths } = this.#swept;
    const at = sites.values[index]!, length = siteLengths.values[index]!;
    const start = this.#out.length;
    const repeated = length >= JUMP_SIZE ? this.#emitter.repeat(at, length) : undefined;
    if (repeated === "patched" || repeated === undefined && this.#emitter.patch(at, length)) {
      this.#settle(index, Tactic.patch, -1);
    } else if (length >= JUMP_SIZE) {
      const emitted = repeated === "emitted" || this.#emit(index, false);
      if (emitted === false) return;
      if (emitted !== "ends") this.#out.jump(at + length);
      this.#writeJump(at, at + length, start);
      this.#region.bytes.fill(INT3, at + JUMP_SIZE, at + length);
      this.#settle(index, Tactic.jump, start);
    } else if (this.#followsMov(at)) {
      // The site stays an instruction of its own, ud2, so it does not matter who else jumps to it.
      const start = this.#emitGroup(at - JUMP_SIZE, at + length);
      if (start < 0) return;
      this.#writeJump(at - JUMP_SIZE, at, start);
      this.#writeTrap(at, at + length);
      this.#settle(index, Tactic.mov, this.#trampolines[index]!);
    }
  }

  /** Whether the instruction before is `mov $nr,%eax`. */
  #followsMov(at: number): boolean {
    const start = at - JUMP_SIZE;
    return start >= 0 && this.#original[start] === 0xb8 && this.#previous(at) === start &&
      !this.#has(start, start + JUMP_SIZE, Flag.covered) && this.#siteIndex(start) < 0;
  }

  #has(start: number, end: number, flag: number): boolean {
    const { flags } = this.#swept;
    for (let at = start; at < end; at++) if ((flags[at]! & flag) !== 0) return true;
    return false;
  }

  /** The start of the instruction that ends at `at`, or -1. */
  #previous(at: number): number {
    const start = this.#loop.startBefore(at);
    return start >= 0 && start + this.#lengthAt(start) === at ? start : -1;
  }

  /** The length of the instruction that the sweep found at `at`. */
  #lengthAt(at: number): number {
    return this.#loop.lengthAt(at) || this.#decoder.decode(this.#original, at, this.#original.length);
  }

  /** Tries groups of neighbours around the site, those of the fewest instructions first. */
  #displace(index: number): void {
    if (!this.#hasForm(index)) return;
    const at = this.#swept.sites.values[index]!, end = at + this.#swept.siteLengths.values[index]!;
    const before = this.#starts, behind = this.#ends;
    before[0] = at;
    behind[0] = end;
    let starts = 1, ends = 1;
    for (let neighbours = 1; neighbours <= 2 * MAX_NEIGHBOURS; neighbours++) {
      if (starts === neighbours && neighbours <= MAX_NEIGHBOURS) starts += this.#addPrevious(at, starts);
      if (ends === neighbours && neighbours <= MAX_NEIGHBOURS) ends += this.#addNext(ends);
      for (let i = Math.min(neighbours, starts - 1); i >= 0 && neighbours - i < ends; i--) {
        if (this.#displaceGroup(index, before[i]!, behind[neighbours - i]!)) return;
      }
    }
  }

  /** Adds the instruction before the first of the group; returns how many it has added. */
  #addPrevious(at: number, count: number): number {
    const start = this.#previous(this.#starts[count - 1]!);
    // Who jumps to the site itself, behind the window, would find ud2: a loop must not do that.
    if (start < 0 || this.#has(start + 1, at + 1, Flag.entry)) return 0;
    this.#starts[count] = start;
    return 1;
  }

  /** Adds the end of the instruction behind the last of the group; returns how many it has added. */
  #addNext(count: number): number {
    const next = this.#ends[count - 1]!;
    if (next >= this.#original.length || (this.#swept.flags[next]! & Flag.start) === 0) return 0;
    const length = this.#lengthAt(next);
    this.#ends[count] = next + length;
    return length === 0 ? 0 : 1;
  }

  #displaceGroup(index: number, start: number, stop: number): boolean {
    if (stop - start < JUMP_SIZE || !this.#mayDisplace(start, stop)) return false;
    if (this.#loop.isOutOfStep(start, stop) !== 0) return false;
    const trampoline = this.#emitGroup(start, stop);
    if (trampoline < 0) return false;
    this.#writeJump(start, start + JUMP_SIZE, trampoline);
    this.#settleGroup(start, stop, index);
    return true;
  }

  /** A short jump over the site to a long one in padding nearby. */
  #island(index: number): void {
    if (!this.#hasForm(index)) return;
    const at = this.#swept.sites.values[index]!, end = at + this.#swept.siteLengths.values[index]!;
    const island = findIsland(this.#region.bytes, this.#swept.flags, this.#decoder, at);
    if (island < 0) return;
    const start = this.#emitGroup(at, end);
    if (start < 0) return;
    const { bytes } = this.#region, { flags } = this.#swept;
    this.#writeJump(island, island + JUMP_SIZE, start);
    flags[island]! |= Flag.entry;
    bytes[at] = 0xeb;
    bytes[at + 1] = island - (at + 2);
    if (end < flags.length) flags[end]! |= Flag.entry;
    this.#settle(index, Tactic.island, start);
  }

  /** Whether nothing can enter the bytes that a jump at `start` overwrites, but at its start. */
  #mayDisplace(start: number, stop: number): boolean {
    const { flags } = this.#swept, window = start + JUMP_SIZE;
    if (this.#has(start, window, Flag.covered)) return false;
    for (let at = start + 1; at < window; at++) {
      const flag = flags[at]!;
      if ((flag & Flag.entry) !== 0) return false;
      // Within the first instruction there is nothing to enter; behind it something may be, for all we know.
      if ((flag & (Flag.start | Flag.opaque)) === (Flag.start | Flag.opaque)) return false;
    }
    // The trampoline comes back at `stop`.
    return stop >= flags.length || (flags[stop]! & Flag.covered) === 0;
  }

  /** Emits [start, stop) with all its sites and a jump back; returns the trampoline's offset, or -1. */
  #emitGroup(start: number, stop: number): number {
    const out = this.#out, begin = out.length, points = this.#points.offsets.length;
    const relocations = this.#relocations.length, { cache } = this.#emitter, forms = cache.count;
    let at = start, ended = false;
    while (at < stop) {
      const index = this.#siteIndex(at);
      const length = index >= 0
        ? this.#swept.siteLengths.values[index]!
        : this.#decoder.decode(this.#original, at, stop);
      if (length === 0 || at + length > stop) break;
      if (index >= 0) {
        const where = out.length;
        const emitted = this.#hasForm(index) ? this.#emit(index, at + length === stop) : false;
        if (emitted === false) break;
        // Any other site that stays reachable gets its trampoline from #trap: this one runs into other instructions.
        if (this.#isSyscall(index)) this.#trampolines[index] = where;
        ended = emitted === "ends";
      } else if (
        at + length === stop && (this.#decoder.kind === Kind.call || this.#decoder.kind === Kind.callIndirect)
      ) {
        const { context } = this.#emitter;
        if (context === undefined || !emitDisplacedCall(context, this.#decoder, this.#original, at)) break;
        ended = true;
      } else {
        if (!isRelocatable(this.#decoder)) break;
        this.#points.add(out.length, at, NO_SCRATCH);
        ended = endsFlow(this.#decoder);
        emitRelocated(out, this.#decoder, this.#original, at);
      }
      at += length;
      // Behind the end only padding may be taken along: it never runs.
      if (ended && at < stop) {
        if (!this.#isPadding(at, stop)) break;
        at = stop;
      }
    }
    if (at < stop) {
      out.length = begin;
      this.#points.offsets.length = this.#points.originals.length = this.#points.scratch.length = points;
      this.#relocations.length = relocations;
      cache.dropBehind(forms);
      return -1;
    }
    if (!ended) {
      this.#points.add(out.length, stop, NO_SCRATCH);
      out.jump(stop);
    }
    if (stop < this.#swept.flags.length) this.#swept.flags[stop]! |= Flag.entry;
    return begin;
  }

  #isPadding(start: number, stop: number): boolean {
    for (let at = start; at < stop;) {
      const length = this.#decoder.decode(this.#original, at, stop);
      if (length === 0 || !isPadding(this.#decoder)) return false;
      at += length;
    }
    return true;
  }

  #siteIndex(at: number): number {
    if ((this.#swept.flags[at]! & Flag.site) === 0) return -1;
    const { values } = this.#swept.sites;
    let low = 0, high = this.#swept.sites.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (values[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #settle(index: number, tactic: Tactic, trampoline: number): void {
    this.#settled[index] = 1;
    this.#tactics[index] = tactic;
    this.#trampolines[index] = trampoline;
  }

  /** Settles the sites of a displaced group: those the jump has not overwritten become ud2. */
  #settleGroup(start: number, stop: number, first: number): void {
    for (let at = start; at < stop; at++) {
      const index = (this.#swept.flags[at]! & Flag.site) !== 0 ? this.#siteIndex(at) : -1;
      if (index < 0) continue;
      const wasSettled = this.#settled[index] !== 0;
      if (at >= start + JUMP_SIZE && !wasSettled) this.#trap(index);
      if (!wasSettled || index === first) {
        this.#settled[index] = 1;
        this.#tactics[index] = Tactic.displace;
      }
    }
  }

  /** Writes ud2 over the site; all but system calls still get a trampoline, where the kernel sends the thread. */
  #trap(index: number): void {
    const at = this.#swept.sites.values[index]!, end = at + this.#swept.siteLengths.values[index]!;
    if (this.#hasForm(index) && !this.#isSyscall(index)) {
      const start = this.#out.length, emitted = this.#emit(index, false);
      if (emitted !== false) {
        if (emitted !== "ends") this.#out.jump(end);
        this.#trampolines[index] = start;
      }
    }
    this.#writeTrap(at, end);
    this.#settled[index] = 1;
  }

  #writeTrap(at: number, end: number): void {
    this.#region.bytes[at] = 0x0f;
    this.#region.bytes[at + 1] = 0x0b;
    if (end < this.#swept.flags.length) this.#swept.flags[end]! |= Flag.entry;
  }

  /** Writes the jump to a trampoline at `at`, which owns the bytes up to `end`. */
  #writeJump(at: number, end: number, trampoline: number): void {
    const { bytes } = this.#region, { flags } = this.#swept;
    const distance = this.#out.origin + trampoline - (at + JUMP_SIZE);
    bytes[at] = 0xe9;
    for (let i = 0; i < 4; i++) bytes[at + 1 + i] = distance >> i * 8;
    for (let i = at + 1; i < end; i++) flags[i]! |= Flag.covered;
    if (end < flags.length) flags[end]! |= Flag.entry;
  }

  #result(): Rewritten {
    const { sites, siteKinds, siteLengths, instructions } = this.#swept, count = sites.length;
    return new Rewritten({
      mode: this.#region.mode,
      address: this.#region.address,
      trampolines: this.#target.trampolines,
      original: this.#region.original ?? this.#original.slice(),
      gateSize: this.#target.gateBytes.length,
      trampolineBytes: this.#out.bytes.slice(0, this.#out.length),
      sites: {
        offsets: sites.values.slice(0, count),
        lengths: new Uint8Array(siteLengths.values.subarray(0, count)),
        kinds: new Uint8Array(siteKinds.values.subarray(0, count)),
        tactics: this.#tactics,
        trampolines: this.#trampolines,
      },
      relocations: this.#relocations.values.slice(0, this.#relocations.length),
      points: this.#points.table(),
      instructions,
    });
  }
}
