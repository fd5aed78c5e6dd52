import { Stretch } from "../stretch.ts";
import { ReadAhead, type Reader } from "./read_ahead.ts";
import type { FileHandle } from "./nt_calls.ts";

/** A file of 150,000 bytes that can be changed; `reads` counts the host's. */
function setUp() {
  const content = Uint8Array.from({ length: 150_000 }, (_, i) => i * 7 >> 3);
  const file = { content, reads: 0 };
  const calls = {
    read(_handle: FileHandle, into: Uint8Array, offset: number): number {
      file.reads++;
      const piece = file.content.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
  };
  const stretch = new Stretch();
  const ahead = new ReadAhead(calls, stretch);
  const open = (): Reader => ({ handle: {} as FileHandle, readEnd: -1, block: undefined });
  const read = (reader: Reader, size: number, offset: number): Uint8Array => {
    const into = new Uint8Array(size);
    return into.subarray(0, ahead.read(reader, into, offset) as number);
  };
  return { file, stretch, open, read };
}

function equal(got: Uint8Array, wanted: Uint8Array): void {
  const same = got.length === wanted.length && got.every((byte, i) => byte === wanted[i]);
  if (!same) throw new Error(`Got ${got.length} bytes, wanted ${wanted.length}, or others`);
}

Deno.test("a file read from front to back in pieces comes whole, with few reads of the host", () => {
  for (const size of [1, 100, 4096, 5000, 16384, 20000]) {
    const { file, open, read } = setUp(), reader = open();
    let at = 0;
    for (;;) {
      const piece = read(reader, size, at);
      equal(piece, file.content.slice(at, at + size));
      if (piece.length === 0) break;
      at += piece.length;
      if (size === 1 && at > 70_000) break;
    }
    if (size <= 16384 && file.reads > 16) throw new Error(`${file.reads} reads for pieces of ${size}`);
  }
});

Deno.test("what has changed is seen in the next stretch", () => {
  const { file, stretch, open, read } = setUp(), reader = open();
  for (let at = 0; at < 40; at += 10) read(reader, 10, at);
  file.content = file.content.map((byte) => byte ^ 0xff);
  stretch.end();
  equal(read(reader, 10, 40), file.content.slice(40, 50));
});

Deno.test("who jumps about reads what is there, at every offset", () => {
  const { file, open, read } = setUp(), readers = Array.from({ length: 6 }, open);
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 0x7fff_ffff) % below;
  const ends = readers.map(() => 0);
  for (let step = 0; step < 5000; step++) {
    const which = random(readers.length);
    const at = random(4) === 0 ? random(160_000) : ends[which]!;
    const piece = read(readers[which]!, random(9000), at);
    ends[which] = at + piece.length;
    equal(piece, file.content.slice(at, at + piece.length));
  }
});
