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
  const idle = () => stretch.whenIdle?.();
  const read = (reader: Reader, size: number, offset: number): Uint8Array => {
    const into = new Uint8Array(size);
    return into.subarray(0, ahead.read(reader, into, offset) as number);
  };
  return { file, stretch, ahead, open, read, idle };
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

Deno.test("nothing is kept of files that guests may be writing to", () => {
  const { file, stretch, open, read, idle } = setUp(), reader = open();
  for (let at = 0; at < 100_000; at += 20_000) read(reader, 20_000, at);
  idle();
  for (let at = 100_000; at < 100_040; at += 10) read(reader, 10, at);
  stretch.addWriter(stretch);
  for (const at of [100_040, 100_050, 120_000]) {
    file.content = file.content.map((byte) => byte ^ 0xff);
    equal(read(reader, 10, at), file.content.slice(at, at + 10));
    idle();
  }
});

Deno.test("who jumps about reads what is there, at every offset", () => {
  const { file, open, read, idle } = setUp(), readers = Array.from({ length: 6 }, open);
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 0x7fff_ffff) % below;
  const ends = readers.map(() => 0);
  for (let step = 0; step < 5000; step++) {
    const which = random(readers.length);
    const at = random(4) === 0 ? random(160_000) : ends[which]!;
    const piece = read(readers[which]!, random(random(3) === 0 ? 70_000 : 9000), at);
    if (random(2) === 0) idle();
    ends[which] = at + piece.length;
    equal(piece, file.content.slice(at, at + piece.length));
  }
});

Deno.test("larger pieces are read while the kernel is idle, for as long as they are read in turn", () => {
  const { file, open, read, idle } = setUp(), reader = open();
  for (let at = 0; at < 5 * 20_000; at += 20_000) {
    const before = file.reads;
    equal(read(reader, 20_000, at), file.content.slice(at, at + 20_000));
    if (file.reads - before !== (at === 0 ? 1 : 0)) throw new Error(`${file.reads - before} reads at ${at}`);
    idle();
    idle();
    if (file.reads - before > (at === 0 ? 2 : 1)) throw new Error("Read ahead twice");
  }
  // Another piece than what was expected: larger, elsewhere, behind the end.
  equal(read(reader, 30_000, 100_000), file.content.slice(100_000, 130_000));
  equal(read(reader, 20_000, 7), file.content.slice(7, 20_007));
  idle();
  equal(read(reader, 20_000, 140_000), file.content.slice(140_000));
  idle();
  equal(read(reader, 20_000, 150_000), new Uint8Array(0));
});

Deno.test("nothing is read ahead of a file that is closed, and nothing kept beyond the stretch", () => {
  const { file, stretch, ahead, open, read, idle } = setUp(), reader = open();
  read(reader, 20_000, 0);
  idle();
  file.content = file.content.map((byte) => byte ^ 0xff);
  stretch.end();
  equal(read(reader, 20_000, 20_000), file.content.slice(20_000, 40_000));
  const { reads } = file;
  ahead.forget(reader);
  idle();
  if (file.reads !== reads) throw new Error("Read a closed file");
});
