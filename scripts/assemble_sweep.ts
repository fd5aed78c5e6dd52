/**
 * Compiles the loops of the sweep, loader/x86/sweep_loop/*.as.ts, to loader/x86/sweep_loop/loop_bytes.ts. Run by
 * hand after a change to it; a test compares. Needs the npm package assemblyscript, which nothing else does.
 */
import { commonVectorRules } from "../loader/x86/vector_common.ts";

const FOLDER = new URL("../loader/x86/sweep_loop/", import.meta.url);
const BYTES_FILE = new URL("loop_bytes.ts", FOLDER);
const SOURCES = [
  "loop.as.ts",
  "plain.as.ts",
  "vector.as.ts",
  "entries.as.ts",
  "groups.as.ts",
  "forms.as.ts",
  "frames.as.ts",
];
const LINE = 100;

/** The text of loop_bytes.ts. */
export async function assembleSweep(): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    // Functions are imported from a module of the file's name.
    const plain = (text: string) => text.replaceAll(".as.ts", ".ts");
    for (const source of SOURCES) {
      const text = await Deno.readTextFile(new URL(source, FOLDER));
      await Deno.writeTextFile(`${folder}/${plain(source)}`, plain(text));
    }
    const options = `${
      SOURCES.map(plain).join(" ")
    } --runtime stub -O3 --noAssert --importMemory -o loop.wasm`.split(
      " ",
    );
    const args = ["run", "-A", "--no-check", "--quiet", "npm:assemblyscript@0.28.20/asc", ...options];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: folder }).output();
    if (!success) {
      throw new Error(`Cannot compile the loop of the sweep: ${new TextDecoder().decode(stderr)}`);
    }
    const { keys, rules } = commonVectorRules();
    return `/** Made by scripts/assemble_sweep.ts, all in base64. */\n\n` +
      `/** ${SOURCES.join(", ")} as a WebAssembly module. */\n` +
      `export const LOOP_BASE64 =\n${literal(await Deno.readFile(`${folder}/loop.wasm`))};\n\n` +
      `/** The rules of ../vector_common.ts, as little-endian words, and their keys, as half-words. */\n` +
      `export const VECTOR_RULES_BASE64 =\n${literal(rules)};\n\n` +
      `export const VECTOR_KEYS_BASE64 =\n${literal(keys)};\n`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function literal(of: Uint8Array | Uint16Array | Uint32Array): string {
  const bytes = new Uint8Array(of.buffer, of.byteOffset, of.byteLength);
  const lines = bytes.toBase64().match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  return lines.map((line) => `  "${line}"`).join(" +\n");
}

if (import.meta.main) await Deno.writeTextFile(BYTES_FILE, await assembleSweep());
