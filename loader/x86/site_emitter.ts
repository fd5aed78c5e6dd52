/** Emits what the sites do: the ways into the gate and the forms of instructions that use segments. */
import type { Decoder } from "./decoder.ts";
import type { Emitter } from "./emitter.ts";
import { isStringPort, isStringPortIo } from "./flow.ts";
import { FormCache } from "./form_cache.ts";
import { Kind } from "./instruction_kind.ts";
import { JUMP_SIZE } from "./islands.ts";
import { mirroredRead, useSlot } from "./mirror_form.ts";
import type { Numbers } from "./numbers.ts";
import { NO_SCRATCH, type Points } from "./points.ts";
import type { CodeRegion, RewriteTarget } from "./region.ts";
import { emitSelectorForm } from "./selector_form.ts";
import { SiteKind, type Sweep } from "./sweep.ts";
import { emitTlsForm, type TlsContext } from "./tls_form.ts";

/** The shortest instruction that reads a word of which there is a mirror: mov moffs,%eax in 32-bit code. */
const SHORTEST_READ = 6;

export class SiteEmitter {
  /** Undefined: only system calls have forms. */
  readonly context: TlsContext | undefined;
  readonly #region: CodeRegion;
  readonly #target: RewriteTarget;
  /** The region's before the rewrite. */
  readonly #code: Uint8Array;
  readonly #decoder: Decoder;
  readonly #out: Emitter;
  readonly #points: Points;
  readonly #relocations: Numbers;
  readonly cache: FormCache;

  constructor(
    region: CodeRegion,
    target: RewriteTarget,
    { memory, loop }: Sweep,
    decoder: Decoder,
    out: Emitter,
    points: Points,
    relocations: Numbers,
  ) {
    this.#region = region;
    this.#target = target;
    this.#code = memory.code;
    this.#decoder = decoder;
    this.#out = out;
    this.#points = points;
    this.#relocations = relocations;
    this.cache = new FormCache(loop, region.bytes, out, points);
    const { mode, address } = region;
    const relocate = mode === 32 ? () => relocations.push(out.length) : undefined;
    this.context = target.tls && { out, points, slots: target.tls, relocate, address };
  }

  /** Whether there is code that does what a site of this kind does; some have none all the same. */
  hasForm(kind: number): boolean {
    const { gateBytes, gateReturn, tls } = this.#target, { mode } = this.#region;
    switch (kind) {
      case SiteKind.syscall:
        return mode === 64 && gateBytes.length > 0;
      case SiteKind.int80:
        return mode === 32 && gateBytes.length > 0 && gateReturn !== undefined;
      case SiteKind.tls:
        return tls !== undefined;
      case SiteKind.hostSegment:
        return tls?.otherBase !== undefined;
      case SiteKind.segmentRegister:
        return tls?.fsSelector !== undefined || tls?.gsSelector !== undefined;
      default:
        return false;
    }
  }

  /** Does once more what was done in place or alone for an instruction of the same bytes. */
  repeat(at: number, length: number): "emitted" | "patched" | undefined {
    return this.cache.repeat(at, length);
  }

  /**
   * Patches the site at `at` in place, if that is all it takes. What faults in any segment stays as it is: in bytes
   * that a program made it is likely to be no code at all, but a pointer to what lies at 0x6e..: 65 6e is gs outsb.
   */
  patch(at: number, length: number): boolean {
    if (length < SHORTEST_READ && !isStringPort(this.#code[at + length - 1]!)) return false;
    this.#decoder.decode(this.#code, at, this.#code.length);
    if (isStringPortIo(this.#decoder)) return true;
    const { tls } = this.#target;
    if (tls?.canary === undefined) return false;
    const slot = mirroredRead(this.#decoder, this.#code, at, tls);
    if (slot === undefined) return false;
    useSlot(this.#decoder, this.#region.bytes, at, slot);
    this.cache.keepPatched(at, length);
    return true;
  }

  /** Emits what a site of this kind at `at` does; a syscall that is `last` returns from the gate to the original code. */
  emit(kind: number, at: number, length: number, last: boolean): boolean | "ends" {
    if (kind <= SiteKind.sysenter) {
      this.#points.add(this.#out.length, at, NO_SCRATCH);
      this.#emitSyscall(at + length, last);
      return last ? "ends" : true;
    }
    return this.cache.emit(at, length) || this.#emitForm(at, length);
  }

  #emitForm(at: number, length: number): boolean | "ends" {
    if (this.context === undefined) return false;
    const start = this.#out.length, firstPoint = this.#points.offsets.length;
    this.#decoder.decode(this.#code, at, this.#code.length);
    const isSelector = this.#decoder.kind === Kind.selector;
    const emitted = (isSelector ? emitSelectorForm : emitTlsForm)(
      this.context,
      this.#decoder,
      this.#code,
      at,
    );
    // What ends holds a return address, and a selector's form may hold an address relative to %rip.
    if (emitted === true && !isSelector) this.cache.keep(at, length, start, firstPoint);
    return emitted;
  }

  /**
   * Enters the gate, which comes back to the original code or, when more has been displaced, behind the jump.
   * x86-64: the return address is in %rcx, which syscall clobbers. i386: int 0x80 clobbers nothing, so it goes to
   * a TEB slot.
   */
  #emitSyscall(next: number, last: boolean): void {
    const out = this.#out, gate = out.origin;
    if (this.#region.mode === 64) {
      out.u8(0x48, 0x8d, 0x0d);
      out.rel32(last ? next : out.here + 4 + JUMP_SIZE);
    } else {
      out.u8(0x64, 0xc7, 0x05);
      out.u32(this.#target.gateReturn ?? 0);
      this.#relocations.push(out.length);
      out.u32(this.#region.address + (last ? next : out.here + 4 + JUMP_SIZE));
    }
    out.jump(gate);
    if (!last) this.#points.add(out.length, next, NO_SCRATCH);
  }
}
