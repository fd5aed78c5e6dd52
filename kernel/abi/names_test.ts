import { assertEquals } from "../testing/assert.ts";
import { decodeName, encodeName, nameTooLong } from "./names.ts";

Deno.test("names of valid UTF-8 are ordinary strings", () => {
  for (const name of ["", "a", "ü€😀", "\u{10ffff}\ud7ff\ue000", "long".repeat(20)]) {
    const bytes = new TextEncoder().encode(name);
    assertEquals(decodeName(bytes), name);
    assertEquals([...encodeName(name)], [...bytes]);
  }
});

Deno.test("every byte string comes back from its name", () => {
  const samples = [
    [0xff],
    [0xc0, 0x80], // overlong
    [0xed, 0xa0, 0x80], // a surrogate
    [0xf4, 0x90, 0x80, 0x80], // above U+10FFFF
    [0xe2, 0x82], // cut short
    [0x61, 0xe2, 0x82, 0xac, 0xe2, 0x82],
    [0xef, 0x80, 0xba],
  ];
  let state = 1;
  for (let i = 0; i < 20_000; i++) {
    const bytes: number[] = [];
    for (let k = 0; k < 6; k++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      bytes.push(state >>> 24);
    }
    samples.push(bytes);
  }
  for (const bytes of samples) assertEquals([...encodeName(decodeName(Uint8Array.from(bytes)))], bytes);
  assertEquals(decodeName(Uint8Array.of(0x61, 0xff)), "a\udcff");
});

Deno.test("nameTooLong() counts bytes", () => {
  assertEquals(nameTooLong("a".repeat(255), 255), false);
  assertEquals(nameTooLong("a".repeat(256), 255), true);
  assertEquals(nameTooLong("ü".repeat(127), 255), false);
  assertEquals(nameTooLong("ü".repeat(128), 255), true);
});
