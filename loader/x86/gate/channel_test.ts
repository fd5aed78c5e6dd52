import { assertEquals } from "../../elf/testing/assert.ts";
import { I386, SYSCALL_NUMBER, X86_64 } from "../../../kernel/abi/abi.ts";
import { Channel, CHANNEL_START, XSAVE_AREA } from "./channel.ts";

const CACHE_LINE = 64;

/** Legacy area, header, AVX and AVX-512 in the standard format (Intel SDM 1, 13.4 and 13.5). */
const XSAVE_SIZE = 2696;

for (const { name, bits, argumentRegisters } of [X86_64, I386]) {
  Deno.test(`what a system call of ${name} needs lies in one cache line`, () => {
    const slots = [SYSCALL_NUMBER, ...argumentRegisters].map((slot) => Channel.offset.registers + slot * 8);
    const starts = [Channel.offset.state, ...slots].map((offset) => CHANNEL_START[bits] + offset);
    const [first = 0] = starts.toSorted((a, b) => a - b);
    assertEquals(
      new Set(starts.map((start) => Math.floor(start / CACHE_LINE))),
      new Set([first / CACHE_LINE]),
    );
  });

  Deno.test(`XSAVE's area of ${name} is aligned and large enough`, () => {
    const start = CHANNEL_START[bits] + XSAVE_AREA[bits];
    assertEquals([start % 64, XSAVE_AREA[bits] + XSAVE_SIZE <= Channel.offset.heapEnd], [0, true]);
  });
}
