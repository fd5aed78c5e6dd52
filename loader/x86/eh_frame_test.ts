import { ehFrameAddress, functionRanges } from "./mod.ts";

const ADDRESS = 0x1000;
const word = (value: number) => [value & 255, value >> 8 & 255, value >> 16 & 255, value >> 24 & 255];

/** A CIE with "zR" and pcrel|sdata4, and one FDE for [start, start + size). */
function frame(start: number, size: number): Uint8Array {
  const cie = [...word(0), 1, 0x7a, 0x52, 0, 1, 0x78, 16, 1, 0x1b, 0, 0, 0];
  const fde = [
    ...word(4 + cie.length + 4),
    ...word(start - (ADDRESS + 4 + cie.length + 8)),
    ...word(size),
    0,
    0,
    0,
    0,
  ];
  return Uint8Array.from([...word(cie.length), ...cie, ...word(fde.length), ...fde, ...word(0)]);
}

Deno.test("functionRanges() reads pc-relative FDEs", () => {
  const { starts, ends } = functionRanges({ address: ADDRESS, bytes: frame(0x4000, 0x30) }, 8);
  if (starts.join() !== `${0x4000}` || ends.join() !== `${0x4030}`) throw new Error(`Got ${starts}-${ends}`);
});

Deno.test("functionRanges() survives any damage", () => {
  let state = 7;
  const good = frame(0x4000, 0x30);
  for (let i = 0; i < 20_000; i++) {
    const bytes = good.slice(0, i % 5 === 0 ? i % good.length : good.length);
    for (let k = 0; k < 3 && bytes.length > 0; k++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      bytes[(state >>> 8) % bytes.length] = state >>> 16;
    }
    const { starts, ends } = functionRanges({ address: ADDRESS, bytes }, i % 2 ? 4 : 8);
    if (!starts.every((start, k) => start < ends[k]!)) throw new Error(`Got ${starts}-${ends}`);
  }
});

Deno.test("ehFrameAddress() reads the header's pointer", () => {
  const bytes = Uint8Array.from([1, 0x1b, 0x03, 0x3b, ...word(0x100)]);
  if (ehFrameAddress({ address: 0x2000, bytes }, 8) !== 0x2104) throw new Error("Got another address");
  if (ehFrameAddress({ address: 0x2000, bytes: bytes.subarray(0, 3) }, 8) !== undefined) {
    throw new Error("Took a truncated header");
  }
});
