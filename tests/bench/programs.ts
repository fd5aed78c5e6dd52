/** The measured programs, compiled where there is a compiler: static, for every ABI it can make. */
import { canRun } from "../capability.ts";
import { type Abi, ABIS, suffix } from "./cases.ts";
import { nativePath } from "./commands.ts";

const HERE = new URL("./", import.meta.url);
const BIN = new URL("bin/", HERE);
/** The project's own copy of ubench.c stands in for the shared one. */
const SHARED_UBENCH = new URL("../../../shared/bench/ubench.c", HERE);

interface Recipe {
  readonly program: string;
  readonly source: URL;
  readonly flags: readonly string[];
}

function recipes(): Recipe[] {
  const own = (name: string) => new URL(name, HERE);
  return [
    { program: "ubench", source: exists(SHARED_UBENCH) ? SHARED_UBENCH : own("ubench.c"), flags: [] },
    { program: "cpu", source: own("cpu.c"), flags: ["-fno-stack-protector"] },
    { program: "cpu_protected", source: own("cpu.c"), flags: ["-fstack-protector-all"] },
    { program: "hw", source: own("hw.c"), flags: [] },
  ];
}

export function programPath(program: string, abi: Abi): string {
  return nativePath(new URL(program + suffix(abi), BIN));
}

/**
 * Compiles what is older than its source, and returns the ABIs that can be measured. Without a compiler, as on
 * Windows, those whose programs were built before. Throws when there are none.
 */
export async function buildPrograms(report: (line: string) => void): Promise<Abi[]> {
  Deno.mkdirSync(BIN, { recursive: true });
  const ready: Abi[] = [];
  for (const abi of ABIS) {
    if (!canRun(suffix(abi))) {
      report(`${abi} is left out: this machine runs no 32-bit programs`);
      continue;
    }
    const problems = await Promise.all(recipes().map((recipe) => build(recipe, abi)));
    const problem = problems.find((text) => text !== undefined);
    if (problem === undefined) ready.push(abi);
    else report(`${abi} is left out: ${problem}`);
  }
  if (ready.length === 0) {
    throw new Error("Cannot measure: there is no program; build them on Linux with gcc");
  }
  return ready;
}

/** What went wrong, if anything. */
async function build({ program, source, flags }: Recipe, abi: Abi): Promise<string | undefined> {
  const out = new URL(program + suffix(abi), BIN);
  if (modified(out) > modified(source)) return undefined;
  const machine = abi === "i386" ? ["-m32"] : [];
  const args = [...machine, "-O2", "-static", ...flags, "-o", nativePath(out), nativePath(source)];
  try {
    const { success, stderr } = await new Deno.Command("gcc", { args, stdin: "null" }).output();
    if (success) return undefined;
    return `gcc ${args.join(" ")}: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return exists(out) ? undefined : "there is no gcc";
  }
}

function exists(path: URL): boolean {
  return modified(path) > 0;
}

/** Milliseconds, 0 when there is no such file. */
function modified(path: URL): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}
