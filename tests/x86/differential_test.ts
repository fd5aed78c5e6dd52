/**
 * Rewritten TLS instructions against the processor: each random case runs as it was and rewritten, natively, with a
 * TLS block behind %fs (x86-64) or %gs (i386) and a fake TEB behind the other one.
 */
import { Functions, type Mode, rewrite } from "../../loader/x86/mod.ts";
import { runs32Bit } from "../capability.ts";
import { CaseMaker, FINISH } from "./random_cases.ts";

const CASES = 4000;
/** Where the linker puts the code; the rewritten copy runs at another address than it was rewritten for. */
const ORIGINAL = 0x10000000, REWRITTEN = 0x20000000, DISTANCE = 0x01000000;

function slots(mode: Mode) {
  const slot = (n: number) => mode === 64 ? 0x1480 + 8 * n : 0xe10 + 4 * n;
  return { threadPointer: slot(61), spill: slot(62), spill2: slot(63) };
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const asmBytes = (bytes: Uint8Array) => {
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i += 32) lines.push(`.byte ${bytes.subarray(i, i + 32).join(",")}`);
  return lines.join("\n");
};

/** Makes the cases, rewrites them and writes the sources of the test program to `folder`. */
function generate(mode: Mode, folder: string, cpu: string): string[] {
  const maker = new CaseMaker(
    mode,
    random(0x1234567 + mode),
    cpu.includes(" bmi2 "),
    cpu.includes(" avx512vl "),
  );
  const code: number[] = [], starts: number[] = [], registers: number[][] = [];
  for (let i = 0; i < CASES; i++) {
    registers.push(maker.registers());
    starts.push(code.length);
    code.push(...maker.make(registers[i]!));
    while (code.length % 16 !== 0) code.push(0xcc);
  }
  const original = Uint8Array.from(code), bytes = original.slice();
  const functions = Functions.of(starts.map((start, i) => ({
    start: ORIGINAL + start,
    end: ORIGINAL + (starts[i + 1] ?? code.length),
  })));
  const rewritten = rewrite({ mode, address: ORIGINAL, bytes, functions, data: [] }, {
    trampolines: ORIGINAL + DISTANCE,
    gateBytes: new Uint8Array(),
    tls: slots(mode),
  });
  const trampolines = new DataView(rewritten.trampolineBytes.buffer);
  for (const at of rewritten.relocations) {
    trampolines.setInt32(at, trampolines.getInt32(at, true) + REWRITTEN - ORIGINAL, true);
  }
  // A trapped site can be run from its trampoline if nothing stands before it.
  const cases: string[] = [], listing: string[] = [];
  starts.forEach((start, i) => {
    const end = starts[i + 1] ?? code.length;
    const index = rewritten.sites.offsets.findIndex((at) => at >= start && at < end);
    const site = rewritten.siteAt(ORIGINAL + rewritten.sites.offsets[index]!);
    let entry = REWRITTEN + start;
    if (site?.tactic === "trap") {
      if (site.trampoline === undefined || site.address !== ORIGINAL + start) return;
      entry = site.trampoline + REWRITTEN - ORIGINAL;
    }
    cases.push(`{${ORIGINAL + start}, ${entry}, {${registers[i]!.join(",")}}}`);
    const text = (of: Uint8Array) => Array.from(of, (b) => b.toString(16).padStart(2, "0")).join(" ");
    listing.push(`${text(original.subarray(start, end))} at ${site?.address.toString(16)} ${site?.tactic}`);
  });
  Deno.writeTextFileSync(
    `${folder}/cases.h`,
    `#define CASE_COUNT ${cases.length}\n#define ORIGINAL ${ORIGINAL}ul\n#define REWRITTEN ${REWRITTEN}ul\n` +
      `static struct test cases[] = {\n${cases.join(",\n")}\n};\n`,
  );
  const section = (name: string, of: Uint8Array) => `.section ${name},"awx",@progbits\n${asmBytes(of)}\n`;
  Deno.writeTextFileSync(
    `${folder}/code.s`,
    section(".original", original) + section(".rewritten", bytes) +
      section(".trampolines", rewritten.trampolineBytes),
  );
  return listing;
}

async function command(name: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(name, { args }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(`Cannot run ${name} ${args.join(" ")}: ${text}`);
  return text;
}

for (const mode of [64, 32] as const) {
  const ignore = mode === 32 && !runs32Bit();
  Deno.test(
    { name: `rewritten TLS instructions do what the processor does in ${mode}-bit mode`, ignore },
    async () => {
      const folder = await Deno.makeTempDir();
      const listing = generate(mode, folder, await Deno.readTextFile("/proc/cpuinfo"));
      const places = [[".original", ORIGINAL], [".rewritten", REWRITTEN], [
        ".trampolines",
        REWRITTEN + DISTANCE,
      ]]
        .concat([[".guest_stack", 0x08800000], [".finish", FINISH]]);
      await command("gcc", [
        `-m${mode}`,
        ..."-O1 -static -no-pie -fno-stack-protector -mno-avx -w -o".split(" "),
        `${folder}/differential`,
        `-I${folder}`,
        ...places.map(([name, at]) => `-Wl,--section-start=${name}=0x${at!.toString(16)}`),
        new URL("differential.c", import.meta.url).pathname,
        `${folder}/code.s`,
      ]);
      const result = await new Deno.Command(`${folder}/differential`, {}).output();
      const text = new TextDecoder().decode(result.stdout);
      const cases = [...text.matchAll(/case (\d+)/g)].map(([, index]) =>
        `${index}: ${listing[Number(index)]}`
      );
      if (!result.success) {
        throw new Error(`${result.signal ?? ""} in ${folder}\n${text}${cases.join("\n")}`);
      }
      if (listing.length < CASES * 0.9) {
        throw new Error(`Only ${listing.length} of ${CASES} cases can be run`);
      }
      await Deno.remove(folder, { recursive: true });
    },
  );
}
