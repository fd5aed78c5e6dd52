import { assert, assertEquals } from "../../testing/assert.ts";
import { contentHash } from "./content_hash.ts";

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i * 31 >>> 3);

function changed(at: number): Uint8Array {
  const other = bytes.slice();
  other[at]! ^= 0x10;
  return other;
}

Deno.test("contentHash() tells contents apart that differ in a bit, in length or in what follows zeros", () => {
  const all = [
    bytes,
    changed(0),
    changed(65_535),
    changed(65_536),
    changed(199_999),
    bytes.subarray(0, 199_999),
    new Uint8Array(0),
    new Uint8Array(1),
    new Uint8Array(32),
    new Uint8Array(33),
  ].map((part) => contentHash(part).join());
  assertEquals(new Set(all).size, all.length);
});

Deno.test("contentHash() is the same for the same bytes, wherever they lie, and another with another seed", () => {
  const moved = new Uint8Array(bytes.length + 5);
  moved.set(bytes, 5);
  assertEquals(contentHash(moved.subarray(5)), contentHash(bytes));
  assert(contentHash(bytes, contentHash(moved)).join() !== contentHash(bytes).join(), "the seed counts");
});
