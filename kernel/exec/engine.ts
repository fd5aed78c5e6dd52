/** How system calls and TLS instructions of rewritten code reach the kernel. */
import type { RewriteTarget } from "../../loader/x86/mod.ts";
import type { Bits, Host } from "../host.ts";

export interface Engine {
  readonly name: "gate" | "trap";
  /**
   * What the rewriter needs, for a trampoline area at `trampolines`. `keepsTlsAbi`: the code was made for a C library's
   * idea of a thread, and not for one of its own.
   */
  rewriteTarget(bits: Bits, trampolines: number, keepsTlsAbi: boolean): RewriteTarget;
}

/**
 * "gate": a system call posts its registers to memory that the kernel watches. "trap": every system call is a `ud2`
 * that the host reports as a fault; slow, simple, and the reference for the other.
 */
export function createEngine(name: Engine["name"], host: Pick<Host, "threadSlots" | "gateJump">): Engine {
  return {
    name,
    rewriteTarget(bits, trampolines, keepsTlsAbi) {
      const { gateReturn, secondSpill, canary, ...tlsSlots } = host.threadSlots(bits);
      const tls = { ...tlsSlots, spill2: secondSpill, ...(keepsTlsAbi ? { canary } : {}) };
      if (name === "trap") return { trampolines, gateBytes: new Uint8Array(0), tls };
      return { trampolines, gateBytes: host.gateJump(bits), gateReturn, tls };
    },
  };
}
