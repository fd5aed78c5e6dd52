import { AT_EXECFN, AT_NULL, AT_PHDR, AT_PLATFORM, AT_RANDOM, AT_SYSINFO } from "../kernel/abi/elf.ts";
import { E2BIG, Errno } from "../kernel/abi/errno.ts";
import type { Bits } from "../kernel/host.ts";
import { assert, assertEquals } from "./elf/testing/assert.ts";
import { type AuxValues, buildStack, type InitialStack, type StackRequest } from "./stack.ts";

const encode = (text: string) => new TextEncoder().encode(text);

const AUX: AuxValues = {
  hwcap: 0x178bfbff,
  phdr: 0x400040,
  phent: 56,
  phnum: 4,
  base: 0,
  entry: 0x401000,
  uid: 1000,
  euid: 1000,
  gid: 100,
  egid: 100,
  secure: false,
};
const REQUEST: StackRequest = {
  bits: 64,
  top: 0x7ffff000,
  argv: ["prog", "", "größer"].map(encode),
  envp: ["A=1", "B="].map(encode),
  execfn: encode("./prog"),
  random: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
  aux: AUX,
  stackLimit: 8 << 20,
};

function build(change: Partial<StackRequest> = {}): InitialStack {
  const stack = buildStack({ ...REQUEST, ...change });
  assert(!(stack instanceof Errno));
  return stack;
}

/** Reads a stack as a C library's start code does. */
function walk(stack: InitialStack, bits: Bits) {
  const view = new DataView(stack.bytes.buffer);
  let at = 0;
  const next = () => {
    const value = bits === 64 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
    at += bits / 8;
    return value;
  };
  const string = (address: number) => {
    const start = address - stack.sp;
    return new TextDecoder().decode(stack.bytes.slice(start, stack.bytes.indexOf(0, start)));
  };
  const strings = () => {
    const list: string[] = [];
    for (let p = next(); p !== 0; p = next()) list.push(string(p));
    return list;
  };
  const argc = next(), argv = strings(), envp = strings(), auxAt = at, aux = new Map<number, number>();
  for (let type = next(); type !== AT_NULL; type = next()) aux.set(type, next());
  return { argc, argv, envp, aux, auxv: stack.bytes.slice(auxAt, at + bits / 8), string };
}

for (const bits of [32, 64] as Bits[]) {
  Deno.test(`buildStack() can be read by start code, ${bits} bits`, () => {
    const stack = build({ bits, aux: { ...AUX, sysinfo: bits === 32 ? 0xf7001000 : undefined } });
    assertEquals(stack.sp % 16, 0);
    assertEquals(stack.sp + stack.bytes.length, REQUEST.top);
    const { argc, argv, envp, aux, auxv, string } = walk(stack, bits);
    assertEquals(argc, 3);
    assertEquals(argv, ["prog", "", "größer"]);
    assertEquals(envp, ["A=1", "B="]);
    assertEquals(aux.get(AT_PHDR), AUX.phdr);
    assertEquals(aux.get(AT_SYSINFO), bits === 32 ? 0xf7001000 : undefined);
    assertEquals(string(aux.get(AT_PLATFORM)!), bits === 32 ? "i686" : "x86_64");
    assertEquals(string(aux.get(AT_EXECFN)!), "./prog");
    const random = aux.get(AT_RANDOM)! - stack.sp;
    assertEquals([...stack.bytes.slice(random, random + 16)], [...REQUEST.random]);
    assertEquals([...stack.auxv], [...auxv]);
  });
}

Deno.test("buildStack() keeps arguments and environment contiguous", () => {
  const { sp, bytes, argStart, argEnd, envStart, envEnd } = build();
  const between = (start: number, end: number) => new TextDecoder().decode(bytes.slice(start - sp, end - sp));
  assertEquals(between(argStart, argEnd), "prog\0\0größer\0");
  assertEquals(between(envStart, envEnd), "A=1\0B=\0");
  assertEquals(between(envEnd, REQUEST.top), "./prog\0" + "\0".repeat(8));
  assertEquals(argEnd, envStart);
});

Deno.test("buildStack() keeps the stack pointer aligned for any number and length of strings", () => {
  for (const bits of [32, 64] as Bits[]) {
    for (let n = 0; n < 20; n++) {
      const argv = Array.from({ length: n }, (_, i) => encode("a".repeat(i * n % 7)));
      const stack = build({ bits, argv, envp: [] });
      assertEquals(stack.sp % 16, 0);
      assertEquals(walk(stack, bits).argc, n);
    }
  }
});

Deno.test("buildStack() refuses what Linux refuses", () => {
  const isE2big = (change: Partial<StackRequest>) => buildStack({ ...REQUEST, ...change }) === E2BIG;
  const long = (length: number) => new Uint8Array(length).fill(0x61);
  assert(!isE2big({ argv: [long(131071)] }));
  assert(isE2big({ argv: [long(131072)] }));
  assert(isE2big({ envp: [long(131072)] }));
  // A quarter of the stack; execfn and 8 bytes for each pointer count.
  const exact = (2 << 20) - 7 - 21 * 8;
  const strings = (total: number) => [...Array(20).fill(long(99_999)), long(total - 20 * 100_000 - 1)];
  assert(!isE2big({ argv: strings(exact), envp: [] }));
  assert(isE2big({ argv: strings(exact + 1), envp: [] }));
  assert(isE2big({ bits: 32, argv: strings(exact + 1), envp: [] }));
  // At least 128 KiB, at most 6 MiB.
  assert(!isE2big({ argv: [long(130_000)], stackLimit: 0 }));
  const many = (count: number) => Array(count).fill(long(99_999));
  assert(!isE2big({ argv: many(62), stackLimit: Infinity }));
  assert(isE2big({ argv: many(63), stackLimit: Infinity }));
  assert(isE2big({ argv: Array((6 << 20) / 8).fill(long(0)), stackLimit: Infinity }));
});
