/// <reference path="../../../loader/x86/sweep_loop/assembly.d.ts" />
/**
 * The loop of content_hash.ts. This is AssemblyScript, compiled to hash_bytes.ts by scripts/assemble_wasm.ts: a start
 * hashes megabytes once, and as JavaScript that is over by the time the loop is compiled.
 */
const K1: i64 = 0x9e3779b97f4a7,
  K2: i64 = 0xc2b2ae3d27d4f,
  K3: i64 = 0x165667b19e377,
  K4: i64 = 0xd6e8feb86659f;

let a: i64 = 0, b: i64 = 0, c: i64 = 0, d: i64 = 0;

export function begin(first: u32, second: u32, third: u32, fourth: u32): void {
  a = first as i64;
  b = second as i64;
  c = third as i64;
  d = fourth as i64;
}

/** The memory's first `length` bytes, a multiple of 32. */
export function update(length: i32): void {
  for (let at: i32 = 0; at < length; at += 32) {
    // Nothing waits for more than one product: each takes the processor several cycles.
    const p: i64 = (a ^ load<i64>(at)) * K1, q: i64 = (b ^ load<i64>(at, 8)) * K2;
    const r: i64 = (c ^ load<i64>(at, 16)) * K3, s: i64 = (d ^ load<i64>(at, 24)) * K4;
    a = p ^ (q >>> 31);
    b = q ^ (r >>> 29);
    c = r ^ (s >>> 33);
    d = s + a;
  }
}

export function finish(length: u32): void {
  a ^= length as i64;
  for (let i: i32 = 0; i < 8; i++) {
    a = (a ^ (d >>> 31)) * K1;
    b = (b ^ (a >>> 29)) * K2;
    c = (c ^ (b >>> 33)) * K3;
    d = (d ^ (c >>> 30)) * K4;
  }
}

/** One of the four words of the hash. */
export function word(index: i32): u32 {
  const lane: i64 = index == 0 ? a : index == 1 ? b : index == 2 ? c : d;
  return (lane ^ (lane >>> 32)) as u32;
}
