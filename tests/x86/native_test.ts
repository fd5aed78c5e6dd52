/**
 * Whole programs, rewritten and run natively: a static program with every site patched makes its system calls
 * through a gate and finds its thread pointer in a fake TEB; it must print what it prints unpatched.
 */
import { type CodeRegion, type Mode, rewrite } from "../../loader/x86/mod.ts";
import { runs32Bit } from "../capability.ts";
import { elfRegions } from "./elf_regions.ts";

const PT_LOAD = 1, PT_NOTE = 4;
const here = (name: string) => new URL(name, import.meta.url).pathname;

async function run(name: string, args: string[]): Promise<string> {
  const { success, stdout, stderr, signal, code } = await new Deno.Command(name, { args }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(`Cannot run ${name} ${args.join(" ")}: ${signal ?? code}\n${text}`);
  return text;
}

/** Assembles the gate to bytes. */
async function assemble(mode: Mode, folder: string): Promise<Uint8Array> {
  await run("gcc", [`-m${mode}`, "-c", "-o", `${folder}/gate.o`, here(`native_gate${mode}.s`)]);
  await run("objcopy", ["-O", "binary", "-j", ".text", `${folder}/gate.o`, `${folder}/gate.bin`]);
  return Deno.readFileSync(`${folder}/gate.bin`);
}

/** Where `start` is in the gate: behind the code that stands before it. */
async function startOffset(folder: string): Promise<number> {
  const line = (await run("nm", [`${folder}/gate.o`])).split("\n").find((text) => text.endsWith(" start"));
  return parseInt(line ?? "", 16);
}

function find(bytes: Uint8Array, wanted: readonly number[]): number {
  for (let at = 0; at < bytes.length; at++) if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  throw new Error("Cannot find the entry's place in the gate");
}

/** Patches the file and adds a segment with the gate and the trampolines, in place of its PT_NOTE. */
async function patch(file: Uint8Array, mode: Mode, folder: string): Promise<Uint8Array> {
  const gate = await assemble(mode, folder), wide = mode === 64;
  const view = new DataView(file.buffer), size = wide ? 8 : 4;
  const set = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), true) : view.setUint32(at, value, true);
  const entry = wide ? Number(view.getBigUint64(24, true)) : view.getUint32(24, true);
  new DataView(gate.buffer).setBigUint64(
    find(gate, [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]),
    BigInt(entry),
    true,
  );
  const regions = elfRegions(file);
  const region = regions.find((r: CodeRegion) => entry >= r.address && entry < r.address + r.bytes.length)!;
  const trampolines = 0x0c000000, slot = (n: number) => wide ? 0x1480 + 8 * n : 0xe10 + 4 * n;
  const rewritten = rewrite(region, {
    trampolines,
    gateBytes: gate,
    gateReturn: slot(60),
    tls: { threadPointer: slot(61), spill: slot(62), spill2: slot(63) },
  });
  // Selector loads work natively, and there is no kernel of ours here to do them.
  const { offsets } = rewritten.sites;
  for (const offset of offsets) {
    const site = rewritten.siteAt(region.address + offset)!;
    if (site.kind === "segment-register") region.bytes.set(site.original, offset);
  }
  const phoff = wide ? Number(view.getBigUint64(32, true)) : view.getUint32(28, true);
  const phentsize = view.getUint16(wide ? 54 : 42, true), at = Math.ceil(file.length / 4096) * 4096;
  let header = phoff;
  while (view.getUint32(header, true) !== PT_NOTE) header += phentsize;
  view.setUint32(header, PT_LOAD, true);
  view.setUint32(header + (wide ? 4 : 24), 7, true);
  const fields = wide ? [8, 16, 24, 32, 40, 48] : [4, 8, 12, 16, 20, 28];
  const length = rewritten.trampolineBytes.length;
  [at, trampolines, trampolines, length, length, 4096].forEach((value, i) => set(header + fields[i]!, value));
  if (size === 4) view.setUint32(24, trampolines + await startOffset(folder), true);
  else set(24, trampolines + await startOffset(folder));
  const out = new Uint8Array(at + length);
  out.set(file);
  out.set(rewritten.trampolineBytes, at);
  return out;
}

for (const mode of [64, 32] as const) {
  const ignore = mode === 32 && !runs32Bit();
  Deno.test({ name: `a rewritten static program runs as before in ${mode}-bit mode`, ignore }, async () => {
    const folder = await Deno.makeTempDir();
    const plain = `${folder}/program`, patched = `${folder}/patched`;
    // Where there is a 32-bit libc there is not always a 32-bit libstdc++.
    await run(mode === 64 ? "g++" : "gcc", [
      ...`-m${mode} -O2 -static -no-pie -fstack-protector-all -w -x ${mode === 64 ? "c++" : "c"}`.split(" "),
      here("native_program.cc"),
      ..."-x none -lm -o".split(" "),
      plain,
    ]);
    Deno.writeFileSync(patched, await patch(Deno.readFileSync(plain), mode, folder), { mode: 0o755 });
    const [wanted, got] = [await run(plain, ["arg"]), await run(patched, ["arg"])];
    if (got !== wanted) throw new Error(`The outputs in ${folder} differ:\n${wanted}\n---\n${got}`);
    await Deno.remove(folder, { recursive: true });
  });
}
