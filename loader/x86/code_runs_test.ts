import { codeRuns } from "./code_runs.ts";
import { assertEquals } from "../elf/testing/assert.ts";

/** xor %eax,%eax; mov $39,%al; syscall; ret */
const CALL = [0x31, 0xc0, 0xb0, 0x27, 0x0f, 0x05, 0xc3];

function place(
  size: number,
  ...parts: readonly (readonly [at: number, code: readonly number[]])[]
): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const [at, code] of parts) bytes.set(code, at);
  return bytes;
}

Deno.test("codeRuns() starts again behind zeros", () => {
  const runs = codeRuns(64, 0x1000, place(64, [11, CALL], [33, CALL]), []);
  assertEquals(runs, [{ start: 0x100b, end: 0x1012 }, { start: 0x1021, end: 0x1028 }]);
});

Deno.test("codeRuns() takes an entry's word against a sweep out of step", () => {
  // Behind the ret there is the first byte of a mov, which would swallow the call.
  const runs = codeRuns(64, 0x1000, place(64, [0, [0x90, 0xc3, 0x48, 0xb8]], [4, CALL]), [0x1004]);
  assertEquals(runs, [{ start: 0x1000, end: 0x1004 }, { start: 0x1004, end: 0x100b }]);
});

Deno.test("codeRuns() follows direct jumps", () => {
  // jmp to offset 9, over bytes that would swallow what is there.
  const runs = codeRuns(64, 0, place(32, [0, [0xeb, 7, 0x48, 0xb8, 1, 1, 1, 0x48, 0xb8]], [9, CALL]), [0]);
  assertEquals(runs, [{ start: 0, end: 9 }, { start: 9, end: 16 }]);
});
