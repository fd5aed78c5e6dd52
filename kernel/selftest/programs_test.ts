import { bytesSource, LoadError, readElf } from "../../loader/elf/mod.ts";
import { runs32Bit } from "../../tests/capability.ts";
import type { Bits } from "../host.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { helloProgram, helloText, threadPointerProgram } from "./programs.ts";

const BITS: readonly Bits[] = [64, 32];

Deno.test("helloProgram() is a static program at the address where linkers put them", () => {
  for (const bits of BITS) {
    const image = readElf(bytesSource(helloProgram(bits)));
    if (image instanceof LoadError) throw new Error(image.reason);
    assertEquals([image.bits, image.type, image.interpreter], [bits, "exec", undefined]);
    assertEquals(image.lowest, bits === 64 ? 0x40_0000 : 0x0804_8000);
    assertEquals(image.executableStack, false);
  }
});

/** Runs it on this machine's own kernel. */
function run(program: Uint8Array): { code: number; stdout: string } {
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(file, program);
    Deno.chmodSync(file, 0o700);
    const { code, stdout } = new Deno.Command(file).outputSync();
    return { code, stdout: new TextDecoder().decode(stdout) };
  } finally {
    Deno.removeSync(file);
  }
}

for (const bits of BITS) {
  Deno.test({
    name: `the ${bits}-bit self-test's programs do on Linux what they are for`,
    ignore: Deno.build.os !== "linux" || bits === 32 && !runs32Bit(),
    fn() {
      assertEquals(run(helloProgram(bits)), { code: 0, stdout: helloText(bits) });
      assertEquals(run(helloProgram(bits, 1000)), { code: 0, stdout: helloText(bits).repeat(2) });
      assertEquals(run(threadPointerProgram(bits, 3)), { code: 0, stdout: "" });
    },
  });
}

Deno.test("threadPointerProgram() fits its pages", () => {
  for (const bits of BITS) assert(threadPointerProgram(bits, 1).length < 2 * 4096);
});
