/**
 * Assembles the vDSOs (loader/vdso) and the kernel's own clock (ntdll/clock64.s) with the GNU binutils and writes
 * image_bytes.ts and clock_bytes.ts. With --check it only compares, and fails when a file is stale. To be run after a
 * change of the sources, or of loader/vdso/data.ts.
 */
import { Elf32_Ehdr, Elf64_Ehdr } from "../kernel/abi/elf.ts";
import { type Bits, PAGE_SIZE } from "../kernel/host.ts";
import { UTS_RELEASE } from "../kernel/syscalls/system.ts";
import { bytesSource, LoadError, readElf } from "../loader/elf/mod.ts";
import { VDSO_SYMBOLS } from "../loader/vdso/symbols.ts";

const VDSO = new URL("../loader/vdso/", import.meta.url).pathname;
const NTDLL = new URL("../ntdll/", import.meta.url).pathname;
const MACHINE = { 32: "elf_i386", 64: "elf_x86_64" } as const;
const SONAME = { 32: "linux-gate.so.1", 64: "linux-vdso.so.1" } as const;

/** Code, and where its global symbols are in it. */
export interface Assembled {
  readonly bytes: Uint8Array;
  readonly symbols: Readonly<Record<string, number>>;
  /** [start, end) of the instructions. */
  readonly code: readonly [number, number];
}

/** The first page or pages of an ELF file, made of whole pages, that ld has laid out by vdso{64,32}.lds. */
export async function assembleVdso(bits: Bits): Promise<Assembled> {
  return await inTempFolder(async (folder) => {
    await assemble(bits, `${VDSO}vdso${bits}.s`, `${folder}/vdso.o`);
    await assemble(bits, `${VDSO}note.s`, `${folder}/note.o`);
    const options = ["-shared", "-nostdlib", "-Bsymbolic", "--hash-style=both", "--build-id=none"];
    const format = ["--eh-frame-hdr", "--no-undefined", "-z", "max-page-size=4096", "-z", "noexecstack"];
    const named = ["-m", MACHINE[bits], "-soname", SONAME[bits], "-T", `${VDSO}vdso${bits}.lds`];
    const file = `${folder}/vdso.so`;
    await run("ld", [...named, ...options, ...format, "-o", file, `${folder}/vdso.o`, `${folder}/note.o`]);
    const code = await section(file, ".text");
    return { bytes: imageOf(await Deno.readFile(file), bits), symbols: await symbols(file), code };
  });
}

export async function assembleClock(): Promise<Assembled> {
  return await inTempFolder(async (folder) => {
    await assemble(64, `${NTDLL}clock64.s`, `${folder}/clock.o`);
    await run("objcopy", ["-O", "binary", "-j", ".text", `${folder}/clock.o`, `${folder}/clock.bin`]);
    const bytes = await Deno.readFile(`${folder}/clock.bin`);
    return { bytes, symbols: await symbols(`${folder}/clock.o`), code: [0, bytes.length] };
  });
}

/** What the file's only segment maps, without the section headers behind it. */
function imageOf(file: Uint8Array, bits: Bits): Uint8Array {
  const elf = readElf(bytesSource(file));
  if (elf instanceof LoadError) throw new Error(elf.reason);
  const [segment, ...others] = elf.segments;
  if (segment?.address !== 0 || others.length > 0) throw new Error(`vdso${bits}.lds: not one segment at 0`);
  const image = new Uint8Array(Math.ceil(segment.fileSize / PAGE_SIZE) * PAGE_SIZE);
  image.set(file.subarray(0, segment.fileSize));
  const header = bits === 64 ? Elf64_Ehdr : Elf32_Ehdr;
  header.patch(new DataView(image.buffer), 0, { e_shoff: 0, e_shnum: 0, e_shstrndx: 0 });
  return image;
}

async function assemble(bits: Bits, source: string, object: string): Promise<void> {
  const [major = 0, minor = 0] = UTS_RELEASE.split(".").map((part) => parseInt(part));
  const all = { ...VDSO_SYMBOLS, LINUX_VERSION_CODE: major << 16 | minor << 8 };
  const definitions = Object.entries(all).flatMap(([name, value]) => ["--defsym", `${name}=${value}`]);
  await run("as", [`--${bits}`, "-I", VDSO, ...definitions, "-o", object, source]);
}

/** Global functions and their addresses. */
async function symbols(file: string): Promise<Record<string, number>> {
  const lines = (await run("nm", ["-g", file])).trim().split("\n").map((line) => line.split(" "));
  const functions = lines.filter(([, kind]) => kind === "T" || kind === "W");
  return Object.fromEntries(functions.map(([value = "", , name = ""]) => [name, parseInt(value, 16)]).sort());
}

async function section(file: string, name: string): Promise<[number, number]> {
  const line = (await run("objdump", ["-h", file])).split("\n").find((l) => l.includes(` ${name} `));
  const [, , size = "", start = ""] = line?.trim().split(/\s+/) ?? [];
  return [parseInt(start, 16), parseInt(start, 16) + parseInt(size, 16)];
}

async function inTempFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(command: string, args: string[]): Promise<string> {
  const options = { args, env: { LC_ALL: "C" }, stdout: "piped", stderr: "piped" } as const;
  const { success, stdout, stderr } = await new Deno.Command(command, options).output();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

function constant(name: string, { bytes, symbols, code }: Assembled): string {
  const used = bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
  const lines: string[] = [];
  for (let at = 0; at < used.length; at += 48) lines.push(`    "${used.subarray(at, at + 48).toHex()}"`);
  const places = Object.entries(symbols).map(([symbol, at]) => `    ${symbol}: 0x${at.toString(16)},\n`).join(
    "",
  );
  return `export const ${name} = {
  size: ${bytes.length},
  code: { start: 0x${code[0].toString(16)}, end: 0x${code[1].toString(16)} },
  symbols: {
${places}  },
  /** Without the zeros at the end. */
  bytes: Uint8Array.fromHex(
${lines.join(" +\n").replaceAll(/^ {4}/gm, "      ").replace(/^ {6}/, "    ")},
  ),
} as const;
`;
}

/** The generated files' paths and texts. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const [vdso64, vdso32, clock] = await Promise.all([assembleVdso(64), assembleVdso(32), assembleClock()]);
  const head = (from: string) =>
    `/** Made by scripts/assemble_vdso.ts from ${from}; not to be edited. */\n\n`;
  return new Map([
    [
      `${VDSO}image_bytes.ts`,
      `${head("vdso64.s and vdso32.s")}${constant("VDSO64", vdso64)}\n${constant("VDSO32", vdso32)}`,
    ],
    [`${NTDLL}clock_bytes.ts`, head("clock64.s") + constant("CLOCK64", clock)],
  ]);
}

if (import.meta.main) {
  for (const [path, text] of await generate()) {
    if (!Deno.args.includes("--check")) await Deno.writeTextFile(path, text);
    else if (await Deno.readTextFile(path) !== text) {
      throw new Error(`${path} is stale: run scripts/assemble_vdso.ts`);
    }
  }
}
