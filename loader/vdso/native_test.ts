/** The vDSO on this machine's Linux kernel: found as C libraries do, and its time compared with the kernel's. */
import type { Bits } from "../../kernel/host.ts";
import { runs32Bit } from "../../tests/capability.ts";
import { assert, assertEquals } from "../elf/testing/assert.ts";
import { isLinux } from "../elf/testing/native_program.ts";
import { vdsoImage } from "./mod.ts";

const SOURCE = new URL("testing/check_vdso.c", import.meta.url).pathname;

function build(program: string, bits: Bits): boolean {
  const args = [`-m${bits}`, "-O2", "-w", "-pthread", "-o", program, SOURCE];
  try {
    return new Deno.Command("gcc", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

for (const bits of [64, 32] as const) {
  Deno.test({
    name: `the ${bits}-bit vDSO tells the kernel's time, and never goes back`,
    ignore: !isLinux || bits === 32 && !runs32Bit(),
    fn() {
      const folder = Deno.makeTempDirSync();
      try {
        if (!build(`${folder}/check`, bits)) return;
        Deno.writeFileSync(`${folder}/image`, vdsoImage(bits).bytes);
        const command = new Deno.Command(`${folder}/check`, { args: [`${folder}/image`] });
        const { code, signal, stdout } = command.outputSync();
        const text = new TextDecoder().decode(stdout);
        const lines = text.trim().split("\n").filter((line) => !line.startsWith("cost "));
        assertEquals(lines, [], "what is wrong");
        assertEquals([code, signal], [0, null]);
        const [, ours, native] = /^cost (\S+) (\S+)$/m.exec(text) ?? [];
        assert(Number(ours) < 3 * Number(native), `${ours} ns for Linux's ${native} ns`);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}
