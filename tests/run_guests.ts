/** The guest suite: programs of tests/static, tests/guest and tests/dynamic, under each engine, compared with native Linux. */
import { type Build, CASES, ENGINES, type GuestCase } from "./guests.ts";
import { busyboxRuns } from "./busybox/runs.ts";
import { debianRuns } from "./debian/runs.ts";
import { scriptRuns } from "./scripts/runs.ts";
import { compareAll, record, type Tally } from "./compare.ts";
import { onLinux, quoted, type Run } from "./outcome.ts";

const TESTS = new URL("./", import.meta.url);
const FOLDERS = ["static", "guest", "dynamic"];
/** Its programs need the C library of this machine, and may name libraries of ours. */
const DYNAMIC = "dynamic/";
/** Linux's / is Wine's Z:. */
const HOST_ROOT = "Z:/";
const SUFFIXES: ReadonlyMap<Build, string> = new Map([["x86_64", ""], ["i386", ".i386"], ["musl", ".musl"]]);

/** The builds there are of every program, by folder and name. */
function programs(): Map<string, Build[]> {
  const found = new Map<string, Build[]>();
  for (const folder of FOLDERS) {
    const names = new Set([...Deno.readDirSync(new URL(`${folder}/`, TESTS))].map(({ name }) => name));
    for (const twin of [...names].filter((name) => name.endsWith(".i386")).sort()) {
      const name = twin.slice(0, -".i386".length);
      const builds = [...SUFFIXES].filter(([, suffix]) => names.has(name + suffix)).map(([build]) => build);
      found.set(`${folder}/${name}`, builds);
    }
  }
  return found;
}

/** Every case for every build of its program. */
export function guestRuns(): Run[] {
  const built = programs();
  const listed = new Set(CASES.map(({ program }) => program));
  const unlisted = [...built.keys()].filter((program) => !listed.has(program));
  const all: GuestCase[] = [...unlisted.map((program) => ({ program })), ...CASES];
  const cases = all.filter((one) => onLinux || !needsHostRoot(one));
  return cases.flatMap((one) =>
    (one.builds ?? built.get(one.program) ?? []).flatMap((build) => {
      const run = guestRun(one, build);
      return one.program.startsWith(DYNAMIC) ? [run, uncached(run)] : [run];
    })
  );
}

/** The same, rewriting every library anew. */
function uncached(run: Run): Run {
  const name = `${run.name} --no-cache`;
  return { ...run, name, options: [...run.options ?? [], "--no-cache"], engines: ENGINES.slice(0, 1) };
}

function needsHostRoot({ program, hostRoot }: GuestCase): boolean {
  return hostRoot || program.startsWith(DYNAMIC);
}

function guestRun(one: GuestCase, build: Build): Run {
  const file = one.program + SUFFIXES.get(build);
  const base = file.slice(file.lastIndexOf("/") + 1);
  const args = one.args ?? [];
  // What tells two runs of a dynamic program apart.
  const settings = Object.entries(one.env ?? {}).filter(([name]) => name.startsWith("LD_")).map((pair) =>
    pair.join("=")
  );
  const input = one.stdin === undefined ? "" : ` < ${one.stdin.length} bytes`;
  return {
    ...one,
    ...needsHostRoot(one) ? { options: ["--root", HOST_ROOT] } : {},
    name: [...settings, file, ...args].map(quoted).join(" ") + input,
    program: `./${base}`,
    args,
    env: { ...one.env, ...one.libraries ? { LD_LIBRARY_PATH: "." } : {} },
    prepare(folder) {
      Deno.copyFileSync(new URL(file, TESTS), `${folder}/${base}`);
      for (const library of one.libraries ?? []) {
        Deno.copyFileSync(new URL(`dynamic/lib/${build}/${library}`, TESTS), `${folder}/${library}`);
      }
      for (const [name, content] of Object.entries(one.files ?? {})) {
        Deno.writeTextFileSync(`${folder}/${name}`, content);
      }
    },
  };
}

/** Cases whose name contains `filter`. */
export function runGuests(filter = "", engines: readonly string[] = ENGINES): Promise<Tally> {
  return compareAll(guestRuns().filter(({ name }) => name.includes(filter)), engines);
}

/** Jobs of Debian's busybox whose name contains `filter`; one engine will do, there are many. */
export function runBusybox(filter = "", engines: readonly string[] = ENGINES.slice(0, 1)): Promise<Tally> {
  return compareAll(busyboxRuns().filter(({ name }) => name.includes(filter)), engines);
}

/** Scripts of Debian's shells whose name contains `filter`. */
export function runScripts(filter = "", engines: readonly string[] = ENGINES.slice(0, 1)): Promise<Tally> {
  return compareAll(scriptRuns().filter(({ name }) => name.includes(filter)), engines);
}

/** Jobs of Debian's dynamic programs whose name contains `filter`. */
export function runDebian(filter = "", engines: readonly string[] = ENGINES.slice(0, 1)): Promise<Tally> {
  return compareAll(debianRuns().filter(({ name }) => name.includes(filter)), engines);
}

if (import.meta.main) {
  if (Deno.args.includes("--record")) {
    // CI's Linux is not Debian and has no busybox of Debian's.
    await record([
      ...guestRuns(),
      ...Deno.env.has("ATRATUS_SHELLS") ? [...busyboxRuns(), ...scriptRuns()] : [],
    ]);
  } else {
    const { passed, failures } = await runGuests(Deno.args[0]);
    console.log(`${passed} passed, ${failures.length} failed`);
    Deno.exit(failures.length > 0 ? 1 : 0);
  }
}
