/**
 * Asks this machine's Linux kernel: a small program reports its own mappings and its own initial stack, and both
 * must be what `readElf` planned and what `buildStack` builds from the same values, byte for byte.
 */
import * as at from "../kernel/abi/elf.ts";
import { Errno } from "../kernel/abi/errno.ts";
import { type Bits, PROT_EXEC, PROT_READ, PROT_WRITE } from "../kernel/host.ts";
import { bytesSource, type ElfImage, LoadError, readElf } from "./elf/mod.ts";
import { assert, assertEquals } from "./elf/testing/assert.ts";
import { compile, isLinux } from "./elf/testing/native_program.ts";
import { buildStack } from "./stack.ts";

/** Writes sp, the stack from there up, and /proc/self/maps to standard output. */
const PROBE = `
#include <asm/unistd.h>
static long sys(long nr, long a, long b, long c) {
  long r;
#ifdef __x86_64__
  asm volatile("syscall" : "=a"(r) : "a"(nr), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
#else
  asm volatile("int $0x80" : "=a"(r) : "a"(nr), "b"(a), "c"(b), "d"(c) : "memory");
#endif
  return r;
}
static volatile char bss[123456], data[5000] = { 1 };
static const volatile char constants[7000] = { 2 };
__attribute__((used)) static void run(unsigned long *sp) {
  static char buffer[65536];
  unsigned long *p = sp + 1, top = 0;
  while (*p++);
  while (*p++);
  for (; *p; p += 2) if (*p == 31) top = p[1];
  while (*(char *)top++);
  top += 8;
  bss[0] = data[0] + constants[0];
  unsigned long head[2] = { (unsigned long)sp, top };
  sys(__NR_write, 1, (long)head, sizeof head);
  sys(__NR_write, 1, (long)sp, top - (unsigned long)sp);
  long fd = sys(__NR_open, (long)"/proc/self/maps", 0, 0), n;
  while ((n = sys(__NR_read, fd, (long)buffer, sizeof buffer)) > 0) sys(__NR_write, 1, (long)buffer, n);
  sys(__NR_exit, 0, 0, 0);
}
#ifdef __x86_64__
asm(".globl _start; _start: mov %rsp, %rdi; and $-16, %rsp; call run");
#else
asm(".globl _start; _start: mov %esp, %eax; and $-16, %esp; push %eax; call run");
#endif
`;

const ARGS = ["one", "", "drei größer", "x".repeat(1000)];
const ENV = { EMPTY: "", HOME: "/root", LONG: "y".repeat(3001) };

interface Report {
  readonly sp: number;
  readonly top: number;
  readonly stack: Uint8Array;
  readonly maps: string;
}

function run(path: string, bits: Bits): Report | undefined {
  // setarch -R: no randomization, so that nothing is shifted within the stack.
  const command = new Deno.Command("setarch", { args: ["-R", path, ...ARGS], clearEnv: true, env: ENV });
  let out;
  try {
    const result = command.outputSync();
    if (!result.success) return undefined;
    out = result.stdout;
  } catch {
    return undefined;
  }
  const size = bits / 8;
  const [sp, top] = words(out.subarray(0, 2 * size), bits) as [number, number];
  const mapsAt = 2 * size + top - sp;
  return {
    sp,
    top,
    stack: out.slice(2 * size, mapsAt),
    maps: new TextDecoder().decode(out.subarray(mapsAt)),
  };
}

function words(bytes: Uint8Array, bits: Bits): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bits / 8;
  return Array.from(
    { length: Math.floor(bytes.length / size) },
    (_, i) => bits === 64 ? Number(view.getBigUint64(i * size, true)) : view.getUint32(i * size, true),
  );
}

function checkStack(
  { sp, top, stack }: Report,
  bits: Bits,
  path: string,
  image: ElfImage,
  bias: number,
): void {
  const all = words(stack, bits);
  let i = 1;
  while (all[i++] !== 0);
  const envAt = i;
  while (all[i++] !== 0);
  const aux = new Map<number, number>();
  for (; all[i] !== at.AT_NULL; i += 2) aux.set(all[i]!, all[i + 1]!);
  const envStart = all[envAt]! - sp;
  const envp: Uint8Array[] = [];
  for (let from = envStart; envp.length < Object.keys(ENV).length;) {
    const end = stack.indexOf(0, from);
    envp.push(stack.slice(from, end));
    from = end + 1;
  }
  const value = (type: number) => aux.get(type) ?? 0;
  const rseqSize = aux.get(at.AT_RSEQ_FEATURE_SIZE);
  const ours = buildStack({
    bits,
    top,
    argv: [path, ...ARGS].map((arg) => new TextEncoder().encode(arg)),
    envp,
    execfn: new TextEncoder().encode(path),
    random: stack.slice(value(at.AT_RANDOM) - sp).slice(0, 16),
    stackLimit: 8 << 20,
    aux: {
      sysinfo: aux.get(at.AT_SYSINFO),
      sysinfoEhdr: aux.get(at.AT_SYSINFO_EHDR),
      minSigStackSize: aux.get(at.AT_MINSIGSTKSZ),
      hwcap: value(at.AT_HWCAP),
      hwcap2: aux.get(at.AT_HWCAP2),
      phdr: image.programHeaders.address + bias,
      phent: image.programHeaders.entrySize,
      phnum: image.programHeaders.count,
      base: 0,
      entry: image.entry + bias,
      uid: value(at.AT_UID),
      euid: value(at.AT_EUID),
      gid: value(at.AT_GID),
      egid: value(at.AT_EGID),
      secure: false,
      rseq: rseqSize === undefined
        ? undefined
        : { featureSize: rseqSize, alignment: value(at.AT_RSEQ_ALIGN) },
    },
  });
  assert(!(ours instanceof Errno));
  assertEquals(ours.sp, sp);
  assertEquals([...ours.bytes], [...stack]);
}

/** Start, end, protection and, for file pages, offset of what the plan maps. */
function plannedMaps(image: ElfImage, bias: number): string[] {
  const line = (start: number, size: number, prot: number, offset: number) =>
    size === 0 ? [] : [[
      (start + bias).toString(16),
      (start + size + bias).toString(16),
      (prot & PROT_READ ? "r" : "-") + (prot & PROT_WRITE ? "w" : "-") + (prot & PROT_EXEC ? "x" : "-"),
      offset.toString(16),
    ].join(" ")];
  return image.segments.flatMap((s) => [
    ...line(s.mapAddress, s.mapSize, s.prot, s.mapOffset),
    ...line(s.bssStart, s.bssSize, s.bssProt, 0),
  ]);
}

function realMaps({ maps }: Report, image: ElfImage, bias: number): string[] {
  const rows = [...maps.matchAll(/^(\w+)-(\w+) (...)p (\w+) /gm)];
  return rows.map((row) => ({ start: parseInt(row[1]!, 16), end: parseInt(row[2]!, 16), row }))
    .filter(({ start, end }) => start >= image.lowest + bias && end <= image.highest + bias)
    .map(({ start, end, row }) =>
      `${start.toString(16)} ${end.toString(16)} ${row[3]} ${parseInt(row[4]!, 16).toString(16)}`
    );
}

for (const [bits, pie] of [[64, false], [64, true], [32, false], [32, true]] as [Bits, boolean][]) {
  const name = `${bits} bits, ${pie ? "static PIE" : "static"}`;
  Deno.test({
    name: `readElf() and buildStack() agree with the kernel of this machine: ${name}`,
    ignore: !isLinux,
    fn() {
      const directory = Deno.makeTempDirSync();
      try {
        const link = pie ? ["-static-pie", "-fPIE"] : ["-static", "-no-pie", "-fno-pie"];
        const flags = [`-m${bits}`, "-nostdlib", "-ffreestanding", "-fno-stack-protector", ...link];
        const path = compile(directory, "probe", PROBE, ...flags);
        const report = path === undefined ? undefined : run(path, bits);
        if (path === undefined || report === undefined) return console.warn("skipped: no gcc or setarch");
        const image = readElf(bytesSource(Deno.readFileSync(path)));
        assert(!(image instanceof LoadError));
        assertEquals(image.type, pie ? "dyn" : "exec");
        const first = report.maps.split("\n").find((line) => line.endsWith(path))!;
        const bias = pie ? parseInt(first, 16) - image.lowest : 0;
        assertEquals(realMaps(report, image, bias), plannedMaps(image, bias));
        checkStack(report, bits, path, image, bias);
      } finally {
        Deno.removeSync(directory, { recursive: true });
      }
    },
  });
}
