/** The probe of threads made in another process. */
import { u64big } from "../../kernel/abi/layout.ts";
import { THREAD_ALL_ACCESS, THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH } from "../constants.ts";
import { NtContainer } from "../container.ts";
import { check } from "../nt_error.ts";
import { openWindowsLibraries } from "../symbols.ts";
import { fail, ok, type Probe } from "./probe.ts";

const THREAD_CREATE_FLAGS_CREATE_SUSPENDED = 1;
const STACK_SIZE = 0x1_0000n;

export const remoteThreads: Probe = {
  name: "threads in a container",
  run({ host }) {
    using container = host.acquireContainer(64);
    if (!(container instanceof NtContainer)) return fail("the host is not Windows");
    const { nt } = openWindowsLibraries();
    const out = new Uint8Array(8);
    const started = performance.now();
    const status = nt.NtCreateThreadEx(
      out,
      THREAD_ALL_ACCESS,
      null,
      container.process,
      BigInt(container.threadEntry),
      0n,
      THREAD_CREATE_FLAGS_CREATE_SUSPENDED | THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH,
      0n,
      STACK_SIZE,
      STACK_SIZE,
      null,
    );
    const took = performance.now() - started;
    check("NtCreateThreadEx", status);
    check("NtClose", nt.NtClose(u64big.read(new DataView(out.buffer), 0))); // it ends with its container
    return ok(`${took.toFixed(1)} ms`);
  },
};
