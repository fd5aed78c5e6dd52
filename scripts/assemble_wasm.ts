/**
 * Compiles the loops that are AssemblyScript, *.as.ts, to the *_bytes.ts beside them. Run by hand after a change to
 * them; tests compare. Needs the npm package assemblyscript, which nothing else does.
 */
import { commonVectorRules } from "../loader/x86/vector_common.ts";

const SWEEP = new URL("../loader/x86/sweep_loop/", import.meta.url);
const HASH = new URL("../kernel/exec/content_hash/", import.meta.url);
const SWEEP_SOURCES = [
  "loop.as.ts",
  "plain.as.ts",
  "vector.as.ts",
  "entries.as.ts",
  "groups.as.ts",
  "forms.as.ts",
  "frames.as.ts",
];
const LINE = 100;

/** The text of sweep_loop/loop_bytes.ts. */
export async function assembleSweep(): Promise<string> {
  const { keys, rules } = commonVectorRules();
  return `/** Made by scripts/assemble_wasm.ts, all in base64. */\n\n` +
    `/** ${SWEEP_SOURCES.join(", ")} as a WebAssembly module. */\n` +
    `export const LOOP_BASE64 =\n${literal(await compile(SWEEP, SWEEP_SOURCES, "--importMemory"))};\n\n` +
    `/** The rules of ../vector_common.ts, as little-endian words, and their keys, as half-words. */\n` +
    `export const VECTOR_RULES_BASE64 =\n${literal(rules)};\n\n` +
    `export const VECTOR_KEYS_BASE64 =\n${literal(keys)};\n`;
}

/** The text of content_hash/hash_bytes.ts. */
export async function assembleHash(): Promise<string> {
  return `/** Made by scripts/assemble_wasm.ts: hash.as.ts as a WebAssembly module, in base64. */\n` +
    `export const HASH_BASE64 =\n${literal(await compile(HASH, ["hash.as.ts"], "--initialMemory=1"))};\n`;
}

async function compile(place: URL, sources: readonly string[], memory: string): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir();
  try {
    // Functions are imported from a module of the file's name.
    const plain = (text: string) => text.replaceAll(".as.ts", ".ts");
    for (const source of sources) {
      const text = await Deno.readTextFile(new URL(source, place));
      await Deno.writeTextFile(`${folder}/${plain(source)}`, plain(text));
    }
    const options = `${sources.map(plain).join(" ")} --runtime stub -O3 --noAssert ${memory} -o loop.wasm`;
    const asc = ["run", "-A", "--no-check", "--quiet", "npm:assemblyscript@0.28.20/asc"];
    const args = [...asc, ...options.split(" ")];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: folder }).output();
    if (!success) {
      throw new Error(`Cannot compile ${place.pathname}: ${new TextDecoder().decode(stderr)}`);
    }
    return await Deno.readFile(`${folder}/loop.wasm`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function literal(of: Uint8Array | Uint16Array | Uint32Array): string {
  const bytes = new Uint8Array(of.buffer, of.byteOffset, of.byteLength);
  const lines = bytes.toBase64().match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  return lines.map((line) => `  "${line}"`).join(" +\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("loop_bytes.ts", SWEEP), await assembleSweep());
  await Deno.writeTextFile(new URL("hash_bytes.ts", HASH), await assembleHash());
}
