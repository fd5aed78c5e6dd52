/** A task for unit tests: the real Kernel and Task over a flat memory and a thread that only records. */
import { type Abi, SYSCALL_NUMBER, SYSCALL_RESULT, X86_64 } from "../abi/abi.ts";
import { RegisterFile } from "../abi/registers.ts";
import type { Timespec } from "../abi/time.ts";
import type { GuestThread, Host } from "../host.ts";
import type { HostClock } from "../host_clock.ts";
import { Kernel } from "../kernel.ts";
import { CodeMap } from "../mm/code_map.ts";
import type { UserSpace } from "../mm/user_memory.ts";
import { dispatchSyscall } from "../syscalls/dispatch.ts";
import { Tracer } from "../syscalls/trace.ts";
import { Credentials } from "../task/credentials.ts";
import { ResourceLimits } from "../task/rlimits.ts";
import { Task, type TaskParts } from "../task/task.ts";

/** x87, SSE and AVX. */
const FLOAT_FORMAT = { size: 832, features: 7 };
/** Where the guest's memory begins. */
export const MEMORY = 0x10000;
const MEMORY_SIZE = 0x4_0000;

export class FlatMemory implements UserSpace, Disposable {
  readonly bytes = new Uint8Array(MEMORY_SIZE);
  readonly code = new CodeMap();
  readonly heap = { sync: () => {}, takeBack: () => {}, stop: () => {} };
  readonly residence = { now: () => MEMORY_SIZE, peak: () => MEMORY_SIZE };
  #next = 0;

  span(address: number, length: number, _write: boolean): Uint8Array<ArrayBuffer> {
    const start = address - MEMORY;
    if (start < 0 || start >= MEMORY_SIZE) return new Uint8Array(0);
    return this.bytes.subarray(start, Math.min(start + length, MEMORY_SIZE));
  }

  /** Puts bytes, a NUL-terminated string, or `count` zero bytes somewhere aligned; returns the address. */
  place(what: Uint8Array | string | number): number {
    const raw = typeof what === "string"
      ? new TextEncoder().encode(`${what}\0`)
      : typeof what === "number"
      ? new Uint8Array(what)
      : what;
    const at = this.#next;
    this.bytes.set(raw, at);
    this.#next = Math.ceil((at + raw.length + 1) / 16) * 16;
    return MEMORY + at;
  }

  view(address: number): DataView {
    return new DataView(this.bytes.buffer, address - MEMORY);
  }

  [Symbol.dispose](): void {}
}

export class FakeClock implements HostClock {
  milliseconds = 5_000.25;
  epoch: Timespec = { tv_sec: 1_700_000_000, tv_nsec: 123_456_789 };
  monotonic(): number {
    return this.milliseconds;
  }
  realtime(): Timespec {
    return this.epoch;
  }
  cpuTime(): { user: number; system: number } {
    return { user: 12.5, system: 2.25 };
  }
}

export class FakeTask {
  readonly memory = new FlatMemory();
  readonly clock = new FakeClock();
  readonly registers = new RegisterFile();
  /** How the thread was resumed, in order. */
  readonly resumed: ("result" | "all")[] = [];
  /** Lines of the trace. */
  readonly trace: string[] = [];
  readonly reports: string[] = [];
  /** How often the thread was told that it will wait for long. */
  rests = 0;
  /** What the thread's XSAVE would give. */
  readonly floatState = new Uint8Array(FLOAT_FORMAT.size);
  readonly panics: { error: unknown; context: string }[] = [];
  readonly kernel: Kernel;
  readonly task: Task;

  constructor(readonly abi: Abi = X86_64, traced = false) {
    const thread = {
      container: { bits: abi.bits, terminate() {} },
      halted: true,
      running: false,
      halt: () => true,
      interrupt() {},
      rest: () => void this.rests++,
      readFloatState: () => this.floatState,
      writeFloatState: (state: Uint8Array | undefined) => {
        this.floatState.fill(0).set(state ?? []);
      },
      segments: { selector: () => 0, setSelector() {}, setOtherBase() {} },
      registers: this.registers,
      owner: undefined,
      setThreadPointer() {},
      setCanary() {},
      resume: (how: "result" | "all") => void this.resumed.push(how),
      willRead: () => {},
    };
    this.kernel = new Kernel({
      host: { floatFormat: FLOAT_FORMAT, isLoss: () => false } as unknown as Host,
      clock: this.clock,
      system: {
        hostname: "box",
        processors: 3,
        memory: () => ({ total: 2 ** 33, free: 2 ** 32, swapTotal: 0, swapFree: 0 }),
      },
      engine: {
        name: "trap",
        rewriteTarget: () => {
          throw new Error("not here");
        },
      },
      tracer: traced ? new Tracer({ sink: (line) => void this.trace.push(line) }) : undefined,
      report: (line) => void this.reports.push(line),
      onPanic: (error, context) => {
        this.panics.push({ error, context });
        throw error;
      },
    });
    this.task = new Task({
      kernel: this.kernel,
      pid: this.kernel.allocatePid(),
      parentPid: 0,
      abi,
      mm: this.memory as unknown as TaskParts["mm"],
      files: { release() {} } as unknown as TaskParts["files"],
      fs: { release() {} } as unknown as TaskParts["fs"],
      credentials: Credentials.of(0, 0),
      limits: new ResourceLimits(),
      thread: thread as unknown as GuestThread,
    });
    this.kernel.addTask(this.task);
  }

  /** Loads the registers with a call. Arguments are words. */
  load(number: number, args: readonly number[]): void {
    this.registers.set(SYSCALL_NUMBER, number);
    args.forEach((value, i) => {
      const register = this.abi.argumentRegisters[i];
      if (register !== undefined) this.registers.set(register, this.abi.bits === 64 ? value : value >>> 0);
    });
  }

  /** Makes a call through dispatch and returns the result register, signed; the call must not have to wait. */
  call(number: number, ...args: readonly number[]): number {
    this.load(number, args);
    dispatchSyscall(this.task);
    return this.result;
  }

  get result(): number {
    const low = this.registers.lo(SYSCALL_RESULT);
    return this.abi.bits === 32 ? low | 0 : low + (this.registers.hi(SYSCALL_RESULT) | 0) * 2 ** 32;
  }
}
