import { EAGAIN, EBUSY, EINVAL, EPERM, EPIPE } from "../abi/errno.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/poll.ts";
import { assertEquals } from "../testing/assert.ts";
import { PageRing } from "./page_ring.ts";
import { Pipe } from "./pipe.ts";

const READABLE = POLLIN | POLLRDNORM;
const WRITABLE = POLLOUT | POLLWRNORM;

function openPipe(): Pipe {
  const pipe = new Pipe();
  pipe.addEnd(true, false);
  pipe.addEnd(false, true);
  return pipe;
}

Deno.test("a ring gives back what it took, in order", () => {
  const ring = new PageRing(4);
  let written = 0;
  let read = 0;
  let seed = 1;
  const random = (limit: number) => (seed = (seed * 1103515245 + 12345) >>> 0) % limit;
  for (let turn = 0; turn < 3000; turn++) {
    if (random(2) === 0) {
      const bytes = Uint8Array.from({ length: random(9000) }, (_, i) => written + i);
      written += ring.write(bytes, false);
    } else {
      const bytes = new Uint8Array(random(9000));
      const view = ring.view(0, bytes.length).slice();
      const count = ring.read(bytes);
      assertEquals(view.every((byte, i) => byte === bytes[i]), true);
      assertEquals(bytes.subarray(0, count).every((byte, i) => byte === (read + i & 0xff)), true);
      read += count;
    }
    if (turn % 100 === 0) ring.resize(ring.slots === 4 ? 8 : Math.max(4, ring.used > 4 ? 8 : 4));
    assertEquals(ring.bytes, written - read);
  }
});

Deno.test("up to a page goes in whole or not at all, more in pages", () => {
  const pipe = openPipe();
  assertEquals(pipe.write(new Uint8Array(100_000), false), 65536);
  assertEquals(pipe.write(new Uint8Array(1), false), EAGAIN);
  assertEquals(pipe.read(new Uint8Array(4095)), 4095);
  assertEquals(pipe.write(new Uint8Array(1), false), EAGAIN); // no slot is free yet
  assertEquals(pipe.read(new Uint8Array(1)), 1);
  assertEquals(pipe.write(new Uint8Array(5000), false), 4096);
  pipe.read(new Uint8Array(65536));
  assertEquals(pipe.write(new Uint8Array(4095), false), 4095);
  assertEquals(pipe.write(new Uint8Array(4097), false), 4097); // one byte beside the first ones
  assertEquals(pipe.ring.used, 2);
});

Deno.test("ends report what the other one does", () => {
  const pipe = openPipe();
  const reader = () => pipe.poll(true, false, true);
  const writer = () => pipe.poll(false, true, true);
  assertEquals([reader(), writer()], [0, WRITABLE]);
  pipe.write(new Uint8Array(65536), false);
  assertEquals([reader(), writer()], [READABLE, 0]);
  pipe.removeEnd(false, true);
  assertEquals(reader(), READABLE | POLLHUP);
  pipe.read(new Uint8Array(65536));
  assertEquals(reader(), POLLHUP);
  assertEquals(pipe.read(new Uint8Array(1)), 0);
  pipe.removeEnd(true, false);
  assertEquals(writer(), WRITABLE | POLLERR);
  assertEquals(pipe.write(new Uint8Array(1), false), EPIPE);
  assertEquals(pipe.write(new Uint8Array(0), false), 0);
});

Deno.test("a packet is read as a whole, its rest is lost", () => {
  const pipe = openPipe();
  pipe.write(Uint8Array.of(1, 2, 3), true);
  pipe.write(Uint8Array.of(4), true);
  assertEquals(pipe.ring.beginsWithPacket, true);
  assertEquals(pipe.read(new Uint8Array(2)), 2);
  assertEquals(pipe.read(new Uint8Array(20)), 1);
  assertEquals(pipe.read(new Uint8Array(20)), EAGAIN);
  assertEquals(pipe.ring.bytes, 0);
});

Deno.test("the capacity is a power of two of pages and holds what is inside", () => {
  const pipe = openPipe();
  assertEquals(pipe.setCapacity(0, false), 4096);
  assertEquals(pipe.setCapacity(10_000, false), 16384);
  assertEquals(pipe.setCapacity(2 ** 21, false), EPERM);
  assertEquals(pipe.setCapacity(2 ** 21, true), 2 ** 21);
  assertEquals(pipe.setCapacity(2 ** 32 - 1, true), EINVAL);
  pipe.write(Uint8Array.from({ length: 20_000 }, (_, i) => i), false);
  assertEquals(pipe.setCapacity(16384, false), EBUSY);
  assertEquals(pipe.setCapacity(32768, false), 32768);
  const bytes = new Uint8Array(20_000);
  assertEquals(pipe.read(bytes), 20_000);
  assertEquals(bytes.every((byte, i) => byte === (i & 0xff)), true);
});
