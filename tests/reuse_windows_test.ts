/** A container's next guest could find nothing of the last one: looked at from outside, all of it. */
import { canRun } from "./capability.ts";
import { Leftovers } from "../kernel/mm/leftovers.ts";
import { assert, assertEquals } from "../kernel/testing/assert.ts";
import { runSelfTest } from "../kernel/selftest/run.ts";
import { NtClock } from "../ntdll/clock.ts";
import type { NtContainer } from "../ntdll/container.ts";
import { openHostFiles } from "../ntdll/files/nt_host_files.ts";
import { NtHost } from "../ntdll/nt_host.ts";
import { openWindowsLibraries } from "../ntdll/symbols.ts";
import { ntSystem } from "../ntdll/system.ts";
import { offsets, searchMemory } from "../ntdll/testing/search_memory.ts";

/** Bytes of what tests/static/secret.c hides. */
const PATTERN = { 64: [0xe7, 0xc2, 0x5e, 0xe7, 0xc2, 0x5e], 32: [0x5e, 0xe7, 0xc2, 0x5e] } as const;

for (const program of ["secret", "secret.i386"]) {
  Deno.test({ name: `a container keeps nothing of ${program}`, ignore: !canRun(program) }, async () => {
    const libraries = openWindowsLibraries();
    const found: string[] = [];
    let released = 0;
    class Watched extends NtHost {
      override releaseContainer(container: NtContainer): void {
        super.releaseContainer(container);
        // Each round of the program: one that hides the pattern, and two that come after it.
        if (released++ % 3 === 0) return;
        const pattern = Uint8Array.from(PATTERN[container.bits]);
        for (const at of searchMemory(libraries.nt, container, pattern)) found.push(at.toString(16));
        const { leftovers } = container;
        assert(leftovers instanceof Leftovers, "the container has no leftovers");
        for (const { start, bytes } of leftovers.memory) {
          for (const at of offsets(bytes, pattern)) found.push((start + at).toString(16));
        }
      }
    }
    const host = new Watched(libraries);
    const machine = {
      host,
      files: openHostFiles(host.stretch),
      clock: new NtClock(libraries.nt),
      system: ntSystem(libraries),
    };
    const bytes = Deno.readFileSync(new URL(`static/${program}`, import.meta.url));
    const { status, output } = await runSelfTest(machine, "gate", bytes);
    assertEquals([status, output.includes("FAIL")], [0, false]);
    assertEquals(released >= 8, true);
    assertEquals(found, []);
  });
}
