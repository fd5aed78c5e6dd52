/**
 * Starting the process of a container. Its first thread runs the ordinary loader to the stub's entry and parks there,
 * so that Windows sees a process in good standing.
 */
import { type Bits, PAGE_SIZE, type Range } from "../kernel/host.ts";
import {
  CREATE_NO_WINDOW,
  CREATE_SUSPENDED,
  PAGE_EXECUTE_READWRITE,
  PAGE_READWRITE,
  STATUS_SUCCESS,
  STATUS_TIMEOUT,
  WaitAny,
} from "./constants.ts";
import { gateStart, placeGate } from "./gate_page.ts";
import { createEvent, duplicateHandle } from "./handles.ts";
import { PROCESS_INFORMATION, STARTUPINFOW } from "./layouts.ts";
import type { Machine } from "./machine.ts";
import type { Handle } from "./memory_calls.ts";
import { check, NtError } from "./nt_error.ts";
import { NtSection } from "./section.ts";
import { CONTROL_ADDRESS, controlPages, SHARED_ADDRESS, STUB_CONTROL } from "./stub_pe.ts";
import { wide } from "./wide.ts";

export interface ContainerProcess {
  readonly bits: Bits;
  readonly process: Handle;
  readonly processId: number;
  readonly control: NtSection;
  /** Placeholders that were reserved before the process ran. */
  readonly windows: readonly Range[];
}

/** Programs with fixed addresses, and for i386 everything that kernel/mm/layout.ts has places for. */
const IMAGE_WINDOWS: Readonly<Record<Bits, readonly Range[]>> = {
  32: [{ start: 0x0804_0000, end: 0x0c04_0000 }, { start: 0x5655_0000, end: 0x5e55_0000 }, {
    start: 0xe000_0000,
    end: 0xf000_0000,
  }],
  64: [{ start: 0x40_0000, end: 0x440_0000 }],
};
/** A process that has not reached its entry by then is taken for blocked (security software, a debugger). */
const START_TIMEOUT_MS = 60_000;

/** Starts a process and waits until it is parked. Throws when Windows refuses it. */
export function startProcess(machine: Machine, bits: Bits): ContainerProcess {
  let request = new Request(machine, bits);
  if (machine.k32.CreateProcessW(...request.words) === 0) {
    machine.placeStub(bits);
    request = new Request(machine, bits);
    if (machine.k32.CreateProcessW(...request.words) === 0) {
      throw request.refusal(`Windows error ${machine.k32.GetLastError()}`);
    }
  }
  const started = request.prepare();
  started.judge(machine.nt.NtWaitForMultipleObjects(...started.wait));
  return started.process;
}

/** The same, with the JS thread free while Windows works. */
export async function startProcessInBackground(machine: Machine, bits: Bits): Promise<ContainerProcess> {
  const { waits } = machine;
  let request = new Request(machine, bits);
  if (await waits.k32.CreateProcessW(...request.words) === 0) {
    machine.placeStub(bits);
    request = new Request(machine, bits);
    if (await waits.k32.CreateProcessW(...request.words) === 0) throw request.refusal("Windows refused it");
  }
  const started = request.prepare();
  started.judge(await waits.nt.NtWaitForMultipleObjects(...started.wait));
  return started.process;
}

type Words = Parameters<Machine["k32"]["CreateProcessW"]>;

class Request {
  readonly words: Words;
  readonly #info = new Uint8Array(PROCESS_INFORMATION.size);
  readonly #machine: Machine;
  readonly #bits: Bits;

  constructor(machine: Machine, bits: Bits) {
    this.#machine = machine;
    this.#bits = bits;
    const path = wide(machine.stub(bits));
    const startup = STARTUPINFOW.encode({ cb: STARTUPINFOW.size });
    const flags = CREATE_SUSPENDED | CREATE_NO_WINDOW;
    this.words = [path, path.slice(), null, null, 0, flags, null, null, startup, this.#info];
  }

  refusal(reason: string): Error {
    return new Error(
      `Cannot start ${this.#machine.stub(this.#bits)}: ${reason}. Does security software block it?`,
    );
  }

  /** Gives the suspended process what the stub needs, and lets it run to its entry. */
  prepare(): Started {
    const machine = this.#machine, { nt } = machine;
    const { hProcess, hThread, dwProcessId } = PROCESS_INFORMATION.decode(this.#info);
    try {
      machine.job.assign(hProcess);
      return this.#prepare(hProcess, hThread, dwProcessId);
    } catch (error) {
      nt.NtTerminateProcess(hProcess, 0);
      throw error;
    }
  }

  #prepare(hProcess: Handle, hThread: Handle, dwProcessId: number): Started {
    const machine = this.#machine, bits = this.#bits;
    const { nt, memory } = machine;
    const control = NtSection.create(nt, memory, controlPages(bits) * PAGE_SIZE);
    if (!(control instanceof NtSection)) throw new Error("Cannot start a container: out of memory");
    const map = (address: number, section: NtSection, protection: number) =>
      check("NtMapViewOfSectionEx", memory.mapAnywhere(hProcess, address, section.handle, protection));
    map(CONTROL_ADDRESS[bits], control, PAGE_EXECUTE_READWRITE);
    const data = memory.protect(hProcess, CONTROL_ADDRESS[bits], gateStart(bits), PAGE_READWRITE);
    check("NtProtectVirtualMemory", data);
    placeGate(machine, hProcess, bits, control);
    const windows = reserveWindows(machine, hProcess, bits);
    map(SHARED_ADDRESS[bits], machine.gate.shared, PAGE_READWRITE);
    const ready = createEvent(nt);
    STUB_CONTROL.patch(new DataView(control.bytes.buffer), 0, {
      readyEvent: Number(duplicateHandle(nt, ready, hProcess)),
    });
    check("NtResumeThread", nt.NtResumeThread(hThread, null));
    check("NtClose", nt.NtClose(hThread));
    return new Started(machine, { bits, process: hProcess, processId: dwProcessId, control, windows }, ready);
  }
}

/** A process on its way to its entry. */
class Started {
  /** For the stub's report, or for the process to end without it. */
  readonly wait: Parameters<Machine["nt"]["NtWaitForMultipleObjects"]>;
  readonly #machine: Machine;
  readonly #ready: Handle;

  constructor(machine: Machine, readonly process: ContainerProcess, ready: Handle) {
    this.#machine = machine;
    this.#ready = ready;
    const handles = new Uint8Array(new BigUint64Array([ready, process.process]).buffer);
    const timeout = new Uint8Array(new BigInt64Array([BigInt(-START_TIMEOUT_MS * 10_000)]).buffer);
    this.wait = [2, handles, WaitAny, 0, timeout];
  }

  /** How the wait has ended. Throws when the process is not parked. */
  judge(status: number): void {
    const { nt } = this.#machine;
    check("NtWaitForMultipleObjects", status);
    check("NtClose", nt.NtClose(this.#ready));
    if (status === STATUS_SUCCESS) return;
    nt.NtTerminateProcess(this.process.process, 0);
    if (status === STATUS_TIMEOUT) {
      throw new NtError("the container's start (it did not get to its entry)", status);
    }
    throw new Error("Cannot start a container: its process ended at once. Does security software block it?");
  }
}

/**
 * Where programs are linked or loaded to: reserved before Windows places stacks, heaps and DLLs of its own there. What
 * is taken already is left out; a program that needs it is told so.
 */
function reserveWindows(machine: Machine, process: Handle, bits: Bits): Range[] {
  return IMAGE_WINDOWS[bits].filter(({ start, end }) =>
    machine.memory.reservePlaceholder(process, start, end - start) === STATUS_SUCCESS
  );
}
