import { assembleHash, assembleSweep } from "./assemble_wasm.ts";

const MADE = {
  "../loader/x86/sweep_loop/loop_bytes.ts": assembleSweep,
  "../kernel/exec/content_hash/hash_bytes.ts": assembleHash,
};

for (const [path, make] of Object.entries(MADE)) {
  Deno.test(`${path.split("/").at(-1)} is what scripts/assemble_wasm.ts makes`, async () => {
    if (await make() !== await Deno.readTextFile(new URL(path, import.meta.url))) {
      throw new Error("Run scripts/assemble_wasm.ts");
    }
  });
}
