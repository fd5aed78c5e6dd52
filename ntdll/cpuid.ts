/** The CPUID instruction, in executable memory of our own: JavaScript has no other way to it. */
import { PAGE_SIZE } from "../kernel/host.ts";
import { NtCurrentProcess, PAGE_EXECUTE_READ } from "./constants.ts";
import { allocate, pointer } from "./clock_code.ts";
import { MemoryCalls } from "./memory_calls.ts";
import { check } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";

/**
 * void cpuid(uint32_t leaf, uint32_t subleaf, uint32_t out[4]), Windows' calling convention:
 * push rbx; mov eax,ecx; mov ecx,edx; cpuid; mov [r8],eax; mov [r8+4],ebx; mov [r8+8],ecx; mov [r8+12],edx; pop rbx; ret
 */
const CODE = Uint8Array.fromHex("5389c889d10fa241890041895804418948084189500c5bc3");

const signature = { parameters: ["u32", "u32", "buffer"], result: "void" } as const;

export type Cpuid = (leaf: number, subleaf: number) => readonly [number, number, number, number];

/** Makes the function when it is first called: most programs never ask. */
export function cpuidOf(nt: Ntdll): Cpuid {
  let call: Deno.UnsafeFnPointer<typeof signature> | undefined;
  return (leaf, subleaf) => {
    call ??= makeCode(nt);
    const out = new Uint8Array(16);
    call.call(leaf, subleaf, out);
    const [a = 0, b = 0, c = 0, d = 0] = new Uint32Array(out.buffer);
    return [a, b, c, d];
  };
}

function makeCode(nt: Ntdll): Deno.UnsafeFnPointer<typeof signature> {
  const base = allocate(nt, PAGE_SIZE);
  new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer(base), PAGE_SIZE)).set(CODE);
  const memory = new MemoryCalls(nt);
  check("NtProtectVirtualMemory", memory.protect(NtCurrentProcess, base, PAGE_SIZE, PAGE_EXECUTE_READ));
  return new Deno.UnsafeFnPointer(pointer(base), signature);
}
