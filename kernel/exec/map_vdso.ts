/**
 * Mapping the vDSO (vdso(7)) into a new program: data page, image and trampolines, in one piece. Linux:
 * arch/x86/entry/vdso/vma.c. The data page must then be given to the host's clock (VdsoSource.addPage), and taken
 * from it before the memory goes away.
 */
import { vdsoImage } from "../../loader/vdso/mod.ts";
import { vdsoRegion } from "../../loader/vdso/region.ts";
import { rewrite, type Rewritten } from "../../loader/x86/mod.ts";
import { ENOMEM, type Errno } from "../abi/errno.ts";
import { type Bits, PAGE_SIZE, PROT_EXEC, PROT_READ, PROT_WRITE } from "../host.ts";
import type { AddressSpace } from "../mm/address_space.ts";
import { TRAMPOLINES } from "../mm/vma.ts";
import type { Engine } from "./engine.ts";
import type { ModuleCache } from "./module_cache.ts";

export interface MappedVdso {
  /** AT_SYSINFO_EHDR. The data page lies before it. */
  readonly image: number;
  /** The kernel's view of the data page. */
  readonly page: Uint8Array<ArrayBuffer>;
  /** i386: AT_SYSINFO, and where signal handlers without a restorer return to. */
  readonly sysinfo: number | undefined;
  readonly sigreturn: number | undefined;
  readonly rtSigreturn: number | undefined;
}

/** Pages for the gate and the trampolines of a handful of system calls. */
const TRAMPOLINE_PAGES = 1;

interface RewrittenVdso {
  readonly patched: Uint8Array;
  readonly rewritten: Rewritten;
}

/** The vDSO, rewritten for address 0. */
export class VdsoCache {
  readonly #known = new Map<string, RewrittenVdso>();

  get(engine: Engine, bits: Bits): RewrittenVdso {
    const key = `${engine.name} ${bits}`;
    let found = this.#known.get(key);
    if (found === undefined) this.#known.set(key, found = rewriteVdso(engine, bits));
    return found;
  }
}

function rewriteVdso(engine: Engine, bits: Bits): RewrittenVdso {
  const vdso = vdsoImage(bits);
  const { bytes } = vdso;
  const rewritten = rewrite(vdsoRegion(bits, vdso, 0), engine.rewriteTarget(bits, bytes.length, false));
  if (rewritten.trampolineBytes.length > TRAMPOLINE_PAGES * PAGE_SIZE) {
    throw new RangeError("Cannot place the vDSO: it has too many trampolines");
  }
  return { patched: bytes, rewritten };
}

/** ENOMEM: there is no room. */
export function mapVdso(mm: AddressSpace, { engine, vdso: cache }: ModuleCache): MappedVdso | Errno {
  const { bits } = mm.abi;
  const { bytes, vvarPages, ...places } = vdsoImage(bits);
  const start = mm.places.find((vvarPages + TRAMPOLINE_PAGES) * PAGE_SIZE + bytes.length);
  if (start === undefined) return ENOMEM;
  const image = start + vvarPages * PAGE_SIZE, trampolines = image + bytes.length;
  const end = trampolines + TRAMPOLINE_PAGES * PAGE_SIZE;
  const failure = mm.map({ start, end, prot: PROT_READ | PROT_WRITE, name: "[vvar]" });
  if (failure !== undefined) return failure;

  const { patched, rewritten } = cache.get(engine, bits);
  mm.write(image, patched);
  mm.write(trampolines, rewritten.trampolinesFor(image));
  const room = { start: trampolines, end };
  mm.code.add({ start: image, end: trampolines, rewritten, bias: image, room });
  mm.relabel(start, image, PROT_READ, "[vvar]");
  mm.relabel(image, trampolines, PROT_READ | PROT_EXEC, "[vdso]");
  mm.relabel(trampolines, end, PROT_READ | PROT_EXEC, TRAMPOLINES);
  const at = (offset: number | undefined) => offset === undefined ? undefined : image + offset;
  return {
    image,
    page: mm.peek(start, PAGE_SIZE)!,
    sysinfo: at(places.sysinfo),
    sigreturn: at(places.sigreturn),
    rtSigreturn: at(places.rtSigreturn),
  };
}
