/**
 * The vDSO (vdso(7)): an ELF image that the kernel maps into every process, behind the page of numbers it reads the
 * time from. AT_SYSINFO_EHDR is the image's address; on i386 AT_SYSINFO is that of __kernel_vsyscall.
 *
 *   data page (VVAR_PAGES), read-only to the guest     image: headers, tables, code
 *
 * Its code asks the kernel by plain `syscall` and `int $0x80` instructions: the image has to be rewritten as any
 * other code, and its trampolines may follow it.
 */
import type { Bits } from "../../kernel/host.ts";
import { VVAR_PAGES } from "./data.ts";
import { VDSO32, VDSO64 } from "./image_bytes.ts";

export { type ClockLine, lineThrough, multFor, timeAt } from "./clock_line.ts";
export { VdsoPages } from "./pages.ts";
export { VdsoClock, VdsoData, VVAR_PAGES } from "./data.ts";

export interface VdsoImage {
  /** Whole pages, a fresh copy: the rewriter may patch it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The data lies directly before the image, so its offset from the image is -vvarPages * PAGE_SIZE. */
  readonly vvarPages: number;
  /** [start, end) of the instructions, relative to the image, for the rewriter; everything else is data. */
  readonly code: { readonly start: number; readonly end: number };
  /** Exported functions, relative to the image. */
  readonly symbols: Readonly<Record<string, number>>;
  /** i386: __kernel_vsyscall, for AT_SYSINFO, and what signal handlers without a restorer return to. */
  readonly sysinfo: number | undefined;
  readonly sigreturn: number | undefined;
  readonly rtSigreturn: number | undefined;
}

export function vdsoImage(bits: Bits): VdsoImage {
  const { size, code, symbols, bytes } = bits === 64 ? VDSO64 : VDSO32;
  const image = new Uint8Array(size);
  image.set(bytes);
  const stubs: Readonly<Record<string, number>> = symbols;
  return {
    bytes: image,
    vvarPages: VVAR_PAGES,
    code,
    symbols,
    sysinfo: stubs["__kernel_vsyscall"],
    sigreturn: stubs["__kernel_sigreturn"],
    rtSigreturn: stubs["__kernel_rt_sigreturn"],
  };
}
