/**
 * Assembles loader/x86/gate/gate{64,32}.s with the GNU assembler and writes gate_bytes.ts. With --check it only
 * compares, and fails when the file is stale. To be run after a change of the gates or of the channel.
 */
import { gateSymbols } from "../loader/x86/gate/symbols.ts";
import { threadSlots } from "../ntdll/teb.ts";

const FOLDER = new URL("../loader/x86/gate/", import.meta.url);

interface Gate {
  readonly bytes: Uint8Array;
  /** Offset of the label `halt`. */
  readonly halt: number;
}

export async function assembleGate(bits: 32 | 64): Promise<Gate> {
  const folder = await Deno.makeTempDir();
  try {
    const symbols = Object.entries(gateSymbols(bits, threadSlots(bits)));
    const definitions = symbols.flatMap(([name, value]) => ["--defsym", `${name}=${value}`]);
    await run("as", [
      `--${bits}`,
      `-I${FOLDER.pathname}`,
      ...definitions,
      "-o",
      `${folder}/gate.o`,
      new URL(`gate${bits}.s`, FOLDER).pathname,
    ]);
    await run("objcopy", ["-O", "binary", "-j", ".text", `${folder}/gate.o`, `${folder}/gate.bin`]);
    const labels = await run("nm", [`${folder}/gate.o`]);
    const unknown = [...labels.matchAll(/^ +U (.+)$/gm)].map(([, name]) => name);
    if (unknown.length > 0) throw new Error(`gate${bits}.s names what symbols.ts does not: ${unknown}`);
    const halt = /^([0-9a-f]+) t halt$/m.exec(labels)?.[1];
    if (halt === undefined) throw new Error(`gate${bits}.s has no label "halt"`);
    return { bytes: await Deno.readFile(`${folder}/gate.bin`), halt: parseInt(halt, 16) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(command: string, args: string[]): Promise<string> {
  const options = { args, stdout: "piped", stderr: "piped" } as const;
  const { success, stdout, stderr } = await new Deno.Command(command, options).output();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 48) lines.push(`"${bytes.subarray(at, at + 48).toHex()}"`);
  return "  " + lines.join(" +\n    ");
}

if (import.meta.main) {
  const [gate64, gate32] = await Promise.all([assembleGate(64), assembleGate(32)]);
  const text = `/** Made by scripts/assemble_gates.ts from gate64.s and gate32.s; not to be edited. */

export const GATE64: Uint8Array = Uint8Array.fromHex(
${hexLines(gate64.bytes)},
);

export const GATE32: Uint8Array = Uint8Array.fromHex(
${hexLines(gate32.bytes)},
);

/** Offsets of the entry for a thread whose registers the kernel has. */
export const GATE64_HALT = ${gate64.halt};
export const GATE32_HALT = ${gate32.halt};
`;
  const file = new URL("gate_bytes.ts", FOLDER);
  if (Deno.args.includes("--check")) {
    if (await Deno.readTextFile(file) !== text) {
      throw new Error("gate_bytes.ts is stale: run scripts/assemble_gates.ts");
    }
  } else await Deno.writeTextFile(file, text);
}
