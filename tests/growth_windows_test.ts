/**
 * A kernel that has run many short processes holds no more of the machine than one that has run some: handles, memory,
 * containers. ATRATUS_STEPS says how many times fork, execve and wait (1,000).
 */
import { canRun } from "./capability.ts";
import { assert, assertEquals } from "../kernel/testing/assert.ts";
import { listProcesses } from "../ntdll/testing/processes.ts";
import { ownUsage, type Usage } from "../ntdll/testing/own_usage.ts";
import { NtClock } from "../ntdll/clock.ts";
import { openHostFiles } from "../ntdll/files/nt_host_files.ts";
import { NtHost } from "../ntdll/nt_host.ts";
import { NtSection } from "../ntdll/section.ts";
import { openWindowsLibraries } from "../ntdll/symbols.ts";
import { ntSystem } from "../ntdll/system.ts";
import { runSelfTest } from "../kernel/selftest/run.ts";

const STEPS = Number(Deno.env.get("ATRATUS_STEPS") ?? 1000);
/** Steps before the first look: caches fill. */
const WARM_UP = Math.min(300, STEPS / 3);
const MIB = 0x10_0000;
/** What a container keeps from one program to the next: memory for its stack and for all else. */
const KEPT_SECTIONS = 2;

for (const program of ["exec", "exec.i386"]) {
  const name = `fork, execve and wait, ${STEPS} times, of ${program}: nothing grows`;
  Deno.test({ name, ignore: !canRun(program) }, async () => {
    const libraries = openWindowsLibraries();
    const looks: (Usage & { readonly sections: number; readonly used: number })[] = [];
    const used = new Set<number>();
    let released = 0, most = 0, sections = 0;
    class Watched extends NtHost {
      override createSection(size: number): ReturnType<NtHost["createSection"]> {
        const section = super.createSection(size);
        if (!(section instanceof NtSection)) return section;
        sections++;
        const dispose = section[Symbol.dispose].bind(section);
        section[Symbol.dispose] = () => {
          sections--;
          dispose();
        };
        return section;
      }
      override releaseContainer(...args: Parameters<NtHost["releaseContainer"]>): void {
        super.releaseContainer(...args);
        used.add(args[0].processId);
        released++;
        if (released === Math.floor(WARM_UP) || released === STEPS) {
          looks.push({ ...ownUsage(), sections, used: used.size });
        }
        if (released % 100 === 0) most = Math.max(most, containers());
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
    const { status, output } = await runSelfTest(machine, "gate", bytes, [String(STEPS)], STEPS * 100);
    assertEquals([status, output], [0, "repeated\n"]);
    const [before, after] = looks;
    assert(before !== undefined && after !== undefined, `${released} containers were released`);
    console.log({ before, after, most });
    assert(after.handles <= before.handles + 5, `${after.handles - before.handles} handles more`);
    const places = (after.nextHandle - before.nextHandle) / 4;
    assert(places < 20, `${places} places in the handle table more`);
    // The spare container is made meanwhile, and may be used only after the first look.
    const more = after.sections - before.sections, joined = after.used - before.used;
    assert(joined <= 1 && more <= joined * KEPT_SECTIONS, `${more} sections more, ${joined} containers`);
    for (const [what, limit] of [["heap", 3], ["workingSet", 48]] as const) {
      const grown = (after[what] - before[what]) / MIB;
      assert(grown < limit, `${grown.toFixed()} MiB of ${what} more`);
    }
    assert(most <= 12, `${most} containers at once`);
  });
}

/** Processes of ours: children of this one. */
function containers(): number {
  return listProcesses().filter(({ parent }) => parent === Deno.pid).length;
}
