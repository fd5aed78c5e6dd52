import { type CodeRegion, Functions, type Mode, rewrite, type Rewritten, type TlsSlots } from "./mod.ts";

const CODE = 0x400000, TRAMPOLINES = 0x500000;
/** A gate of one byte keeps the goldens short. */
const GATE = Uint8Array.of(0xf4);

const bytesOf = (text: string) => Uint8Array.from(text.split(/\s+/), (byte) => parseInt(byte, 16));
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

function slots(mode: Mode) {
  return mode === 64
    ? {
      threadPointer: 0x1668,
      spill: 0x1670,
      spill2: 0x1678,
      otherBase: 0x1650,
      fsSelector: 0x1648,
      gsSelector: 0x1640,
    }
    : {
      threadPointer: 0xf04,
      spill: 0xf08,
      spill2: 0xf0c,
      otherBase: 0xef8,
      fsSelector: 0xef4,
      gsSelector: 0xef0,
    };
}

/** Rewrites `code`; data is given, so that displacing is allowed. */
function patch(mode: Mode, code: string, options: Partial<CodeRegion> = {}, gateBytes = GATE) {
  return rewriteWith(mode, code, slots(mode), options, gateBytes);
}

function rewriteWith(
  mode: Mode,
  code: string,
  tls: TlsSlots,
  options: Partial<CodeRegion> = {},
  gateBytes = GATE,
) {
  const region = { mode, address: CODE, bytes: bytesOf(code), data: [], ...options };
  const result = rewrite(region, {
    trampolines: TRAMPOLINES,
    gateBytes,
    gateReturn: 0xf00,
    tls,
  });
  return {
    code: hex(region.bytes),
    trampolines: hex(result.trampolineBytes.subarray(gateBytes.length)),
    result,
  };
}

function equal(got: unknown, wanted: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw new Error(`Got\n${JSON.stringify(got)}\nwanted\n${JSON.stringify(wanted)}`);
  }
}

function tactic(result: Rewritten, offset: number): string | undefined {
  return result.siteAt(CODE + offset)?.tactic;
}

Deno.test("what faults in any segment is left as it is: it may be a pointer behind code", () => {
  // jmp *2(%rip), and the pointer 0x6e65872ba010: gs outsb in its upper bytes; fs outsd, as in 0x6f64...
  for (const pointer of ["10 a0 2b 87 65 6e 00 00", "10 a0 2b 87 64 6f 00 00"]) {
    const code = `ff 25 02 00 00 00 90 90 ${pointer}`;
    for (const anyEntry of [true, false]) equal(patch(64, code, { anyEntry }).code, code);
  }
  equal(patch(32, "65 6e c3").code, "65 6e c3");
});

Deno.test("rewrite() turns mov $nr,%eax before syscall into a jump and the syscall into ud2", () => {
  const { code, trampolines, result } = patch(64, "b8 27 00 00 00 0f 05 c3");
  equal(code, "e9 fc ff 0f 00 0f 0b c3");
  // mov $39,%eax; lea 0x400007(%rip),%rcx; jmp gate
  equal(trampolines, "b8 27 00 00 00 48 8d 0d fa ff ef ff e9 ee ff ff ff");
  equal(tactic(result, 5), "mov");
});

Deno.test("rewrite() keeps i386 registers: the return address goes to a TEB slot", () => {
  const { code, trampolines, result } = patch(32, "b8 14 00 00 00 cd 80 c3");
  equal(code, "e9 fc ff 0f 00 0f 0b c3");
  // mov $20,%eax; movl $0x400007,%fs:0xf00; jmp gate
  equal(trampolines, "b8 14 00 00 00 64 c7 05 00 0f 00 00 07 00 40 00 e9 ea ff ff ff");
  equal([...result.relocations], [13]);
});

Deno.test("rewrite() loads through the thread pointer without spilling where the destination is free", () => {
  const { code, trampolines } = patch(64, "64 48 8b 04 25 28 00 00 00 c3");
  equal(code, "e9 fc ff 0f 00 cc cc cc cc c3");
  // mov %gs:0x1668,%rax; mov 0x28(%rax),%rax; jmp back
  equal(trampolines, "65 48 8b 04 25 68 16 00 00 48 8b 40 28 e9 f6 ff ef ff");
});

Deno.test("rewrite() spills a register that the instruction does not use", () => {
  const { trampolines } = patch(64, "64 48 2b 14 25 28 00 00 00 c3");
  // mov %r11,%gs:spill; mov %gs:tp,%r11; sub 0x28(%r11),%rdx; mov %gs:spill,%r11; jmp back
  equal(
    trampolines,
    "65 4c 89 1c 25 70 16 00 00 65 4c 8b 1c 25 68 16 00 00 49 2b 53 28 65 4c 8b 1c 25 70 16 00 00 e9 e4 ff ef ff",
  );
});

Deno.test("rewrite() reads the thread pointer and the canary from their slots, where the TLS ABI is kept", () => {
  const cases: [Mode, string, string][] = [
    // mov %fs:0x28,%rax; sub %fs:0x28,%rdx; add %fs:0,%rax; mov %fs:0,%r9; xor %gs:0x14,%eax; mov %gs:0,%eax (moffs)
    [64, "64 48 8b 04 25 28 00 00 00", "65 48 8b 04 25 38 16 00 00"],
    [64, "64 48 2b 14 25 28 00 00 00", "65 48 2b 14 25 38 16 00 00"],
    [64, "64 48 03 04 25 00 00 00 00", "65 48 03 04 25 68 16 00 00"],
    [64, "64 4c 8b 0c 25 00 00 00 00", "65 4c 8b 0c 25 68 16 00 00"],
    [32, "65 33 05 14 00 00 00", "64 33 05 ec 0e 00 00"],
    [32, "65 a1 00 00 00 00", "64 a1 04 0f 00 00"],
  ];
  for (const [mode, code, patched] of cases) {
    const canary = mode === 64 ? 0x1638 : 0xeec;
    const result = rewriteWith(mode, code, { ...slots(mode), canary });
    equal([result.code, result.trampolines], [patched, ""]);
    equal(tactic(result.result, 0), "patch");
    equal(rewriteWith(mode, code, slots(mode)).code === patched, false);
  }
});

Deno.test("rewrite() keeps to the guest's memory for what only looks like the thread pointer or the canary", () => {
  // Another word; with a base; with an index; only 32 bits of address; the wrong segment; a write to the first word.
  const others = [
    "64 48 8b 04 25 10 00 00 00",
    "64 48 8b 83 28 00 00 00",
    "64 48 8b 04 0d 28 00 00 00",
    "67 64 48 8b 04 25 28 00 00 00",
    "65 48 8b 04 25 28 00 00 00",
    "64 48 89 04 25 00 00 00 00",
  ];
  for (const code of others) {
    const { result } = rewriteWith(64, code, { ...slots(64), canary: 0x1638 });
    equal(tactic(result, 0), "jump");
  }
});

Deno.test("rewrite() writes the canary's copy too", () => {
  const { trampolines } = rewriteWith(64, "64 48 89 04 25 28 00 00 00", { ...slots(64), canary: 0x1638 });
  // mov %rax,%gs:canary; spill %r11; mov %gs:tp,%r11; mov %rax,0x28(%r11); %r11 back; jmp back
  equal(
    trampolines,
    "65 48 89 04 25 38 16 00 00 65 4c 89 1c 25 70 16 00 00 65 4c 8b 1c 25 68 16 00 00 49 89 43 28 " +
      "65 4c 8b 1c 25 70 16 00 00 e9 db ff ef ff",
  );
});

Deno.test("rewrite() takes the instruction behind a short site along", () => {
  const { code, trampolines, result } = patch(64, "89 f8 0f 05 48 3d 01 f0 ff ff 73 f4 c3");
  equal(tactic(result, 2), "displace");
  equal(code, "89 f8 e9 fa ff 0f 00 f0 ff ff 73 f4 c3");
  // lea behind(%rip),%rcx; jmp gate; behind: cmp $-4095,%rax; jmp back
  equal(trampolines, "48 8d 0d 05 00 00 00 e9 f3 ff ff ff 48 3d 01 f0 ff ff e9 f2 ff ef ff");
});

Deno.test("rewrite() displaces nothing that a branch enters", () => {
  // 0: syscall; 2: inc %eax; 4: jmp 2: and nothing before the site
  const { code, result } = patch(64, "0f 05 ff c0 eb fc");
  equal(tactic(result, 0), "trap");
  equal(code, "0f 0b ff c0 eb fc");
});

Deno.test("rewrite() jumps by way of padding where a short site cannot grow", () => {
  // 0: mov %fs:(%rax),%eax, entered by 3: which is entered itself; then ret and padding
  const { code, result } = patch(64, "64 8b 00 ff c0 75 f9 eb fa c3 66 0f 1f 44 00 00");
  equal(tactic(result, 0), "island");
  equal(code.slice(0, 8), "eb 08 00");
});

Deno.test("rewrite() calls through TLS memory with the original return address", () => {
  const { trampolines, result } = patch(32, "65 ff 15 10 00 00 00 c3");
  // mov %esi,%fs:spill; mov %fs:tp,%esi; mov 0x10(%esi),%esi; mov %esi,%fs:spill2; mov %fs:spill,%esi;
  // push $0x400007; jmp *%fs:spill2
  equal(
    trampolines,
    "64 89 35 08 0f 00 00 64 8b 35 04 0f 00 00 8b 76 10 64 89 35 0c 0f 00 00 64 8b 35 08 0f 00 00 " +
      "68 07 00 40 00 64 ff 25 0c 0f 00 00",
  );
  equal([...result.relocations], [33]);
});

Deno.test("rewrite() without a gate makes every syscall ud2 and leaves the mov", () => {
  const { code, result } = patch(64, "b8 27 00 00 00 0f 05 c3", {}, new Uint8Array());
  equal(code, "b8 27 00 00 00 0f 0b c3");
  equal(tactic(result, 5), "trap");
});

Deno.test("Rewritten.siteAt() knows the original instruction and its trampoline, at any base", () => {
  const { result } = patch(64, "64 48 8b 04 25 28 00 00 00 c3");
  const moved = result.siteAt(0x7f0000000000, 0x7f0000000000);
  equal(hex(moved!.original), "64 48 8b 04 25 28 00 00 00");
  equal(moved!.trampoline, 0x7f0000000000 + TRAMPOLINES - CODE + GATE.length);
  equal(result.siteAt(CODE + 1), undefined);
});

Deno.test("Rewritten.originalAddress() rolls a thread to where the guest thinks it is", () => {
  const { result } = patch(64, "64 48 2b 14 25 28 00 00 00 c3");
  const at = (offset: number) => result.originalAddress(TRAMPOLINES + GATE.length + offset);
  equal(at(0), { address: CODE, runOn: false });
  equal(at(9), { address: CODE, scratch: 11, runOn: false });
  equal(at(18), { address: CODE, scratch: 11, runOn: false });
  equal(at(22), { address: CODE + 9, scratch: 11, runOn: false });
  equal(at(31), { address: CODE + 9, runOn: false });
  equal(result.originalAddress(TRAMPOLINES), undefined);
});

Deno.test("rewrite() without data displaces only in functions whose flow is known", () => {
  const code = "89 f8 0f 05 48 3d 01 f0 ff ff c3";
  const functions = Functions.of([{ start: CODE, end: CODE + 11 }]);
  const region = (bytes: string, extra: Partial<CodeRegion>): CodeRegion => ({
    mode: 64,
    address: CODE,
    bytes: bytesOf(bytes),
    ...extra,
  });
  const target = { trampolines: TRAMPOLINES, gateBytes: GATE, tls: slots(64) };
  equal(tactic(rewrite(region(code, {}), target), 2), "trap");
  equal(tactic(rewrite(region(code, { functions }), target), 2), "displace");
  // jmp *%rax in place of ret
  const jumping = code.replace(/c3$/, "ff e0");
  equal(
    tactic(
      rewrite(region(jumping, { functions: Functions.of([{ start: CODE, end: CODE + 12 }]) }), target),
      2,
    ),
    "trap",
  );
});

Deno.test("rewrite() takes a call along that ends the group, with its original return address", () => {
  // mov %fs:(%rbx),%edi; call 0x400000; ret
  const wide = patch(64, "64 8b 3b e8 f8 ff ff ff c3");
  equal(tactic(wide.result, 0), "displace");
  // mov %gs:tp,%rdi; mov (%rbx,%rdi),%edi; mov %r11,%gs:spill; lea 0x400008(%rip),%r11; push %r11;
  // mov %gs:spill,%r11; jmp 0x400000
  equal(
    wide.trampolines,
    "65 48 8b 3c 25 68 16 00 00 8b 3c 3b 65 4c 89 1c 25 70 16 00 00 4c 8d 1d eb ff ef ff 41 53 " +
      "65 4c 8b 1c 25 70 16 00 00 e9 d3 ff ef ff",
  );
  const narrow = patch(32, "65 8b 3b e8 f8 ff ff ff c3");
  // mov %fs:tp,%edi; mov (%ebx,%edi),%edi; push $0x400008; jmp 0x400000
  equal(narrow.trampolines, "64 8b 3d 04 0f 00 00 8b 3c 3b 68 08 00 40 00 e9 eb ff ef ff");
});

Deno.test("rewrite() finds the base of the segment that is the host's in a slot of its own", () => {
  // mov %gs:0x28,%rax: mov %gs:other,%rax; mov 0x28(%rax),%rax; jmp back
  const wide = patch(64, "65 48 8b 04 25 28 00 00 00 c3");
  equal(wide.trampolines, "65 48 8b 04 25 50 16 00 00 48 8b 40 28 e9 f6 ff ef ff");
  // mov %fs:0x14,%eax
  const narrow = patch(32, "64 a1 14 00 00 00 c3");
  equal(narrow.trampolines, "64 8b 05 f8 0e 00 00 8b 40 14 e9 f6 ff ef ff");
  equal(narrow.result.siteAt(CODE)?.kind, "host-segment");
});

Deno.test("rewrite() keeps selectors in slots", () => {
  const form = (mode: Mode, code: string) => {
    const { trampolines, result } = patch(mode, `${code} 90 90 90 90 90 c3`);
    equal(result.siteAt(CODE)?.kind, "segment-register");
    return trampolines.slice(0, trampolines.indexOf(" 90"));
  };
  // mov %eax,%gs: mov %ax,%fs:gsSelector
  equal(form(32, "8e e8"), "64 66 89 05 f0 0e 00 00");
  // mov %gs,%ecx: movzwl %fs:gsSelector,%ecx
  equal(form(32, "8c e9"), "64 0f b7 0d f0 0e 00 00");
  // mov %fs,%r9d
  equal(form(64, "41 8c e1"), "65 44 0f b7 0c 25 48 16 00 00");
  // push %gs
  equal(form(64, "0f a8"), "65 ff 34 25 40 16 00 00");
  // pop %fs, and the upper half to 0
  equal(form(32, "0f a1"), "64 8f 05 f4 0e 00 00 64 66 c7 05 f6 0e 00 00 00 00");
  // mov %gs,(%rsi): mov %rdi,spill; movzwl gsSelector,%edi; mov %di,(%rsi); mov spill,%rdi
  equal(
    form(64, "8c 2e"),
    "65 48 89 3c 25 70 16 00 00 65 0f b7 3c 25 40 16 00 00 66 89 3e 65 48 8b 3c 25 70 16 00 00",
  );
});

Deno.test("rewrite() copies the forms of repeated instructions with their own positions", () => {
  const load = "64 48 2b 14 25 28 00 00 00";
  const { trampolines, result } = patch(64, `${load} ${load} c3`);
  const size = trampolines.split(" ").length / 2;
  equal(trampolines.split(" ").slice(0, size - 5), trampolines.split(" ").slice(size, -5));
  const second = result.originalAddress(TRAMPOLINES + GATE.length + size + 9);
  equal(second, { address: CODE + 9, scratch: 11, runOn: false });
});

Deno.test("what was emitted for a group and taken back is not repeated", () => {
  // push %rbx; push %rax; mov %fs:(%rcx),%eax, once before xbegin, which cannot be moved, and once before ret
  const lone = patch(64, "53 50 64 8b 01 c3");
  const tried = patch(64, "53 50 64 8b 01 c7 f8 00 00 00 00 c3");
  equal(tried.code.slice(0, 14), lone.code.slice(0, 14));
  equal(tried.trampolines, lone.trampolines);
});

Deno.test("a large gap between functions is code or data as a whole", () => {
  const size = 0x14_0000, site = 0x9_8000;
  // A function of one ret, and behind it: mov %eax,%eax; mov %fs:0x28,%rax; mov %eax,%eax...
  const code = new Uint8Array(size);
  for (let at = 0; at < size; at += 2) code.set([0x89, 0xc0], at);
  code[0] = 0xc3;
  code[1] = 0x90;
  code.set([0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0, 0x90], site);
  let random = 1;
  const table = code.map((byte, at) => {
    random = Math.imul(random, 1103515245) + 12345;
    return at < 2 || at >= site && at < site + 10 ? byte : random >>> 24;
  });
  const sitesOf = (bytes: Uint8Array) => {
    const functions = Functions.of([{ start: CODE, end: CODE + 1 }]);
    const region = { mode: 64, address: CODE, bytes, data: [], functions } as const;
    const tls = slots(64), gateBytes = GATE, gateReturn = 0xf00;
    return [...rewrite(region, { trampolines: CODE + size, gateBytes, gateReturn, tls }).sites.offsets];
  };
  equal(sitesOf(code), [site]);
  equal(sitesOf(table), []);
});
