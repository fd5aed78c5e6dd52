/**
 * Ctrl-C, Ctrl-Break and the console's closing. Windows tells of them by calling a function of ours on a thread that it
 * makes for that. JavaScript does not run there, and may be blocked besides: so the function is a few instructions that
 * note what has come and end the kernel's wait (SetConsoleCtrlHandler, HandlerRoutine).
 */
import { allocate, pointer } from "./clock_code.ts";
import { NtCurrentProcess, PAGE_EXECUTE_READ } from "./constants.ts";
import type { ConsoleControl } from "../kernel/host.ts";
import { u64big } from "../kernel/abi/layout.ts";
import type { Machine } from "./machine.ts";
import type { Handle } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import { wide } from "./wide.ts";

const PAGE_SIZE = 4096;
/** By number (wincon.h, CTRL_*_EVENT): closing, logging off and shutting down are one to Linux. */
const CONTROLS: readonly (ConsoleControl | undefined)[] = [
  "interrupt",
  "quit",
  "hangup",
  undefined,
  undefined,
  "hangup",
  "hangup",
];

/**
 * BOOL routine(DWORD event). Once it returns from the last three kinds Windows ends the process: so it does not, and
 * the kernel has the few seconds that Windows gives. `0n` stands for addresses, in this order: the word with a bit for
 * each event, the event to set, NtSetEvent, Sleep.
 */
const ROUTINE: readonly (number | bigint)[] = [
  ...[0x48, 0xb8, 0n], // mov rax, word
  ...[0xf0, 0x0f, 0xab, 0x08], // lock bts [rax], ecx
  ...[0x48, 0x83, 0xec, 0x28], // sub rsp, 40
  ...[0x89, 0x4c, 0x24, 0x30], // mov [rsp+48], ecx
  ...[0x48, 0xb9, 0n], // mov rcx, event
  ...[0x31, 0xd2], // xor edx, edx
  ...[0x48, 0xb8, 0n], // mov rax, NtSetEvent
  ...[0xff, 0xd0], // call rax
  ...[0x83, 0x7c, 0x24, 0x30, 2], // cmp dword ptr [rsp+48], CTRL_CLOSE_EVENT
  ...[0x72, 17], // jb 1f
  ...[0xb9, 0xff, 0xff, 0xff, 0xff], // mov ecx, INFINITE
  ...[0x48, 0xb8, 0n], // mov rax, Sleep
  ...[0xff, 0xd0], // call rax
  ...[0xb8, 1, 0, 0, 0], // 1: mov eax, TRUE
  ...[0x48, 0x83, 0xc4, 0x28], // add rsp, 40
  0xc3, // ret
];

export class ConsoleControls {
  readonly #word: Int32Array;

  /** `event` is set whenever something has come. */
  constructor({ nt, k32, memory }: Machine, event: Handle) {
    const base = allocate(nt, 2 * PAGE_SIZE);
    const bytes = new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer(base), 2 * PAGE_SIZE));
    this.#word = new Int32Array(bytes.buffer, 0, 1);
    const address = (library: string, name: string) =>
      k32.GetProcAddress(k32.GetModuleHandleW(wide(library)), new TextEncoder().encode(name + "\0"));
    const addresses = [
      BigInt(base),
      event,
      address("ntdll.dll", "NtSetEvent"),
      address("kernel32.dll", "Sleep"),
    ];
    bytes.set(assemble(ROUTINE, addresses), PAGE_SIZE);
    const status = memory.protect(NtCurrentProcess, base + PAGE_SIZE, PAGE_SIZE, PAGE_EXECUTE_READ);
    check("NtProtectVirtualMemory", status);
    if (k32.SetConsoleCtrlHandler(pointer(base + PAGE_SIZE), 1) === 0) {
      throw new Error(`Cannot watch the console: Windows error ${k32.GetLastError()}`);
    }
  }

  /** What has come since the last call, each once. */
  take(): ConsoleControl[] {
    if (Atomics.load(this.#word, 0) === 0) return [];
    const came = Atomics.exchange(this.#word, 0, 0);
    return CONTROLS.flatMap((control, event) =>
      control !== undefined && (came >> event & 1) !== 0 ? [control] : []
    );
  }
}

function assemble(code: readonly (number | bigint)[], addresses: bigint[]): Uint8Array {
  const left = [...addresses];
  return Uint8Array.from(code.flatMap((part) => {
    if (typeof part === "number") return [part];
    const word = new Uint8Array(8);
    u64big.write(new DataView(word.buffer), 0, left.shift()!);
    return [...word];
  }));
}
