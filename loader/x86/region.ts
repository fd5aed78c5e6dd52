/** What the rewriter is given: code, what is known about it, and where the trampolines go. */
import type { Functions } from "./functions.ts";
import type { Mode } from "./decoder.ts";

/** A function's code, [start, end). */
export interface FunctionRange {
  readonly start: number;
  readonly end: number;
  /** The address of its language-specific data area (C++ landing pads), if it has one. */
  readonly lsda?: number;
}

export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** Loaded bytes that are not (only) code: .rodata, .data, .data.rel.ro, .got, .rela.dyn, .gcc_except_table... */
export interface DataRange {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface CodeRegion {
  readonly mode: Mode;
  /** The address of bytes[0], as the code was linked or as it will run: the same kind as all other addresses here. */
  readonly address: number;
  /** Patched in place. */
  readonly bytes: Uint8Array;
  /** A copy of `bytes` that stays as it is; one is made if it is missing. */
  readonly original?: Uint8Array;
  /** Function ranges of .eh_frame. Swept exactly; what lies between them is swept linearly. */
  readonly functions?: Functions;
  /** The parts that hold code, by section headers; everything by default. */
  readonly executableRanges?: readonly AddressRange[];
  /**
   * All other loaded bytes of the same module. An instruction can be entered through a pointer only if its address
   * stands somewhere: in the code or here. With these, jump tables, computed gotos and landing pads are known;
   * without, functions with an indirect jump are not touched beyond their sites.
   */
  readonly data?: readonly DataRange[];
  /** Any instruction may be entered through a pointer, for all we know: none is touched beyond its sites. */
  readonly anyEntry?: boolean;
  /**
   * For position independent modules: all code addresses that relocations and symbols produce (see codePointers).
   * Without, every aligned word of the data that looks like a code address is taken for one.
   */
  readonly pointers?: readonly number[];
}

/** Offsets of 4- or 8-byte slots in the TEB: %gs:offset on x86-64, %fs:offset on i386. */
export interface TlsSlots {
  readonly threadPointer: number;
  /** Holds a scratch register while a trampoline runs. */
  readonly spill: number;
  /** Holds the target of `call *%fs:x` and `jmp *%fs:x`; without it they are trapped. */
  readonly spill2?: number;
  /** Holds the guest's base of the other segment, %gs on x86-64 and %fs on i386; without it that one is trapped. */
  readonly otherBase?: number;
  /** Hold what the guest takes for its selectors; without them their instructions are trapped. */
  readonly fsSelector?: number;
  readonly gsSelector?: number;
  /** Holds a copy of the stack protector's canary; given for code that keeps to the TLS ABI (mirror_form.ts). */
  readonly canary?: number;
}

export interface RewriteTarget {
  /** Where the trampoline area starts; within 2 GiB of all the code. */
  readonly trampolines: number;
  /**
   * The syscall gate, copied to the start of the trampoline area; empty for the trap engine: every syscall is ud2.
   * On x86-64 it is entered with the return address in %rcx. On i386 with the return address in `gateReturn`.
   */
  readonly gateBytes: Uint8Array;
  /** i386: the TEB slot for the gate's return address. */
  readonly gateReturn?: number;
  /** Undefined: TLS sites are trapped, without trampolines. */
  readonly tls: TlsSlots | undefined;
}
