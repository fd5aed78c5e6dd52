/** Making a thread in a container: it begins at the stub's entry for threads, without a call of any DLL's. */
import { u32, u64big } from "../kernel/abi/layout.ts";
import {
  STATUS_PENDING,
  STATUS_THREAD_IS_TERMINATING,
  THREAD_ALL_ACCESS,
  THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH,
  ThreadBasicInformation,
} from "./constants.ts";
import type { NtContainer } from "./container.ts";
import { THREAD_BASIC_INFORMATION } from "./layouts.ts";
import type { Handle } from "./memory_calls.ts";
import { check, NtError } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";

export interface CreatedThread {
  readonly handle: Handle;
  readonly threadId: number;
  /** Address of the environment block that the container's code sees: the 32-bit one in a 32-bit container. */
  readonly teb: number;
}

/** Bytes. */
const STACK_SIZE = 0x10000n;
const TEB_ATTEMPTS = 100_000;

export function createThread(nt: Ntdll, container: NtContainer): CreatedThread {
  const out = new Uint8Array(8);
  const status = nt.NtCreateThreadEx(
    out,
    THREAD_ALL_ACCESS,
    null,
    container.process,
    BigInt(container.threadEntry),
    0n,
    THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH,
    0n,
    STACK_SIZE,
    STACK_SIZE,
    null,
  );
  check("NtCreateThreadEx", status);
  const handle = u64big.read(new DataView(out.buffer), 0);
  const { TebBaseAddress, UniqueThread } = basicInformation(nt, handle);
  const teb = container.bits === 64 ? TebBaseAddress : wow64Teb(container, TebBaseAddress);
  return { handle, threadId: UniqueThread, teb };
}

/** A WoW64 thread's 64-bit TEB begins with the address of its 32-bit one (NT_TIB.ExceptionList). */
function wow64Teb(container: NtContainer, teb64: number): number {
  return u32.read(new DataView(container.readHostMemory(teb64, 4).buffer), 0);
}

/** A thread that has just been made in another process may have no TEB yet; it comes without our doing. */
function basicInformation(nt: Ntdll, thread: Handle): { TebBaseAddress: number; UniqueThread: number } {
  const raw = new Uint8Array(THREAD_BASIC_INFORMATION.size);
  for (let attempt = 0;; attempt++) {
    const status = nt.NtQueryInformationThread(thread, ThreadBasicInformation, raw, raw.length, null);
    check("NtQueryInformationThread", status);
    const info = THREAD_BASIC_INFORMATION.decode(raw);
    if (info.TebBaseAddress !== 0) return info;
    if (info.ExitStatus !== STATUS_PENDING) {
      throw new NtError("NtCreateThreadEx", STATUS_THREAD_IS_TERMINATING);
    }
    if (attempt === TEB_ATTEMPTS) {
      throw new Error("Cannot start a thread: Windows gave it no environment block");
    }
    check("NtYieldExecution", nt.NtYieldExecution());
  }
}
