/** What the parts of the NT host share: the libraries, the job, and which container and thread an id belongs to. */
import type { Bits } from "../kernel/host.ts";
import type { NtContainer } from "./container.ts";
import { Gate } from "./gate.ts";
import type { GuestNtThread } from "./guest_thread.ts";
import { DebugObject } from "./debug_object.ts";
import { floatFormat } from "./float_format.ts";
import { Job } from "./job.ts";
import { MemoryCalls } from "./memory_calls.ts";
import { expectedStub, placeStub } from "./stub_file.ts";
import type { Kernel32, Ntdll, Waits, WindowsLibraries } from "./symbols.ts";

export class Machine {
  readonly nt: Ntdll;
  readonly waits: Waits;
  readonly k32: Kernel32;
  readonly memory: MemoryCalls;
  readonly job: Job;
  readonly debug: DebugObject;
  readonly gate: Gate;
  /** The thread that waits in the gate for the system call that the kernel is serving. */
  servedThread: GuestNtThread | undefined;
  /** Threads that the kernel wants to stop and that run. */
  readonly interrupts = new Set<GuestNtThread>();
  readonly floatFormat = floatFormat();
  /** By NT process id. */
  readonly containers = new Map<number, NtContainer>();
  readonly #stubs = new Map<Bits, string>();

  constructor(libraries: WindowsLibraries) {
    this.nt = libraries.nt;
    this.waits = libraries.waits;
    this.k32 = libraries.k32;
    this.memory = new MemoryCalls(this.nt);
    this.job = new Job(this.nt);
    this.debug = new DebugObject(this.nt);
    this.gate = new Gate(this.nt, this.memory, navigator.hardwareConcurrency);
  }

  /** Path of the container program. Nobody has looked whether it is there: a start that fails tells, and costs less. */
  stub(bits: Bits): string {
    let path = this.#stubs.get(bits);
    if (path === undefined) this.#stubs.set(bits, path = expectedStub(bits) ?? placeStub(bits));
    return path;
  }

  /** Makes sure that it is there. Throws when no folder takes it. */
  placeStub(bits: Bits): void {
    this.#stubs.set(bits, placeStub(bits));
  }

  forgetContainer(container: NtContainer): void {
    this.containers.delete(container.processId);
  }
}
